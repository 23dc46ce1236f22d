"""The job of an import: looks at the rows, then takes all good ones in one transaction."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from align.people.models import Membership
from strategy import outbox
from training.importing.columns import Columns
from training.importing.judging import Good, Judged, judge
from training.importing.reading import Unreadable, table
from training.models import Completion, CompletionImport, Mapping

log = structlog.get_logger(__name__)

State = CompletionImport.State
BATCH = 1000


def waiting() -> list[CompletionImport]:
    """Return the imports that wait for a look or a run, the oldest first."""
    rows = CompletionImport.objects.filter(state__in=[State.CHECKING, State.RUNNING])
    return list(rows.select_related("author").order_by("updated_at", "pk"))


def look_at(found: CompletionImport, *, now: datetime) -> None:
    """Check an import, or run it. Twice, late or on two workers it leaves the same rows.

    A failure is written down with its reason; nothing of the run is kept then.
    """
    try:
        judged = _judged(found, now=now)
        if found.state == State.CHECKING:
            _check(found, judged, now=now)
        else:
            _run(found, judged, now=now)
    except Unreadable as error:
        _fail(found, str(error), now=now)
    except DatabaseError as error:
        log.exception("import_failed", ref=str(found.ref))
        _fail(found, f"The database stopped it: {type(error).__name__}. Try again.", now=now)


def _judged(found: CompletionImport, *, now: datetime) -> Judged:
    """Look at every row, and say from time to time how far that is.

    Nothing is locked meanwhile: who waits can read how far it is.
    """
    rows = table(found.body)
    numbers = {row.number: at for at, row in enumerate(rows.rows, start=1)}
    standing = CompletionImport.objects.filter(pk=found.pk, state=found.state)

    def looked_at(number: int) -> None:
        standing.update(done=Greatest(F("done"), numbers[number]))

    return judge(
        rows,
        Columns(**found.columns),
        source=found.source,
        zone=ZoneInfo(found.author.zone),
        now=now,
        looked_at=looked_at,
    )


def _check(found: CompletionImport, judged: Judged, *, now: datetime) -> None:
    CompletionImport.objects.filter(pk=found.pk, state=State.CHECKING).update(
        state=State.CHECKED, new=len(judged.new), updated_at=now, **_said(judged)
    )


def _said(judged: Judged) -> dict[str, object]:
    return {
        "known": judged.known,
        "bad": judged.bad,
        "problems": [[row.row, row.column, row.reason] for row in judged.problems],
    }


@transaction.atomic
def _run(found: CompletionImport, judged: Judged, *, now: datetime) -> None:
    """Take all good rows, or none. Whoever comes second finds it done and leaves."""
    mine = CompletionImport.objects.filter(pk=found.pk, state=State.RUNNING).update(
        state=State.DONE, finished_at=now, updated_at=now, **_said(judged)
    )
    if not mine:
        return
    teams = _Teams(judged.new)
    for start in range(0, len(judged.new), BATCH):
        Completion.objects.bulk_create(
            [
                Completion(
                    user=row.user,
                    version=row.version,
                    team_id=teams.of(row),
                    completed_at=row.at,
                    score=row.score,
                    source=found.source,
                    external_id=row.external_id,
                    brought_by=found,
                    created_at=now,
                )
                for row in judged.new[start : start + BATCH]
            ],
            ignore_conflicts=True,
        )
    made = Completion.objects.filter(brought_by=found).count()
    # What somebody else brought in this very moment is known now.
    CompletionImport.objects.filter(pk=found.pk).update(
        new=made, known=judged.known + len(judged.new) - made
    )
    _touch({row.version.pk for row in judged.new}, now=now)


class _Teams:
    """The team of each person on the day of each row, read once."""

    def __init__(self, rows: tuple[Good, ...]) -> None:
        self._places: dict[int, list[Membership]] = {}
        for place in Membership.objects.filter(user__in={row.user.pk for row in rows}):
            self._places.setdefault(place.user_id, []).append(place)

    def of(self, row: Good) -> int | None:
        day = row.at.date()
        for place in self._places.get(row.user.pk, ()):
            if place.begins <= day and (place.ends is None or day < place.ends):
                return place.team_id
        return None


def _touch(version_ids: set[int], *, now: datetime) -> None:
    claims = Mapping.objects.alive().filter(version__in=version_ids)
    outbox.touch(claims.values_list("behavior__objective", flat=True), now=now)


def _fail(found: CompletionImport, reason: str, *, now: datetime) -> None:
    CompletionImport.objects.filter(pk=found.pk, state=found.state).update(
        state=State.FAILED, failure=reason[:400], updated_at=now
    )
