"""What a person still knows of a why: when to ask, for which words, and what counts as knowing.

Pure: texts, days and times in, answers out. A machine cannot judge an explanation, and Align does
not pretend to: it looks for words of the why in what was typed, and lets the person choose.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from strategy.models import RecallCheck

DAYS = tuple(int(day) for day in RecallCheck.Day)
WORDS_AT_MOST = 6
LETTERS = 4  # a shorter word says too little
REMEMBERED = 0.5  # of the words asked for, and at least one
WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
# Words of any text: whoever types them remembers nothing by it.
COMMON_TEXT = """
    about above after again against almost along already also although always among another
    anybody anyone anything around away back because become been before being below best
    better between beyond both came cannot come comes could does doing done down each either
    else enough even ever every everybody everyone everything fewer first from gave give given
    gives goes going gone good have having hence here himself however http https instead into
    itself just keep kept know known last least less like likely little long longer made make
    makes making many maybe mean means might more most much must myself near need needs
    neither never next nobody none nor nothing nowhere often once only onto other others ours
    ourselves over own perhaps please quite rather really same seem seems several shall should
    since some somebody someone something sometimes soon still stop such take taken takes than
    that their theirs them themselves then there therefore these they thing things think this
    those though through thus today together took toward towards under unless until upon used
    using usually very want wants well went were what whatever when where whether which while
    whoever whom whose will with within without would year years your yours
"""
COMMON = frozenset(COMMON_TEXT.split())


def due(*, read_at: datetime, answered: Collection[int], now: datetime) -> int | None:
    """Return the day a person is asked for now: 2, 21 or 60 days after reading, or None.

    Only the newest day that has come: one that was missed is not asked for any more.
    """
    come = [day for day in DAYS if read_at + timedelta(days=day) <= now]
    if not come or any(day >= come[-1] for day in answered):
        return None
    return come[-1]


def keywords(text: str) -> tuple[str, ...]:
    """Return up to six distinctive words of a why, in its order: repeated ones before long ones.

    A figure is always distinctive. A text of short words only gives its longest ones.
    """
    words = [match.lower() for match in WORD.findall(text)]
    kept = _grouped([word for word in words if _distinctive(word)]) or _grouped(words)
    best = sorted(kept, key=lambda row: (-len(row), -len(row[0]), words.index(row[0])))
    chosen = [row[0] for row in best[:WORDS_AT_MOST]]
    return tuple(sorted(chosen, key=words.index))


def found(words: Sequence[str], answer: str) -> tuple[str, ...]:
    """Return those of the words that an answer holds, in whatever ending."""
    said = {match.lower() for match in WORD.findall(answer)}
    return tuple(word for word in words if any(same(word, other) for other in said))


def remembers(*, words_found: int, words_asked: int) -> bool:
    """Say whether free recall counts as remembered: half of the words asked for, at least one."""
    return words_found >= max(1, REMEMBERED * words_asked)


def same(one: str, other: str) -> bool:
    """Say whether two words differ in their ending only: “price” and “pricing”."""
    if one == other:
        return True
    if not (one.isalpha() and other.isalpha()):
        return False
    shorter, longer = sorted([one, other], key=len)
    pairs = zip(shorter, longer, strict=False)
    stem = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if stem < LETTERS or len(longer) - stem > LETTERS:
        return False
    if stem == len(shorter):
        return True
    # “price” loses its e in “pricing”, “loyalty” its y in “loyalties”; “plant” is not “plans”.
    return stem == len(shorter) - 1 and shorter[-1] in "ey" and len(longer) > len(shorter)


def _distinctive(word: str) -> bool:
    if not word.isalpha():
        return True
    return len(word) >= LETTERS and word not in COMMON


def _grouped(words: Sequence[str]) -> list[list[str]]:
    """Put the forms of one word together, the first form first."""
    groups: list[list[str]] = []
    for word in words:
        group = next((row for row in groups if same(row[0], word)), None)
        if group is None:
            groups.append([word])
        else:
            group.append(word)
    return groups
