"""The quiz of a module: its shape, what is wrong with one, and how answers are judged.

It is kept as JSON beside the words of a version: ``[{"question": …, "options": […], "right":
[0, 2]}, …]``. Right answers leave this module only for who writes the quiz, or has passed it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

QUESTIONS = 20
OPTIONS = (2, 6)
LONGEST_QUESTION = 400
LONGEST_OPTION = 200


@dataclass(frozen=True, kw_only=True)
class Option:
    text: str
    right: bool


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; ``right`` holds the places of the options that are to be ticked."""

    question: str
    options: tuple[str, ...]
    right: tuple[int, ...]

    @property
    def several(self) -> bool:
        return len(self.right) > 1

    @property
    def shown(self) -> tuple[Option, ...]:
        """The options with what is right; for those only who may know."""
        return tuple(
            Option(text=text, right=place in self.right) for place, text in enumerate(self.options)
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "options": list(self.options),
            "right": list(self.right),
        }


Quiz = tuple[Question, ...]
Ticks = Mapping[int, Collection[int]]  # the options ticked, by question; from 0 on


def parse(kept: Sequence[Mapping[str, Any]]) -> Quiz:
    """Read a quiz as it is kept."""
    return tuple(
        Question(
            question=str(row["question"]),
            options=tuple(str(option) for option in row["options"]),
            right=tuple(sorted({int(place) for place in row["right"]})),
        )
        for row in kept
    )


def as_json(quiz: Quiz) -> list[dict[str, Any]]:
    return [question.as_json() for question in quiz]


def problems(quiz: Quiz) -> dict[str, str]:
    """Say what is wrong with a quiz; each sentence names its question, as people count."""
    found: dict[str, str] = {}
    if len(quiz) > QUESTIONS:
        found["quiz"] = f"A quiz has at most {QUESTIONS} questions."
    for at, question in enumerate(quiz):
        for field, sentence in _wrong(question):
            found.setdefault(f"quiz.{at}.{field}", f"Question {at + 1}: {sentence}")
    return found


def _wrong(question: Question) -> Iterator[tuple[str, str]]:
    least, most = OPTIONS
    if not question.question.strip():
        yield "question", "write what is asked."
    if len(question.question) > LONGEST_QUESTION:
        yield "question", f"keep it under {LONGEST_QUESTION} characters."
    if not least <= len(question.options) <= most:
        yield "options", f"give {least} to {most} options."
    if any(not option.strip() for option in question.options):
        yield "options", "no option may be empty."
    if any(len(option) > LONGEST_OPTION for option in question.options):
        yield "options", f"keep each option under {LONGEST_OPTION} characters."
    if len({option.strip().casefold() for option in question.options}) < len(question.options):
        yield "options", "two options say the same."
    if not question.right:
        yield "right", "mark at least one option as right."
    if any(not 0 <= place < len(question.options) for place in question.right):
        yield "right", "what is marked as right must be an option."


@dataclass(frozen=True, kw_only=True)
class Graded:
    """How a try went. A question is right when exactly its right options are ticked."""

    right: tuple[bool, ...]
    score: Decimal  # per cent, to two places
    passed: bool

    @property
    def wrong(self) -> tuple[int, ...]:
        """The numbers of the questions to read again, from 1 on."""
        return tuple(number for number, right in enumerate(self.right, start=1) if not right)


def grade(quiz: Quiz, ticks: Ticks, *, pass_mark: int) -> Graded:
    """Judge a try. Whether it is passed is decided on whole numbers, before any rounding."""
    right = tuple(set(ticks.get(at, ())) == set(question.right) for at, question in enumerate(quiz))
    share = Decimal(100 * sum(right)) / len(quiz)
    return Graded(
        right=right,
        score=share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP),
        passed=100 * sum(right) >= pass_mark * len(quiz),
    )


def unanswered(quiz: Quiz, ticks: Ticks) -> tuple[int, ...]:
    """Return the numbers of the questions in which nothing is ticked, from 1 on."""
    return tuple(at + 1 for at in range(len(quiz)) if not ticks.get(at))


def ticks_of(kept: Mapping[str, Sequence[int]]) -> dict[int, tuple[int, ...]]:
    """Read answers as they are kept: ``{"0": [1], …}``."""
    return {int(at): tuple(places) for at, places in kept.items()}


def kept(ticks: Ticks) -> dict[str, list[int]]:
    return {str(at): sorted(set(places)) for at, places in sorted(ticks.items()) if places}


def known(quiz: Quiz, ticks: Ticks) -> bool:
    """Say whether every tick is at a question and an option that there is."""
    return all(
        0 <= at < len(quiz) and all(0 <= place < len(quiz[at].options) for place in places)
        for at, places in ticks.items()
    )
