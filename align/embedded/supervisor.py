"""The foreground tree of ``make run``: stores, migrations, web, worker and beat."""

import contextlib
import hashlib
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import FrameType

from align.embedded import addresses, commands, environment, processes, readiness, stores
from align.embedded.output import relay, say
from align.embedded.trouble import Trouble

HOST = "127.0.0.1"
READY_PATIENCE = 120.0
STOP_PATIENCE = 10.0
TRUE = {"true", "on", "ok", "y", "yes", "1"}  # what django-environ takes for true
SIGN_INS = """\
  lena@example.com   strategy lead
  tom@example.com    trainer
  mia@example.com    manager
  rosa@example.com   sales representative
  ada@example.com    admin
  password: align-demo"""


def run(*, root: Path, given: Mapping[str, str]) -> int:
    """Run the whole installation until a signal (0) or until a part of it ends (1)."""
    folder = root / ".align" / "run"
    port = port_of(given)
    url = f"http://localhost:{port}"
    lock = stores.Lock(folder, url=url)
    roster = stores.Roster(folder)
    roster.wait_for_leftovers()
    refuse_taken(port)
    with _stopping_on_signals() as stop:
        tree = Tree(root=root, folder=folder, port=port, roster=roster, stop=stop)
        try:
            code = tree.run(given)
        except KeyboardInterrupt:
            code = 0
        finally:
            tree.stop_all()
            roster.clear()
            lock.release()
    return code


def execute(*, root: Path, given: Mapping[str, str], command: list[str]) -> int:
    """Run one command with the stores of the running copy, or with stores of its own."""
    folder = root / ".align" / "run"
    try:
        lock = stores.Lock(folder)
    except stores.Taken as taken:
        where = addresses.of(folder)
        stores.wait_for_copy(where, given)
        given = {"ALIGN_URL": taken.url, **given} if taken.url else given
        return _foreground(root, folder, stores.urls(where, given), given, command)
    roster = stores.Roster(folder)
    roster.wait_for_leftovers()
    with _stopping_on_signals():
        running = stores.start(folder=folder, environment=given, roster=roster)
        try:
            return _foreground(root, folder, running.environment, given, command)
        finally:
            running.stop()
            roster.clear()
            lock.release()


