"""Child processes in their own process groups, which do not outlive the one who started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534

# Loaded before any fork: between fork and exec nothing may be imported.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def can_leave_root() -> bool:
    """Say whether the kernel lets us make a user namespace (some containers forbid it)."""
    if _libc is None:
        return False
    pid = os.fork()
    if pid == 0:
        os._exit(0 if _libc.unshare(CLONE_NEWUSER) == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0


def preparation(*, death_signal: int, leave_root: str = "") -> Callable[[], None]:
    """Return what a child does between fork and exec.

    ``leave_root`` is ``namespace`` (no longer uid 0 in there, the files stay ours), ``nobody``
    (the uid 65534) or empty. Changing credentials clears the death signal, so that comes last.
    """
    parent = os.getpid()

    def prepare() -> None:
        if leave_root == "namespace" and _libc is not None:
            _libc.unshare(CLONE_NEWUSER)
        elif leave_root == "nobody":
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:  # it died while we were being made
                os._exit(1)

    return prepare


def start(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    folder: Path,
    output: int | IO[bytes],
    death_signal: int = signal.SIGTERM,
    leave_root: str = "",
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own. To be called from the main thread only:
    the kernel sends the death signal when the thread that forked is gone."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=dict(environment),
        process_group=0,
        preexec_fn=preparation(death_signal=death_signal, leave_root=leave_root),
    )


def stop(
    children: Sequence[subprocess.Popen[bytes]], *, signal_number: int, patience: float
) -> None:
    """Ask the children to stop, wait together, then kill what is left of their groups."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal_number)
    until = time.monotonic() + patience
    for child in children:
        try:
            child.wait(timeout=max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        kill_group(child)


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it started and left behind."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    child.wait()


def born(pid: int) -> str:
    """Return when the process started, in the kernel's ticks; empty when there is none.

    Number and birth together name a process: a number alone may have been given out again.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "" if sys.platform == "linux" or not _exists(pid) else "unknown"
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state == "Z" else rest[18]


def is_running(pid: int, *, program: str) -> bool:
    """Say whether ``pid`` lives and is that program."""
    if not _exists(pid):
        return False
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return sys.platform != "linux"
    return program in Path(os.fsdecode(words[0])).name


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
