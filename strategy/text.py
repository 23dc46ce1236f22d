"""The text of a revision as numbered paragraphs.

A paragraph keeps its number as long as it lives: through every edit of a draft, from a draft to
the published text and on to the next revision. A number is never given twice, so a link to a
paragraph never points at other words. Objectives count for themselves: “A4 ¶3”.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count, groupby
from typing import Any

from strategy.models import Behavior, BehaviorRevision, Depth, Revision

# The fields of a revision that are read as text, in reading order, and whether each may hold
# several paragraphs, separated by an empty line.
FIELDS = {
    "title": ("Title", False),
    "why": ("Why this changes", True),
    "we_will": ("We will", True),
    "we_stop": ("We stop", True),
    "segment": ("For", False),
    "hypothesis": ("Because", True),
    "measure": ("Measured by", False),
}
BEHAVIOR = "behavior"
SEEN = "What a manager can see"
ALIKE = 0.5  # a block that shares this much with an old one is the old one, reworded
PAIRS_AT_MOST = 40_000  # that are compared word by word; more are paired by their place alone


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """One numbered paragraph. ``facts`` are what stands beside a behavior: name and value."""

    number: int
    part: str  # a name of FIELDS, or BEHAVIOR
    head: str
    text: str
    code: str = ""  # of the behavior
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def whole(self) -> str:
        """Everything the paragraph says, as plain text: what a remark quotes."""
        return "\n".join([self.text, *(f"{name}: {value}" for name, value in self.facts)])


Numbers = Mapping[str, Sequence[int]]


def blocks(part: str, text: str) -> list[str]:
    """Split a field into its paragraphs; an empty field has none."""
    if FIELDS[part][1]:
        return cut(text)
    return [text.strip()] if text.strip() else []


def cut(text: str) -> list[str]:
    """Split a text at its empty lines.

    The numbers of published paragraphs stand beside what this returns: cutting in another way
    needs a migration that numbers them again.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return ["\n".join(group) for filled, group in groupby(lines, key=bool) if filled]


def measured(revision: Revision) -> str:
    """“Uptime contracts: from 12 to 30 % by 31 December 2026”, as far as it is known."""
    row = revision
    if not row.measure:
        return ""
    start = f" from {row.baseline.normalize():,f}" if row.baseline is not None else ""
    to = f" to {row.target.normalize():,f}" if row.target is not None else ""
    unit = f" {row.unit}" if row.unit and (start or to) else ""
    by = f" by {row.measure_by.day} {row.measure_by:%B %Y}" if row.measure_by else ""
    return f"{row.measure}{':' if start or to else ''}{start}{to}{unit}{by}"


def field_text(revision: Revision, part: str) -> str:
    return measured(revision) if part == "measure" else str(getattr(revision, part))


def number_fields(revision: Revision, *, before: Revision | None, last: int) -> int:
    """Set ``revision.numbers`` from its words, keeping those of ``before``; writes nothing.

    ``last`` is the last number given in the objective; returns the last one now. The caller
    holds the lock of the objective.
    """
    fresh = count(last + 1)
    old = before.numbers if before else {}
    numbers: dict[str, list[int]] = {}
    for part in FIELDS:
        new = blocks(part, field_text(revision, part))
        known = blocks(part, field_text(before, part)) if before else []
        numbers[part] = match(known, list(old.get(part, [])), new, fresh)
    revision.numbers = numbers
    return next(fresh) - 1


def match(
    old: Sequence[str], numbers: Sequence[int], new: Sequence[str], fresh: Iterable[int]
) -> list[int]:
    """Number new blocks: unchanged ones keep theirs, reworded ones too, the rest are fresh.

    Pure in its values, and so slow at nothing: 200 blocks take a tenth of a second at most.
    """
    pairs = unchanged(old, new)
    pairs |= reworded(old, new, pairs)
    pairs |= rewritten(old, new, pairs)
    take = iter(fresh)
    return [numbers[pairs[j]] if j in pairs else next(take) for j in range(len(new))]