def port_of(given: Mapping[str, str]) -> int:
    """Return PORT, or 8000."""
    text = given.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Trouble(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def refuse_taken(port: int) -> None:
    """Say so now, in one sentence, rather than later in the server's words."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((HOST, port))
        except PermissionError:
            raise Trouble(
                f"Port {port} needs root; choose one above 1023, for example `make run PORT=8001`."
            ) from None
        except OSError:
            raise Trouble(
                f"Port {port} is taken by another program; choose another, for example "
                f"`make run PORT={port + 1 if port < 65535 else 8001}`."
            ) from None


class Tree:
    """The children of one run, in the order in which they were started."""

    def __init__(
        self,
        *,
        root: Path,
        folder: Path,
        port: int,
        roster: stores.Roster,
        stop: threading.Event,
    ) -> None:
        self._root = root
        self._folder = folder
        self._port = port
        self._roster = roster
        self._stop = stop
        self._stores = stores.Running(environment={})
        self._environment: dict[str, str] = {}
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, given: Mapping[str, str]) -> int:
        say("starting PostgreSQL and Valkey")
        self._stores = stores.start(
            folder=self._folder, environment=given, roster=self._roster, stopped=self._stop.is_set
        )
        self._environment = environment.of(
            root=self._root,
            folder=self._folder,
            urls=self._stores.environment,
            port=self._port,
            given=given,
        )
        if not self._prepare():
            return 0 if self._stop.is_set() else 1
        self._start("web", commands.web(host=HOST, port=self._port))
        self._start("worker", commands.worker(pool="threads"))
        self._start("beat", commands.beat())
        if self._wait_until_ready():
            self._greet(example=given.get("ALIGN_EXAMPLE", "True").lower() in TRUE)
        return self._watch()

    def stop_all(self) -> None:
        """Stop everything, the stores last, and leave nothing behind."""
        if self._children or self._stores.stores:
            say("stopping")
        processes.stop(
            list(self._children.values()), signal_number=signal.SIGTERM, patience=STOP_PATIENCE
        )
        self._stores.stop()

    def _start(self, name: str, command: commands.Command) -> subprocess.Popen[bytes]:
        child = processes.start(
            command.argv,
            environment=self._environment | command.environment,
            folder=self._root,
            output=subprocess.PIPE,
        )
        self._roster.add(name, child)
        self._children[name] = child
        relay(child, name=name)
        return child

    def _prepare(self) -> bool:
        """Migrate and load the example, unless this database has seen this very code."""
        stamp = Stamp(root=self._root, folder=self._folder)
        ours = any(store.name == "postgres" for store in self._stores.stores)
        if ours and stamp.holds():
            return True
        say("preparing the database; the first time this loads the example company")
        child = self._start("prepare", commands.prepare())
        while child.poll() is None and not self._stop.wait(0.05):
            self._check_stores()
        if child.poll() is None or child.returncode != 0:
            return False
        del self._children["prepare"]
        stamp.write()
        return True

    def _wait_until_ready(self) -> bool:
        until = time.monotonic() + READY_PATIENCE
        missing: dict[str, str] = {}
        while time.monotonic() < until and not self._stop.wait(0.1):
            if self._dead():
                return False
            missing = readiness.missing(host=HOST, port=self._port)
            if not missing:
                return True
        if not self._stop.is_set():
            reasons = ", ".join(f"{name} {reason}" for name, reason in missing.items())
            say(f"not ready after {READY_PATIENCE:.0f} seconds: {reasons}")
        return False

    def _greet(self, *, example: bool) -> None:
        sign_ins = f"{SIGN_INS}\n\n" if example else ""
        say(f"\nAlign is ready: http://localhost:{self._port}\n\n{sign_ins}Ctrl-C stops it.\n")

    def _watch(self) -> int:
        while not self._stop.wait(0.2):
            if dead := self._dead():
                say(f"{dead} ended; stopping the rest")
                return 1
        return 0

    def _check_stores(self) -> None:
        for store in self._stores.stores:
            if store.process.poll() is not None:
                raise Trouble(f"{store.name} ended while the database was being prepared.")

    def _dead(self) -> str:
        """Return the name of a part that is no longer there."""
        for store in self._stores.stores:
            if store.process.poll() is not None:
                return store.name
        for name, child in self._children.items():
            if child.poll() is not None:
                return f"{name} (exit code {child.returncode})"
        return ""


class Stamp:
    """Remembers which code prepared which cluster of ours: the second start is quick."""

    def __init__(self, *, root: Path, folder: Path) -> None:
        self._path = folder / "prepared"
        self._wanted = self._digest(root, folder)

    def holds(self) -> bool:
        try:
            return self._path.read_text() == self._wanted
        except OSError:
            return False

    def write(self) -> None:
        aside = self._path.with_suffix(".new")
        aside.write_text(self._wanted)
        aside.rename(self._path)

    @staticmethod
    def _digest(root: Path, folder: Path) -> str:
        digest = hashlib.sha256()
        # A data folder that was removed and made again is another database.
        for data in sorted(path for path in folder.glob("pg*") if path.suffix == ""):
            digest.update(f"{data.name} {data.stat().st_ino}".encode())
        files = [*root.glob("*/migrations/*.py"), *root.glob("*/*/migrations/*.py")]
        for path in sorted([*files, root / "requirements.txt"]):
            digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
        return digest.hexdigest()


def ask(*, part: str, place: str) -> int:
    """Say whether one part of the installation at HOST:PORT is there: 0, or 1 with the reason."""
    if part not in readiness.PARTS:
        raise Trouble(f"There is no part {part!r}; ask for {', '.join(readiness.PARTS)}.")
    host, _, port = place.partition(":")
    lacking = readiness.missing(host=host, port=port_of({"PORT": port}))
    for name in (part, "web"):
        if name in lacking:
            raise Trouble(f"{name}: {lacking[name]}")
    return 0


@contextlib.contextmanager
def _stopping_on_signals() -> Iterator[threading.Event]:
    """Turn the signals that mean "stop" into an event. A handler does nothing else."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _foreground(
    root: Path,
    folder: Path,
    urls: Mapping[str, str],
    given: Mapping[str, str],
    command: list[str],
) -> int:
    """Run the command on our terminal; Ctrl-C is for the command."""
    child_environment = environment.of(
        root=root, folder=folder, urls=urls, port=port_of(given), given=given
    )
    try:
        child = subprocess.Popen(command, env=child_environment)
    except OSError as failure:
        raise Trouble(f"{command[0]} cannot be started: {failure.strerror}.") from failure

    def forward(number: int, frame: FrameType | None) -> None:
        child.send_signal(number)

    # Ctrl-C reaches the command by itself: it is in the terminal's foreground, as we are.
    for number, handler in (
        (signal.SIGINT, signal.SIG_IGN),
        (signal.SIGTERM, forward),
        (signal.SIGHUP, forward),
    ):
        signal.signal(number, handler)
    code = child.wait()
    return code if code >= 0 else 128 - code
