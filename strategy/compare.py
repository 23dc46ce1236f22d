"""What differs between two texts, word by word and paragraph by paragraph.

Pure in its values. A reader gets the new text by leaving out what is struck through and the old
one by leaving out what is inserted, to the letter.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from strategy.text import Paragraph

Kind = Literal["same", "ins", "del"]
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
WORDS_AT_MOST = 5_000
# Pairs of equal words in the two texts: what looking for the longest match costs. Prose of a
# thousand words has some twenty thousand; a text that repeats one word has all of them.
PAIRS_AT_MOST = 250_000


@dataclass(frozen=True, kw_only=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that stands beside a behavior, where it differs."""

    name: str
    pieces: Sequence[Piece]


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One numbered paragraph in two texts."""

    number: int
    head: str
    part: str
    code: str
    what: Literal["same", "changed", "new", "gone"]
    pieces: Sequence[Piece]
    facts: Sequence[Fact] = ()
    moved: bool = False

    @property
    def differs(self) -> bool:
        return self.moved or self.what != "same"


@dataclass(frozen=True, kw_only=True)
class Run:
    """Paragraphs next to each other that all differ, or all do not."""

    differs: bool
    rows: Sequence[Changed]


def runs(rows: Iterable[Changed]) -> list[Run]:
    """Put neighbors together, so that a page can fold away what stayed the same."""
    return [
        Run(differs=differs, rows=list(group))
        for differs, group in groupby(rows, key=lambda row: row.differs)
    ]


# Paragraphs


def paragraphs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Changed]:
    """Compare two texts of one objective, paired by permanent number, in the order of the new.

    What is gone stands after what it followed.
    """
    before = {paragraph.number: paragraph for paragraph in old}
    there = {paragraph.number for paragraph in new}
    moved = _moved([row.number for row in old if row.number in there], [row.number for row in new])
    rows = {
        row.number: changed(before.get(row.number), row, moved=row.number in moved) for row in new
    }
    gone = _gone(old, there)
    found = gone.get(0, [])
    for number, row in rows.items():
        found += [row, *gone.get(number, [])]
    return found


def _gone(old: Sequence[Paragraph], there: set[int]) -> dict[int, list[Changed]]:
    """What is not there any more, by the number of what it followed; 0 is the beginning."""
    found: dict[int, list[Changed]] = {}
    last = 0
    for row in old:
        if row.number in there:
            last = row.number
        else:
            found.setdefault(last, []).append(changed(row, None))
    return found


def _moved(old: Sequence[int], new: Sequence[int]) -> set[int]:
    """Return the fewest numbers that must have moved to come from the old order to the new."""
    place = {number: index for index, number in enumerate(old)}
    kept = [number for number in new if number in place]
    ends: list[int] = []  # the last place of the best row of each length
    lengths = []
    for number in kept:
        at = bisect_left(ends, place[number])
        ends[at : at + 1] = [place[number]]
        lengths.append(at + 1)
    still = set()
    wanted = len(ends)
    for number, length in zip(reversed(kept), reversed(lengths), strict=True):
        if length == wanted:
            still.add(number)
            wanted -= 1
    return set(kept) - still


def changed(old: Paragraph | None, new: Paragraph | None, *, moved: bool = False) -> Changed:
    """Compare one paragraph with itself; one of the two may be missing."""
    shown = new or old
    assert shown is not None  # there is no paragraph in neither
    facts = [
        Fact(name=name, pieces=words(before, after))
        for name, before, after in _facts(old, new)
        if before != after
    ]
    before, after = (old.text if old else ""), (new.text if new else "")
    if old is None:
        what: Literal["same", "changed", "new", "gone"] = "new"
    elif new is None:
        what = "gone"
    else:
        what = "changed" if before != after or facts else "same"
    return Changed(
        number=shown.number,
        head=shown.head,
        part=shown.part,
        code=shown.code,
        what=what,
        pieces=words(before, after),
        facts=facts,
        moved=moved,
    )


def _facts(old: Paragraph | None, new: Paragraph | None) -> list[tuple[str, str, str]]:
    before, after = dict(old.facts if old else ()), dict(new.facts if new else ())
    names = dict.fromkeys([*after, *before])
    return [(name, before.get(name, ""), after.get(name, "")) for name in names]


# Words


def words(old: str, new: str) -> list[Piece]:
    """Compare two texts word by word.

    The pieces that are not inserted make up the old text, those that are not struck the new one.
    Texts that are too long, or repeat themselves too much, are taken as a whole between what
    they begin and end with alike, so that nobody can make this slow.
    """
    if old == new:
        return [Piece(kind="same", text=new)] if new else []
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    start = alike(a, b)
    end = alike(a[start:][::-1], b[start:][::-1])
    middle = _middle(a[start : len(a) - end], b[start : len(b) - end])
    first, last = "".join(b[:start]), "".join(b[len(b) - end :])
    return _pieces([("same", first, first), *middle, ("same", last, last)])


def alike(a: Sequence[str], b: Sequence[str]) -> int:
    """Count the items with which both begin: tokens of a list, characters of a text."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((at for at, (x, y) in pairs if x != y), min(len(a), len(b)))


Step = tuple[Literal["same", "differs"], str, str]  # the old words and the new ones


def _middle(a: Sequence[str], b: Sequence[str]) -> list[Step]:
    if not a or not b or _too_much(a, b):
        return [("differs", "".join(a), "".join(b))]
    # White space is no reason to match; it goes along with the words beside it.
    matcher = SequenceMatcher(str.isspace, a, b, autojunk=False)
    return [
        ("same" if tag == "equal" else "differs", "".join(a[i1:i2]), "".join(b[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
    ]


def _too_much(a: Sequence[str], b: Sequence[str]) -> bool:
    if max(len(a), len(b)) > 2 * WORDS_AT_MOST:  # about every second token is white space
        return True
    there, here = Counter(a), Counter(b)
    return sum(here[word] * n for word, n in there.items() if word.strip()) > PAIRS_AT_MOST


def _pieces(steps: Sequence[Step]) -> list[Piece]:
    """Join neighbors; a space or a comma alone between two changes belongs to both of them."""
    found: list[Piece] = []
    struck = inserted = ""
    for at, (kind, old, new) in enumerate(steps):
        between = 0 < at < len(steps) - 1 and not re.search(r"\w", old)
        if kind == "differs" or (between and (struck or inserted)):
            struck, inserted = struck + old, inserted + new
        else:
            found += _differing(struck, inserted)
            struck = inserted = ""
            found += [Piece(kind="same", text=new)] if new else []
    return found + _differing(struck, inserted)


def _differing(struck: str, inserted: str) -> list[Piece]:
    pieces = [Piece(kind="del", text=struck), Piece(kind="ins", text=inserted)]
    return [piece for piece in pieces if piece.text]
