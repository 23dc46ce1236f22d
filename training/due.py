"""By when a person has to take which modules."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Subquery

from align.people.models import User
from training import expected
from training.models import Assignment, Completion, Module, ModuleVersion


@dataclass(frozen=True, kw_only=True)
class Due:
    """A module a person has to take by the end of a day and has not taken yet."""

    module: Module
    version: ModuleVersion
    on: date
    overdue: bool

    @property
    def title(self) -> str:
        return self.version.title

    @property
    def said(self) -> str:
        return "overdue since" if self.overdue else "due by"


def dues(user: User, *, day: date) -> list[Due]:
    """Return what a person still has to take, once a module, what is due first in front.

    Whoever has taken any version of a module since it was assigned, or had before, is done.
    """
    rows = (
        Assignment.objects.standing()
        .filter(audience__in=expected.audiences_of(user, day=day).values("pk"))
        .filter(module__state=Module.State.PUBLISHED)
        .exclude(module__in=_taken(user))
        .select_related("module__current__module__program")
        .order_by("due_on", "pk")
    )
    first: dict[int, Assignment] = {}
    for row in rows:
        first.setdefault(row.module_id, row)
    return [
        Due(module=row.module, version=version, on=row.due_on, overdue=row.due_on < day)
        for row in first.values()
        if (version := row.module.current) is not None
    ]


def due_on(user: User, *, day: date) -> dict[int, Due]:
    """Return the same by module."""
    return {row.module.pk: row for row in dues(user, day=day)}


def _taken(user: User) -> Subquery:
    return Subquery(Completion.objects.filter(user=user).order_by().values("version__module"))
