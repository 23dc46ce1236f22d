"""What makes two states of a behavior the same for training."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence

from align.people.models import audience_key
from strategy.models import BehaviorRevision, Revision

# Marks that say nothing by themselves. Whatever is not named here counts: %, &, /, <, +, €.
APOSTROPHES = "'’‘ʼ`´"
DASHES = "-‐‑‒–—―"
MARKS = '.,;:!?…·•()[]{}"“”„‟«»‹›‚‛¿¡'

A_DASH = re.compile(f"[{re.escape(DASHES)}]+")
# Before a figure or an amount a dash may be a minus, and one that was set as a minus is one.
A_MINUS = re.compile(r"-(?=\s*(?:[.,]?\d|[$€£¥₹¢~≈<>±+]))")
# A mark right before a digit belongs to the figure: 4,000 is not 4.000, and .5 is not 5.
A_MARK = re.compile(rf"[{re.escape(MARKS + APOSTROPHES)}](?!\d)")
# Inside a word an apostrophe leaves no gap: “don’t” is “dont”; 5'4 stays what it is.
LETTER = r"[^\W\d_]"
INSIDE = re.compile(
    rf"(?<={LETTER})[{re.escape(APOSTROPHES)}](?=\w)|(?<=\w)[{re.escape(APOSTROPHES)}](?={LETTER})"
)


def of_behavior(
    *, revision: Revision, behavior: BehaviorRevision, audience_keys: Iterable[str]
) -> str:
    """Return the fingerprint of a behavior's substantive fields and its objective's choice.

    64 hexadecimal digits. How it is set in type does not count, see ``folded``; every other
    change of a word does.
    """
    return digest(
        revision.we_will,
        revision.we_stop,
        revision.segment,
        behavior.sales_role_id,
        behavior.statement,
        behavior.occasion,
        behavior.standard,
        [behavior.level_1, behavior.level_2, behavior.level_3, behavior.level_4],
        behavior.critical,
        int(behavior.required_depth),
        sorted(audience_keys),
        behavior.needs,
        behavior.stops,
    )


def of_why(revision: Revision) -> str:
    """Return the fingerprint of the business case, 64 hexadecimal digits."""
    return digest(revision.why)


def digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps([folded(part) for part in parts]).encode()).hexdigest()


def folded(part: object) -> object:
    if isinstance(part, str):
        return folded_text(part)
    if isinstance(part, list):
        return [folded(item) for item in part]
    return part


def folded_text(text: str) -> str:
    """Return the words without what only dresses them: white space, case, punctuation.

    What stands at a figure stays: its sign, its separators, its unit. No letter is dropped, so a
    “not” that comes or goes is always seen.
    """
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", seen).casefold())
    dashed = A_DASH.sub("-", INSIDE.sub("", plain))
    signed = A_MINUS.sub("−", dashed).replace("-", " ")
    return " ".join(A_MARK.sub(" ", signed).split())


def set_on(draft: Revision, rows: Sequence[BehaviorRevision], *, teams: Sequence[int]) -> None:
    """Set in memory what publishing will write, default audiences included.

    ``teams`` are those of the strategy: a behavior that names no audience asks everyone there.
    """
    for row in rows:
        keys = [audience.key for audience in row.audiences.all()]
        row.fingerprint = of_behavior(
            revision=draft,
            behavior=row,
            audience_keys=keys or [audience_key([row.sales_role_id], teams)],
        )
