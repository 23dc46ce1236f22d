"""Saying by when an audience has to have taken a module."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import formats

from align.notices import actions as notices
from align.people.models import Audience, User
from training import expected
from training.actions.completions import touch_taught
from training.actions.words import Invalid, NotPublished
from training.models import Assignment, Module, ModuleVersion

FARTHEST = timedelta(days=731)


@transaction.atomic
def assign_module(
    *, module: Module, audience: Audience, due_on: date, by: User, now: datetime
) -> Assignment:
    """Say that an audience has to take a module by the end of a day, and tell them.

    Raises Invalid, NotPublished.
    """
    if module.state != Module.State.PUBLISHED or module.current is None:
        raise NotPublished("Publish the module first; nobody can take a draft.")
    if due_on < now.date():
        raise Invalid({"due_on": "That day is over."})
    if due_on > now.date() + FARTHEST:
        raise Invalid({"due_on": "That is more than two years ahead."})
    try:
        with transaction.atomic():
            made = Assignment.objects.create(
                module=module, audience=audience, due_on=due_on, author=by, created_at=now
            )
    except IntegrityError as error:
        raise Invalid({"due_on": "It is due for them on that day already."}) from error
    people = expected.asked_of(audience, day=now.date()).exclude(pk=by.pk)
    notices.send(
        [
            notices.Message(
                person_id=person,
                key=f"assignment:{made.pk}",
                text=f"Due by {formats.date_format(due_on, 'j M Y')}: {module.current.title}",
                link=f"/training/learn/{module.pk}/",
            )
            for person in people.values_list("pk", flat=True)
        ],
        now=now,
    )
    _touch(module, now=now)
    return made


@transaction.atomic
def end_assignment(*, assignment: Assignment, now: datetime) -> Assignment:
    """Take a due date back. Ending it twice ends it once."""
    ended = Assignment.objects.standing().filter(pk=assignment.pk).update(ended_at=now)
    if ended:
        _touch(assignment.module, now=now)
    assignment.refresh_from_db()
    return assignment


def _touch(module: Module, *, now: datetime) -> None:
    """A due date that has passed moves the planned share, whatever version people took."""
    versions = ModuleVersion.objects.filter(module=module).values_list("pk", flat=True)
    touch_taught(list(versions), now=now)
