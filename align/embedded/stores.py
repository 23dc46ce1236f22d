"""Start and stop the PostgreSQL and the Valkey of a folder."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from align.embedded import addresses, binaries, processes
from align.embedded.trouble import Trouble

PATIENCE = 60.0  # seconds a store may take to answer; recovery after a crash is part of it
LEFTOVER_PATIENCE = 20.0  # seconds the children of a killed run get to end by themselves
STOP_PATIENCE = 10.0

RUN_SETTINGS = ("shared_buffers=64MB", "max_connections=60")
# The tests' data may be lost at any time, and then it is made again.
TEST_SETTINGS = (
    "shared_buffers=128MB",
    "max_connections=100",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


class Taken(Trouble):
    """Another copy holds the folder; ``url`` is where it serves, if it serves at all."""

    def __init__(self, url: str) -> None:
        self.url = url
        where = f" at {url}" if url else ""
        super().__init__(f"Align already runs from this folder{where}; stop that copy first.")


class Lock:
    """One copy per folder. The kernel lets go of it when the holder dies, however it dies."""

    def __init__(self, folder: Path, *, url: str = "") -> None:
        _make_private(folder)
        self._file = (folder / "lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read().strip()
            self._file.close()
            raise Taken(holder) from None
        self._file.truncate(0)
        self._file.write(url)
        self._file.flush()

    def release(self) -> None:
        self._file.close()


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} is not writable")
    except OSError as failure:
        raise Trouble(
            f"Align cannot write to {folder}: it belongs to another user. "
            "Start Align as that user, or remove the folder."
        ) from failure


class Roster:
    """The children of this run, on disk, so that the next run can wait for the last of them."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "children"

    def add(self, name: str, child: subprocess.Popen[bytes]) -> None:
        with self._path.open("a") as file:
            file.write(f"{child.pid} {processes.born(child.pid)} {name}\n")

    def clear(self) -> None:
        self._path.unlink(missing_ok=True)

    def wait_for_leftovers(self) -> None:
        """Wait for the children of a run that was killed. They end by themselves."""
        until = time.monotonic() + LEFTOVER_PATIENCE
        while alive := [pid for pid, born in self._read() if processes.born(pid) == born]:
            if time.monotonic() > until:
                numbers = ", ".join(str(pid) for pid in alive)
                raise Trouble(f"Processes of a former run are still there ({numbers}); end them.")
            time.sleep(0.1)
        self.clear()

    def _read(self) -> list[tuple[int, str]]:
        try:
            rows = [line.split() for line in self._path.read_text().splitlines()]
        except FileNotFoundError:
            return []
        return [(int(row[0]), row[1]) for row in rows if len(row) == 3]


@dataclass
class Store:
    """A running server: the process, and how it is asked to stop."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: int

    def stop(self) -> None:
        processes.stop([self.process], signal_number=self.stop_signal, patience=STOP_PATIENCE)


@dataclass
class Running:
    """The stores of a folder while they run, and the addresses for whoever needs them."""

    environment: dict[str, str]
    stores: list[Store] = field(default_factory=list)

    def stop(self) -> None:
        for store in reversed(self.stores):
            store.stop()


def start(
    *,
    folder: Path,
    environment: Mapping[str, str],
    roster: Roster,
    settings: tuple[str, ...] = RUN_SETTINGS,
    stopped: Callable[[], bool] = lambda: False,
) -> Running:
    """Start the stores the environment does not name. The caller holds the folder's lock."""
    where = addresses.of(folder)
    running = Running(environment=urls(where, environment))
    try:
        if not environment.get("DATABASE_URL"):
            _sockets(where.sockets)
            running.stores.append(_Postgres(where, settings, roster).start(stopped))
        if not environment.get("REDIS_URL"):
            _sockets(where.sockets)
            running.stores.append(_start_valkey(where, roster, stopped))
    except BaseException:
        running.stop()
        raise
    return running


