"""A copy of the checkout that a test may start, kill and start again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from align.embedded import addresses, readiness

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("align", "strategy", "training", "feedback", "static", "templates", "tests")
PATIENCE = 240.0


@dataclass
class Installation:
    """One copy: where it is, the port it serves, and the running tree, if it runs."""

    root: Path
    port: int
    given: dict[str, str] = field(default_factory=dict)
    tree: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def folder(self) -> Path:
        return self.root / ".align" / "run"

    @property
    def log(self) -> Path:
        return self.root / "output.log"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {"HOME", "LANG", "PATH", "TMPDIR"}
        given = {name: value for name, value in os.environ.items() if name in kept}
        ours = {"PORT": str(self.port), "ALIGN_EXAMPLE": "False"}
        return {**given, **ours, **self.given, **more}

    def start(self, **more: str) -> None:
        """Start the tree and wait until it says that it is ready."""
        self.log.write_bytes(b"")
        with self.log.open("ab") as log:
            self.tree = subprocess.Popen(
                [sys.executable, "-m", "align.embedded", "run"],
                cwd=self.root,
                env=self.environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while "Align is ready" not in self.output():
            assert self.tree.poll() is None, self.output()
            assert time.monotonic() < until, self.output()
            time.sleep(0.05)

    def stop(self) -> int:
        """Stop the tree as Ctrl-C does; return its exit code."""
        assert self.tree is not None
        self.tree.send_signal(signal.SIGINT)
        return self.tree.wait(timeout=30)

    def end(self) -> int:
        """Wait for the tree to end by itself; return its exit code."""
        assert self.tree is not None
        return self.tree.wait(timeout=30)

    def kill(self, name: str) -> None:
        """Kill one part with a signal it cannot see."""
        assert self.tree is not None
        assert self.tree.poll() is None, self.output()
        os.kill(self.children()[name], signal.SIGKILL)

    def children(self) -> dict[str, int]:
        """Return the process numbers by name."""
        rows = [row.split() for row in (self.folder / "children").read_text().splitlines()]
        return {name: int(pid) for pid, _, name in rows}

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def missing(self) -> dict[str, str]:
        return readiness.missing(host="localhost", port=self.port)

    def call(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run ``python -m align.embedded`` with these words to its end."""
        return subprocess.run(
            [sys.executable, "-m", "align.embedded", *words],
            cwd=self.root,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            timeout=60,
        )

    def python(self, text: str) -> str:
        """Run lines of Python in this installation, Django ready; return what they print."""
        done = self.call("exec", "python", "manage.py", "shell", "--no-imports", "-c", text)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def remove(self) -> None:
        if self.tree is not None and self.tree.poll() is None:
            self.tree.terminate()
            self.tree.wait(timeout=30)
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(addresses.of(self.folder).sockets, ignore_errors=True)


def copy() -> Installation:
    """Copy the checkout; the virtual environment is shared."""
    root = Path(tempfile.mkdtemp(prefix="align-copy-")).resolve()
    for name in PARTS:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "requirements.txt"):
        shutil.copy(ROOT / name, root / name)
    (root / ".venv").symlink_to(Path(sys.prefix))
    return Installation(root=root, port=free_port())


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
