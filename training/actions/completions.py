"""Recording who completed what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from align.people.models import Membership, User
from strategy import outbox
from training.actions.words import Invalid, KeyReused, NotPublished
from training.models import Completion, Mapping, ModuleVersion


def teams_on(users: Iterable[User], day: date) -> dict[int, int]:
    """Return the team of each person on a day, by id; history never moves."""
    rows = Membership.objects.on(day).filter(user__in=list(users))
    return dict(rows.values_list("user_id", "team_id"))


@transaction.atomic
def complete(
    *,
    user: User,
    version: ModuleVersion,
    completed_at: datetime,
    source: str,
    external_id: str,
    now: datetime,
    score: Decimal | None = None,
) -> tuple[Completion, bool]:
    """Record one completion; the same source and id again is the same completion."""
    if completed_at > now:
        raise Invalid({"completed_at": "A completion cannot lie in the future."})
    made, created = Completion.objects.get_or_create(
        source=source,
        external_id=external_id,
        defaults={
            "user": user,
            "version": version,
            "team_id": teams_on([user], completed_at.date()).get(user.pk),
            "completed_at": completed_at,
            "score": score,
            "created_at": now,
        },
    )
    if created:
        touch_taught([version.pk], now=now)
    return made, created


@dataclass(frozen=True)
class Recorded:
    """How many completions a list gave, and how many of them were there already."""

    made: int
    known: int


@transaction.atomic
def record_completions(
    *,
    version: ModuleVersion,
    users: Sequence[User],
    completed_at: datetime,
    by: User,
    now: datetime,
) -> Recorded:
    """Record that these people completed a version on a day; once a person and day."""
    if version.state != ModuleVersion.State.PUBLISHED:
        raise NotPublished("Publish the module first; nobody can complete a draft.")
    if completed_at > now:
        raise Invalid({"completed_at": "A completion cannot lie in the future."})
    teams = teams_on(users, completed_at.date())
    keys = {user.pk: f"{version.pk}:{user.pk}:{completed_at.date()}" for user in users}
    known = Completion.objects.filter(source="by hand", external_id__in=keys.values()).count()
    Completion.objects.bulk_create(
        [
            Completion(
                user=user,
                version=version,
                team_id=teams.get(user.pk),
                completed_at=completed_at,
                source="by hand",
                external_id=keys[user.pk],
                created_at=now,
            )
            for user in users
        ],
        ignore_conflicts=True,
    )
    touch_taught([version.pk], now=now)
    return Recorded(made=len(keys) - known, known=known)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One completion as another system tells it; source and external id are its name."""

    user: User
    version: ModuleVersion
    completed_at: datetime
    source: str
    external_id: str
    score: Decimal | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.external_id

    def is_kept_by(self, row: Completion) -> bool:
        return (row.user_id, row.version_id, row.completed_at, row.score) == (
            self.user.pk,
            self.version.pk,
            self.completed_at,
            self.score,
        )


@transaction.atomic
def complete_all(*, rows: Sequence[Taken], now: datetime) -> Recorded:
    """Record many completions in a fixed number of queries; each source and id once.

    Raises Invalid with each row that lies in the future, named by its place (``3.completed_at``);
    KeyReused where a source and id belong to another completion. Then nothing is recorded.
    """
    late = [at for at, row in enumerate(rows) if row.completed_at > now]
    if late:
        said = "A completion cannot lie in the future."
        raise Invalid({f"{at}.completed_at": said for at in late})
    kept = {
        (row.source, row.external_id): row
        for row in Completion.objects.filter(
            source__in={row.source for row in rows},
            external_id__in={row.external_id for row in rows},
        )
    }
    places = _places(rows)
    new: dict[tuple[str, str], Completion] = {}
    for row in rows:
        known = kept.get(row.key) or new.get(row.key)
        if known is None:
            new[row.key] = _completion(row, places, now=now)
        elif not row.is_kept_by(known):
            raise KeyReused(f"“{row.external_id}” of “{row.source}” is another completion.")
    Completion.objects.bulk_create(new.values(), ignore_conflicts=True)
    touch_taught([row.version_id for row in new.values()], now=now)
    return Recorded(made=len(new), known=len(rows) - len(new))


def _places(rows: Sequence[Taken]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    for place in Membership.objects.filter(user__in={row.user.pk for row in rows}):
        found.setdefault(place.user_id, []).append(place)
    return found


def _completion(row: Taken, places: dict[int, list[Membership]], *, now: datetime) -> Completion:
    """Make the row; its team is the person's team of that day."""
    day = row.completed_at.date()
    team = next(
        (
            place.team_id
            for place in places.get(row.user.pk, ())
            if place.begins <= day and (place.ends is None or day < place.ends)
        ),
        None,
    )
    return Completion(
        user=row.user,
        version=row.version,
        team_id=team,
        completed_at=row.completed_at,
        score=row.score,
        source=row.source,
        external_id=row.external_id,
        created_at=now,
    )


def touch_taught(version_ids: Sequence[int], *, now: datetime) -> None:
    claims = Mapping.objects.alive().filter(version__in=version_ids)
    outbox.touch(claims.values_list("behavior__objective", flat=True), now=now)
