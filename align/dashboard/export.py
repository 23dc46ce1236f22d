"""The coverage pages as CSV, with the same digits and safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from align.dashboard.rows.coverage import CoverageRow
from align.dashboard.rows.figures import Share
from align.dashboard.rows.gaps import GapRow

HEAD = (
    "strategy", "theme", "code", "objective", "owner", "depth", "shown", "evidence",
    "cells covered", "cells", "suspect cells", "people reached", "people", "reach %",
    "people planned", "seen at standard", "people observed", "seen %", "cells looked at",
    "changed cells covered", "changed cells", "works", "works with changes", "will not work",
    "cannot do it", "voices", "flags", "as of", "team",
)  # fmt: skip
GAPS_HEAD = (
    "code", "objective", "behavior", "statement", "audience", "critical", "depth", "required",
    "shown", "evidence", "why", "people reached", "people", "reach %", "seen at standard",
    "people observed", "seen %", "as of", "team",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Line = Iterable[str | int]


def csv_text(rows: Iterable[CoverageRow], *, as_of: str = "", team: str = "") -> str:
    """Return the objectives as CSV."""
    return text(HEAD, ([*_cells(row), as_of, team] for row in rows))


def gaps_csv(rows: Iterable[GapRow], *, as_of: str = "", team: str = "") -> str:
    """Return the cells that are not covered as CSV."""
    return text(GAPS_HEAD, ([*_gap(row), as_of, team] for row in rows))


def text(head: Sequence[str], rows: Iterable[Line]) -> str:
    """Return CSV, with the mark that tells a spreadsheet it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def safe(cell: str | int) -> str:
    """Return the cell as text that no spreadsheet takes for a formula."""
    said = str(cell)
    return f"'{said}" if said.startswith(FORMULA) else said


def _share(share: Share) -> Iterator[str | int]:
    yield from ("", "") if share.hidden else (share.part, share.whole)
    yield share.said.removesuffix("%")


def _cells(row: CoverageRow) -> Iterator[str | int]:
    coverage, voice = row.coverage, row.voice
    yield from (row.theme.strategy, row.theme.name, row.code, row.title, row.owner)
    yield from (coverage.depth_word, coverage.shown_word, coverage.evidence_word)
    yield from (coverage.covered, coverage.cells, coverage.suspect)
    yield from _share(coverage.reach)
    yield "" if coverage.planned.hidden else coverage.planned.part
    yield from _share(coverage.seen)
    yield "" if coverage.hidden else coverage.looked
    yield from (coverage.change.part, coverage.change.whole)
    yield from (voice.works, voice.changes, voice.wont, voice.cannot, voice.people)
    yield "; ".join(flag.title for flag in row.flags)


def _gap(row: GapRow) -> Iterator[str | int]:
    yield from (row.code, row.title, row.behavior_code, row.statement, row.audience_name)
    yield from ("yes" if row.critical else "no", row.depth_word, row.required_word)
    yield from (row.shown_word, row.evidence, row.why)
    yield from _share(row.reach)
    yield from _share(row.seen)
