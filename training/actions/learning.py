"""Taking a module: how far one is in it, and its quiz."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from align.people.models import User
from training import parts, quiz
from training.actions.completions import complete
from training.actions.words import Invalid, KeyReused
from training.models import Attempt, ModuleVersion, Progress

SOURCE = "align"


@transaction.atomic
def keep_place(*, user: User, version: ModuleVersion, part: int, now: datetime) -> Progress:
    """Keep which part somebody reads. Raises Invalid where there is no such part."""
    if not 1 <= part <= max(1, len(parts.parts(version.content))):
        raise Invalid({"part": "There is no such part."})
    row, _ = Progress.objects.update_or_create(
        user=user, version=version, defaults={"part": part, "updated_at": now}
    )
    return row


@transaction.atomic
def keep_answers(
    *, user: User, version: ModuleVersion, answers: quiz.Ticks, now: datetime
) -> Progress:
    """Keep what somebody ticked so far, unjudged. Raises Invalid."""
    _known(version, answers)
    row, _ = Progress.objects.update_or_create(
        user=user,
        version=version,
        defaults={"answers": quiz.kept(answers), "updated_at": now},
        create_defaults={
            "answers": quiz.kept(answers),
            "updated_at": now,
            "part": max(1, len(parts.parts(version.content))),
        },
    )
    return row


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A try at a quiz as it is kept, and how it went."""

    attempt: Attempt
    graded: quiz.Graded
    made: bool  # not the repetition of one kept before


@transaction.atomic
def try_quiz(
    *,
    user: User,
    version: ModuleVersion,
    answers: quiz.Ticks,
    client_key: UUID,
    now: datetime,
) -> Tried:
    """Judge a try at a quiz and keep it; passing completes the module, once a day.

    The same key with the same answers is the same try. Raises Invalid for a version without a
    quiz and for questions without an answer; KeyReused.
    """
    questions = _known(version, answers)
    if missing := quiz.unanswered(questions, answers):
        raise Invalid({f"answers.{number - 1}": f"Answer question {number}." for number in missing})
    graded = quiz.grade(questions, answers, pass_mark=version.pass_mark)
    attempt, made = Attempt.objects.get_or_create(
        source=SOURCE,
        external_id=f"{user.pk}:{client_key}",
        defaults={
            "user": user,
            "version": version,
            "at": now,
            "score": graded.score,
            "passed": graded.passed,
            "answers": quiz.kept(answers),
            "created_at": now,
        },
    )
    if (attempt.version_id, attempt.answers) != (version.pk, quiz.kept(answers)):
        raise KeyReused("This try was kept already, with other answers.")
    if made:
        Progress.objects.filter(user=user, version=version).update(answers={}, updated_at=now)
    if made and graded.passed:
        complete(
            user=user,
            version=version,
            completed_at=now,
            source=SOURCE,
            external_id=completion_id(user, version, now),
            score=graded.score,
            now=now,
        )
    return Tried(attempt=attempt, graded=graded, made=made)


def completion_id(user: User, version: ModuleVersion, now: datetime) -> str:
    """Name a completion said here: one a person, version and day."""
    return f"{version.pk}:{user.pk}:{now.date()}"


@transaction.atomic
def say_done(*, user: User, version: ModuleVersion, now: datetime) -> None:
    """Record that somebody completed a version, in their own words; said twice a day is once.

    Raises Invalid where the version has a quiz: that is passed, not said.
    """
    if version.quiz:
        raise Invalid({"quiz": "This module ends with a quiz. Passing it completes the module."})
    complete(
        user=user,
        version=version,
        completed_at=now,
        source=SOURCE,
        external_id=completion_id(user, version, now),
        now=now,
    )


def _known(version: ModuleVersion, answers: quiz.Ticks) -> quiz.Quiz:
    """Return the questions that these answers are about."""
    questions = quiz.parse(version.quiz)
    if not questions:
        raise Invalid({"quiz": "This module has no quiz."})
    if not quiz.known(questions, answers):
        raise Invalid({"answers": "Choose among the options of the questions."})
    return questions
