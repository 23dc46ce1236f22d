"""The coverage page as CSV, with the same digits and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

from align.dashboard.rows.coverage import CoverageRow

HEAD = (
    "strategy", "theme", "code", "objective", "owner", "depth", "shown", "cells covered", "cells",
    "suspect cells", "people reached", "people", "reach %", "seen at standard", "people observed",
    "seen %", "works", "works with changes", "will not work", "cannot do it", "voices", "flags",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[CoverageRow]) -> str:
    """Return the rows as CSV, with the mark that tells a spreadsheet it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([safe(cell) for cell in _cells(row)] for row in rows)
    return "\ufeff" + out.getvalue()


def safe(cell: str | int) -> str:
    """Return the cell as text that no spreadsheet takes for a formula."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _cells(row: CoverageRow) -> Iterator[str | int]:
    coverage, voice = row.coverage, row.voice
    yield from (row.theme.strategy, row.theme.name, row.code, row.title, row.owner)
    yield from (coverage.depth_word, coverage.shown_word)
    yield from (coverage.covered, coverage.cells, coverage.suspect)
    for share in (coverage.reach, coverage.seen):
        yield from (share.part, share.whole)
        yield share.said.removesuffix("%")
    yield from (voice.works, voice.changes, voice.wont, voice.cannot, voice.people)
    yield "; ".join(flag.title for flag in row.flags)