def unchanged(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Pair equal blocks, new to old, in order, wherever they were moved to."""
    waiting: dict[str, deque[int]] = {}
    for i, block in enumerate(old):
        waiting.setdefault(block, deque()).append(i)
    return {j: waiting[block].popleft() for j, block in enumerate(new) if waiting.get(block)}


def reworded(old: Sequence[str], new: Sequence[str], known: Mapping[int, int]) -> dict[int, int]:
    """Pair what is left where at least half of the words are the same, the most alike first."""
    taken = set(known.values())
    left = {i: set(old[i].casefold().split()) for i in range(len(old)) if i not in taken}
    come = {j: set(new[j].casefold().split()) for j in range(len(new)) if j not in known}
    if len(left) * len(come) > PAIRS_AT_MOST:
        return {}
    alike = sorted(
        (-likeness, abs(i - j), j, i)
        for j, words in come.items()
        for i, before in left.items()
        if (likeness := 2 * len(words & before) / (len(words) + len(before))) >= ALIKE
    )
    pairs: dict[int, int] = {}
    for _, _, j, i in alike:
        if j not in pairs and i in left:
            pairs[j] = i
            del left[i]
    return pairs


def rewritten(old: Sequence[str], new: Sequence[str], known: Mapping[int, int]) -> dict[int, int]:
    """Pair what stands in the same gap between paired blocks, where there are as many."""
    free = set(range(len(old))) - set(known.values())
    pairs: dict[int, int] = {}
    for paired, group in groupby(range(len(new)), key=lambda j: j in known):
        if paired:
            continue
        run = list(group)
        start = known[run[0] - 1] + 1 if run[0] else 0
        end = known[run[-1] + 1] if run[-1] + 1 < len(new) else len(old)
        gap = [i for i in range(start, end) if i in free]
        if len(gap) == len(run):
            pairs |= zip(run, gap, strict=True)
            free -= set(gap)
    return pairs


def number_behaviors(behaviors: Iterable[Behavior], *, last: int) -> int:
    """Give each behavior without a number the next one, in memory; return the last given."""
    for behavior in behaviors:
        if not behavior.paragraph:
            last += 1
            behavior.paragraph = last
    return last


def paragraphs(
    revision: Revision, behaviors: Sequence[BehaviorRevision] | None = None
) -> list[Paragraph]:
    """Return the text of a revision in reading order.

    ``behaviors`` are its rows with behavior, sales role and audiences, where they are at hand;
    otherwise two queries fetch them.
    """
    rows = of(revision) if behaviors is None else behaviors
    return [*field_paragraphs(revision), *(behavior_paragraph(row) for row in rows)]


def field_paragraphs(
    revision: Revision, parts: Collection[str] = tuple(FIELDS)
) -> Iterable[Paragraph]:
    """Yield the paragraphs of these fields, in reading order."""
    for part, (head, _) in FIELDS.items():
        if part in parts:
            texts = blocks(part, field_text(revision, part))
            for number, text in zip(revision.numbers.get(part, []), texts, strict=True):
                yield Paragraph(number=number, part=part, head=head, text=text)


def of(revision: Revision) -> list[BehaviorRevision]:
    return list(
        revision.behaviors.select_related("behavior", "sales_role").prefetch_related("audiences")
    )


def behavior_paragraph(row: BehaviorRevision) -> Paragraph:
    return Paragraph(
        number=row.behavior.paragraph,
        part=BEHAVIOR,
        head=SEEN,
        text=row.statement,
        code=row.behavior.code,
        facts=tuple(facts(row)),
    )


def facts(row: BehaviorRevision) -> Iterable[tuple[str, str]]:
    """Yield every substantive field of a behavior but its statement, where it says something."""
    yield "Who", row.sales_role.name
    yield from (
        (name, value)
        for name, value in [
            ("When it shows", row.occasion),
            ("Done well means", row.standard),
            ("Level 1", row.level_1),
            ("Level 2", row.level_2),
            ("Level 3", row.level_3),
            ("Level 4", row.level_4),
        ]
        if value
    )
    yield "Critical", "yes" if row.critical else "no"
    yield "Training must reach", str(Depth(row.required_depth).label)
    audiences = ", ".join(sorted(audience.name for audience in row.audiences.all()))
    yield "Asked of", audiences or "everybody in this sales role in the strategy's teams"
    if row.needs:
        yield "Needs", "; ".join(row.needs)
    if row.stops:
        yield "Stops", "; ".join(row.stops)


# Kept texts: what a round shares


def frozen(text: Sequence[Paragraph]) -> list[dict[str, Any]]:
    return [asdict(paragraph) for paragraph in text]


def thawed(rows: Iterable[Mapping[str, Any]]) -> list[Paragraph]:
    return [
        Paragraph(**{**row, "facts": tuple((name, value) for name, value in row["facts"])})
        for row in rows
    ]
