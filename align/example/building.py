"""Bringing the example in, whole or not at all."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from align import planner
from align.example import (
    assessing,
    carrying,
    counting,
    days,
    deciding,
    inviting,
    lasting,
    reviewing,
    staffing,
    talking,
    teaching,
    texts,
    visiting,
)
from align.example.copying import copy
from align.example.telling import Telling
from align.notices.models import Notice
from align.people.models import SalesRole, Team, User
from strategy import engine
from strategy.models import Touch
from training.models import Assessment, Completion, Module, Observation, Program

BATCH = 1000
READ_AFTER = timedelta(days=27)  # older notices were read


class AlreadyTaken(Exception):
    """Names of the example are in use by others; ``names`` says which."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@transaction.atomic
def build(*, now: datetime) -> bool:
    """Bring the example company in; return whether it was not here before.

    The same now gives the same company. Raises AlreadyTaken.
    """
    _wait_for_judgements()
    if counting.is_here():
        return False
    _refuse_taken_names()
    calendar = days.Calendar(now)
    staff = staffing.hire(calendar=calendar)
    decided = deciding.decide(staff=staff, calendar=calendar)
    reviewing.review(decided=decided, calendar=calendar)
    taught = teaching.teach(staff=staff, decided=decided, calendar=calendar)
    planner.count_rows()
    said = talking.talk(staff=staff, calendar=calendar)
    Telling(staff=staff, decided=decided, calendar=calendar, said=said).tell()
    carrying.carry(staff=staff, decided=decided, calendar=calendar)
    lasting.last(staff=staff, decided=decided, calendar=calendar)
    # After the story: what it judges asks for no completions, and judging is quicker without.
    copy(Completion, teaching.complete(staff=staff, taught=taught, calendar=calendar))
    Observation.objects.bulk_create(
        visiting.observe(staff=staff, decided=decided, calendar=calendar), batch_size=BATCH
    )
    Assessment.objects.bulk_create(
        assessing.assess(staff=staff, decided=decided, calendar=calendar), batch_size=BATCH
    )
    inviting.invite(staff=staff, taught=taught, calendar=calendar)
    Touch.objects.filter(objective__strategy=decided.strategy).delete()
    planner.count_rows()
    engine.judge([objective.pk for objective in decided.objectives.values()], now=now)
    engine.judge_whole(now=now)
    _settle_notices(now=now)
    return True


def _wait_for_judgements() -> None:
    """Hold the lock of the engine to the end: a worker that judges now would be in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '60s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [engine.LOCK])


def _refuse_taken_names() -> None:
    company, training = texts.company(), texts.training()
    teams = [company.top, *(name for name, _ in company.regions)]
    teams += [office.name for office in company.offices]
    cast = [f"{key}@example.com" for key in ("lena", "tom", "mia", "rosa", "ada")]
    roles = [name for _, name in company.sales_roles]
    programs = [name for _, name in training.programs]
    codes = [module.code for module in training.modules]
    taken = [
        *Team.objects.filter(name__in=teams).values_list("name", flat=True),
        *SalesRole.objects.filter(name__in=roles).values_list("name", flat=True),
        *Program.objects.filter(name__in=programs).values_list("name", flat=True),
        *Module.objects.filter(code__in=codes).values_list("code", flat=True),
        *User.objects.filter(email__in=cast).values_list("email", flat=True),
        *User.objects.filter(email__endswith=f"@{staffing.DOMAIN}").values_list("email", flat=True),
    ]
    if taken:
        raise AlreadyTaken(taken)


def _settle_notices(*, now: datetime) -> None:
    """The past is told and read: nobody gets mail about it, and the newest wait to be read."""
    mine = Notice.objects.filter(person__example=True)
    mine.filter(mailed_at=None).update(mailed_at=F("created_at"))
    mine.filter(created_at__lt=now - READ_AFTER).update(read_at=F("created_at") + timedelta(days=1))