def urls(where: addresses.Stores, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses of both stores, those of the environment first."""
    return {
        "DATABASE_URL": environment.get("DATABASE_URL") or where.database_url,
        "REDIS_URL": environment.get("REDIS_URL") or where.redis_url,
    }


def wait_for_copy(where: addresses.Stores, environment: Mapping[str, str]) -> None:
    """Wait until the stores of a copy that is starting answer."""
    if not environment.get("DATABASE_URL"):
        _wait(lambda: any(_is_ready(data) for data in where.folder.glob("pg*")), "PostgreSQL")
    if not environment.get("REDIS_URL"):
        _wait(lambda: _answers(where.valkey_socket), "Valkey")


def _wait(ready: Callable[[], bool], name: str) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until:
            raise Trouble(f"The {name} of the running copy does not answer.")
        time.sleep(0.1)


def _sockets(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The folder may be in the shared temporary directory: nobody else may have put it there.
    found = folder.lstat()
    if not folder.is_dir() or folder.is_symlink() or found.st_uid not in {os.getuid(), _NOBODY}:
        raise Trouble(f"{folder} belongs to somebody else; remove it.")
    folder.chmod(0o700)


_NOBODY = processes.NOBODY if os.getuid() == 0 else os.getuid()


class _Postgres:
    def __init__(self, where: addresses.Stores, settings: tuple[str, ...], roster: Roster) -> None:
        self._where = where
        self._settings = settings
        self._roster = roster
        self._binaries = binaries.postgres()
        self._data = where.folder / f"pg{self._binaries.major}"
        self._log = where.folder / "postgres.log"
        self._leave_root = self._way_out_of_root()

    def start(self, stopped: Callable[[], bool]) -> Store:
        """Start the server and wait until it takes connections."""
        if not self._data.exists():
            self._make_cluster()
        self._give(self._data, self._where.sockets)
        self._drop_foreign_lock()
        until = time.monotonic() + PATIENCE
        while True:
            child = self._spawn()
            if self._wait(child, until, stopped):
                return Store("postgres", child, signal.SIGINT)
            text = _tail(self._log)
            # The backends of a killed server hold its memory for a moment longer.
            if "pre-existing shared memory block" not in text or time.monotonic() > until:
                raise Trouble(f"PostgreSQL did not start; {self._log} ends with:\n{text}")
            time.sleep(0.2)

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = (
            "listen_addresses=",
            f"unix_socket_directories={self._where.sockets}",
            "unix_socket_permissions=0700",
            *self._settings,
        )
        command: list[str | Path] = [self._binaries.server, "-D", self._data]
        for option in options:
            command += ["-c", option]
        with self._log.open("wb") as log:
            child = processes.start(
                command,
                environment=os.environ,
                folder=Path("/"),
                output=log.fileno(),
                death_signal=signal.SIGINT,
                leave_root=self._leave_root,
            )
        self._roster.add("postgres", child)
        return child

    def _wait(
        self, child: subprocess.Popen[bytes], until: float, stopped: Callable[[], bool]
    ) -> bool:
        while not _is_ready(self._data, pid=child.pid):
            if child.poll() is not None:
                return False
            if time.monotonic() > until or stopped():
                processes.stop([child], signal_number=signal.SIGINT, patience=STOP_PATIENCE)
                if stopped():
                    raise KeyboardInterrupt
                return False
            time.sleep(0.02)
        return True

    def _make_cluster(self) -> None:
        """Make the cluster aside and rename it: initdb killed half-way leaves nothing behind.

        Each attempt has a folder of its own, since an initdb that is dying clears up after itself.
        """
        for remains in self._where.folder.glob(f"{self._data.name}.new-*"):
            shutil.rmtree(remains, ignore_errors=True)
        aside = Path(tempfile.mkdtemp(prefix=f"{self._data.name}.new-", dir=self._where.folder))
        self._give(aside)
        self._run(
            [
                self._binaries.initdb,
                "-D",
                aside,
                "--username=align",
                "--auth-local=trust",
                "--auth-host=reject",
                "--encoding=UTF8",
                *self._locale(),
                *(["--no-sync"] if "fsync=off" in self._settings else []),
            ]
        )
        self._run(
            [self._binaries.server, "--single", "-D", aside, "template1"],
            text="CREATE DATABASE align\n",
        )
        aside.rename(self._data)

    def _locale(self) -> list[str]:
        if self._binaries.major >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _run(self, command: list[str | Path], *, text: str = "") -> None:
        done = subprocess.run(
            [str(part) for part in command],
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            preexec_fn=processes.preparation(
                death_signal=signal.SIGTERM, leave_root=self._leave_root
            ),
        )
        if done.returncode:
            raise Trouble(f"{Path(command[0]).name} failed:\n{done.stdout.strip()}")

    def _way_out_of_root(self) -> str:
        """Choose how the server gets away from uid 0, as which it refuses to run."""
        if os.getuid() != 0:
            return ""
        once_nobodys = self._data.exists() and self._data.stat().st_uid == processes.NOBODY
        if not once_nobodys and processes.can_leave_root():
            return "namespace"
        for place in (self._where.folder, self._where.sockets.parent, self._binaries.folder):
            if not open_to_others(place):
                raise Trouble(
                    "PostgreSQL does not run as root, and here it cannot run as another user "
                    f"either, because only root may enter {place}. Start Align as an ordinary "
                    "user, or set DATABASE_URL."
                )
        return "nobody"

    def _give(self, *folders: Path) -> None:
        """Hand the folders over where the server runs as another user."""
        if self._leave_root != "nobody":
            return
        for folder in folders:
            if folder.stat().st_uid != processes.NOBODY:
                for path in (folder, *folder.rglob("*")):
                    os.chown(path, processes.NOBODY, processes.NOBODY, follow_symlinks=False)

    def _drop_foreign_lock(self) -> None:
        """Remove a lock file whose process number now belongs to another program.

        PostgreSQL would wait for that program. Any other lock file it judges better than we do.
        """
        for path in (
            self._data / "postmaster.pid",
            self._where.sockets / ".s.PGSQL.5432.lock",
        ):
            try:
                pid = int(path.read_text().split("\n", 1)[0])
            except (FileNotFoundError, ValueError):
                continue
            if processes.born(pid) and not processes.is_running(pid, program="postgres"):
                path.unlink(missing_ok=True)


def _is_ready(data: Path, *, pid: int | None = None) -> bool:
    """Read the server's own word: the eighth line of its lock file."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    if len(lines) < 8 or lines[7].strip() != "ready":
        return False
    return pid is None or lines[0].strip() == str(pid)


def open_to_others(folder: Path) -> bool:
    """Say whether every user may enter the folder and all above it."""
    path = folder.resolve()
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents) if step.exists())


