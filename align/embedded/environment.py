"""The environment of the children: everything the settings ask for in the embedded mode."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

QUIET = (
    # Celery about root, which is what a person is in a fresh container.
    "ignore:You're running the worker with superuser privileges,"
    # WhiteNoise about collected files: here it takes them from where they are.
    "ignore:No directory at"
)


def of(
    *, root: Path, folder: Path, urls: Mapping[str, str], port: int, given: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment for every command of this installation."""
    environment = dict(given) | {
        "ALIGN_MODE": "embedded",
        "ALIGN_URL": given.get("ALIGN_URL") or f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "align.settings",
        "PATH": f"{root / '.venv' / 'bin'}{os.pathsep}{given.get('PATH', os.defpath)}",
        "PYTHONPATH": str(root),
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": given.get("SECRET_KEY") or secret_key(folder),
        **urls,
    }
    environment.setdefault("PYTHONWARNINGS", QUIET)
    # Compiled files make the next start seconds faster.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def secret_key(folder: Path) -> str:
    """Return the folder's own key, made at the first call and readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        aside = path.with_suffix(".new")
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        aside.rename(path)
    return path.read_text()
