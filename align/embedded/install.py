"""Make the virtual environment and install what is locked, hashes checked.

Runs with the system's Python, before anything is installed: ``install.py FILE …``.
uv does in seconds what takes pip a minute; pip remains for where uv cannot be had or cannot
reach the index (it does not read pip's configuration of a mirror).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NO_VENV = "This Python cannot make virtual environments: install its venv package (python3-venv)."


def main(files: list[str]) -> int:
    """Install the locked files; return the exit code."""
    if sys.version_info < (3, 11):
        return _fail(f"Align needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    wants_uv = os.environ.get("ALIGN_INSTALLER", "uv") == "uv"
    uv = shutil.which("uv") if wants_uv else None
    if not _works(PYTHON) and not _make_venv(with_pip=uv is None):
        return _fail(NO_VENV)
    if wants_uv and (uv or _get_uv()) and _with_uv(uv or str(VENV / "bin" / "uv"), files):
        return 0
    if not _works(PYTHON, "-m", "pip") and not _quiet(PYTHON, "-m", "ensurepip"):
        return _fail(NO_VENV)
    if _run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *_options(files)):
        return 0
    return _fail("The packages could not be installed; the lines above say why.")


def _make_venv(*, with_pip: bool) -> bool:
    print("making .venv", flush=True)
    without = [] if with_pip else ["--without-pip"]
    return _run(sys.executable, "-m", "venv", "--clear", *without, VENV)


def _get_uv() -> bool:
    if (VENV / "bin" / "uv").exists():
        return True
    options = _options(["requirements-uv.txt"])
    return _quiet(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *options)


def _with_uv(uv: str, files: list[str]) -> bool:
    print(f"installing {', '.join(files)} with uv", flush=True)
    environment = {"UV_HTTP_RETRIES": "1", **os.environ}
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes"]
    if _run(*command, *_options(files), environment=environment):
        return True
    print("uv could not; trying pip", flush=True)
    return False


def _options(files: list[str]) -> list[str]:
    return [word for name in files for word in ("-r", str(ROOT / name))]


def _works(*command: str | Path) -> bool:
    return _quiet(*command, "--version")


def _quiet(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _run(*command: str | Path, environment: dict[str, str] | None = None) -> bool:
    try:
        return subprocess.run(command, cwd=ROOT, env=environment).returncode == 0
    except OSError:
        return False


def _fail(sentence: str) -> int:
    print(f"align: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
