"""Where the files of the shell are, for the tests that walk them."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = ROOT / "templates"
CODE = ("align", "strategy", "training", "feedback")


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def own_static() -> list[Path]:
    """What we wrote ourselves: everything that is not vendored."""
    return sorted(
        path for path in STATIC.rglob("*") if path.is_file() and VENDOR not in path.parents
    )


def code() -> list[Path]:
    return sorted(path for app in CODE for path in (ROOT / app).rglob("*.py"))


def lock() -> list[dict[str, Any]]:
    locked: list[dict[str, Any]] = json.loads((VENDOR / "vendor.lock.json").read_text())
    return locked


def weight(paths: Iterable[Path]) -> int:
    """Return how many bytes these files are on the wire."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