def _start_valkey(where: addresses.Stores, roster: Roster, stopped: Callable[[], bool]) -> Store:
    data = where.folder / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    log = where.folder / "valkey.log"
    command: list[str | Path] = [binaries.valkey()]
    for name, value in (
        ("port", "0"),
        ("unixsocket", str(where.valkey_socket)),
        ("unixsocketperm", "700"),
        ("dir", str(data)),
        ("appendonly", "yes"),
        ("appendfsync", "everysec"),
        ("save", ""),
        ("maxmemory-policy", "noeviction"),
    ):
        command += [f"--{name}", value]
    with log.open("wb") as output:
        child = processes.start(
            command, environment=os.environ, folder=data, output=output.fileno()
        )
    roster.add("valkey", child)
    until = time.monotonic() + PATIENCE
    while not _answers(where.valkey_socket):
        if child.poll() is not None or time.monotonic() > until or stopped():
            processes.stop([child], signal_number=signal.SIGTERM, patience=STOP_PATIENCE)
            if stopped():
                raise KeyboardInterrupt
            raise Trouble(f"Valkey did not start; {log} ends with:\n{_tail(log)}")
        time.sleep(0.02)
    return Store("valkey", child, signal.SIGTERM)


def _answers(path: Path) -> bool:
    """Ask Valkey for its pulse. While it reads its log it answers LOADING."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _tail(path: Path) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-8:])
    except OSError:
        return ""
