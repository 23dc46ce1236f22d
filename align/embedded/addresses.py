"""Where the embedded stores of a folder listen: a pure function of the folder."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

LONGEST_SOCKET_PATH = 90


@dataclass(frozen=True)
class Stores:
    """The folder with the data, the folder with the sockets, and the addresses they give."""

    folder: Path
    sockets: Path

    @property
    def database_url(self) -> str:
        return f"postgres://align@{quote(str(self.sockets), safe='')}:5432/align"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.valkey_socket}"


def of(folder: Path) -> Stores:
    """Return the addresses for a data folder. Nothing is made or opened."""
    sockets = folder / "s"
    if len(str(sockets)) > LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        sockets = Path(tempfile.gettempdir()) / f"align-{os.getuid()}-{digest}"
    return Stores(folder=folder, sockets=sockets)


def broker_url(redis_url: str) -> str:
    """Return Celery's spelling of a Redis address (``redis+socket://`` for a socket)."""
    if redis_url.startswith("unix://"):
        return "redis+socket://" + redis_url.removeprefix("unix://")
    return redis_url


def cache_url(redis_url: str) -> str:
    """Return the address of database 1 beside the broker's, for Django's cache."""
    if redis_url.startswith("unix://"):
        return redis_url + "?db=1"
    parts = urlsplit(redis_url)
    return urlunsplit(parts._replace(path="/1"))


def socket_folder(database_url: str) -> str:
    """Return the folder when the address names one (``postgres://align@%2Ftmp%2Fx:5432/align``).

    URL parsers lower-case host names, and folders have capitals: the host is cut out by hand.
    """
    host = urlsplit(database_url).netloc.rpartition("@")[2].rpartition(":")
    folder = unquote(host[0] or host[2])
    return folder if folder.startswith("/") else ""
