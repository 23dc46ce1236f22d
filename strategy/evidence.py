"""What a concern rests on: reports from the field, files, and counts of visits.

Reports live in an app above; it registers how to look them up, as one person may see them.
"""

import codecs
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from align.people.models import User

FILE_AT_MOST = 10 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Link:
    label: str
    url: str


Lookup = Callable[[User, Sequence[UUID]], Mapping[UUID, Link]]
_lookups: list[Lookup] = []


def register_reports(lookup: Lookup) -> None:
    """Say how reports are found. ``lookup`` returns only those the person may read."""
    _lookups[:] = [lookup]


def reports(user: User, refs: Sequence[UUID]) -> Mapping[UUID, Link]:
    """Return the reports of these references that a person may read."""
    return {ref: link for lookup in _lookups for ref, link in lookup(user, refs).items()}


# Files. What a file is stands in its first bytes, whatever its name says.

STARTS = {
    b"%PDF-": ("application/pdf", (".pdf",)),
    b"\x89PNG\r\n\x1a\n": ("image/png", (".png",)),
    b"\xff\xd8\xff": ("image/jpeg", (".jpg", ".jpeg")),
}
OFFICE = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
TEXT = {".csv": "text/csv", ".txt": "text/plain"}
KINDS = "PDF, PNG, JPEG, Word, Excel, PowerPoint, CSV or plain text"


def kind_of(name: str, body: bytes) -> str:
    """Return the media type of a file; empty where it is none of those taken."""
    ending = f".{name.rpartition('.')[2].lower()}"
    for start, (kind, endings) in STARTS.items():
        if body.startswith(start):
            return kind if ending in endings else ""
    if body.startswith(b"PK\x03\x04"):
        return OFFICE.get(ending, "") if b"[Content_Types].xml" in body else ""
    return TEXT.get(ending, "") if is_text(body) else ""


def is_text(body: bytes) -> bool:
    if b"\x00" in body:
        return False
    try:
        body.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return False
    return True
