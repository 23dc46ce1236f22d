"""Sharing a draft, and whom to ask."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import formats

from align.notices import actions as notices
from align.people.models import AudienceMember, Membership, Role, Team, TeamTree, User
from strategy import actions, days, text
from strategy.actions import Invalid
from strategy.consultation.doors import locked_draft, locked_round, record
from strategy.models import Objective, Participant, Revision, Round

PEOPLE_AT_MOST = 200


def usual_participants(draft: Revision, *, today: date) -> list[User]:
    """Whom to ask where nobody else is named, by name.

    Every trainer of the audience: those who work in an affected team, above it, or in none; and
    of each affected team the manager nearest to it. Affected are the teams the people of the
    draft's audiences are in on the day.
    """
    teams = _affected_teams(draft, today=today)
    near = _nearest_managers(teams, today=today)
    placed = Membership.objects.on(today)
    around = TeamTree.objects.filter(team__in=teams).values("ancestor")
    trainers = User.objects.with_role(Role.TRAINER).filter(
        ~Q(pk__in=placed.values("user")) | Q(pk__in=placed.filter(team__in=around).values("user"))
    )
    return list(
        User.objects.filter(Q(pk__in=trainers.values("pk")) | Q(pk__in=near), is_active=True)
        .order_by("name", "pk")
        .distinct()
    )


def _affected_teams(draft: Revision, *, today: date) -> set[int]:
    members = AudienceMember.objects.on(today)
    named = members.filter(audience__in=draft.behaviors.exclude(audiences=None).values("audiences"))
    teams = set(named.values_list("team", flat=True))
    roles = list(draft.behaviors.filter(audiences=None).values_list("sales_role", flat=True))
    if roles:
        below = TeamTree.objects.filter(
            ancestor__in=draft.objective.strategy.teams.values("pk")
        ).values("team")
        everyone = Membership.objects.on(today).filter(sales_role__in=roles, team__in=below)
        teams |= set(everyone.values_list("team", flat=True))
    return teams


def _nearest_managers(teams: Iterable[int], *, today: date) -> set[int]:
    """One manager a team: in it, or in the nearest team above that has one; first by name."""
    above = dict(Team.objects.values_list("pk", "parent"))
    managers: dict[int, int] = {}
    rows = (
        Membership.objects.on(today)
        .filter(user__roles__contains=[Role.MANAGER], user__is_active=True)
        .order_by("user__name", "user")
    )
    for team, user in rows.values_list("team", "user"):
        managers.setdefault(team, user)
    found = set()
    for team in teams:
        place: int | None = team
        while place is not None and place not in managers:
            place = above.get(place)
        if place is not None:
            found.add(managers[place])
    return found


@transaction.atomic
def open_round(
    *,
    revision: Revision,
    edits: int,
    people: Sequence[User],
    closes_on: date,
    by: User,
    now: datetime,
) -> Round:
    """Share a draft as it stands with these people, until the end of a day.

    A round that is open ends with it: what people say belongs to the newest text. Raises Invalid
    with each missing field, StaleDraft where somebody saved since, NotADraft.
    """
    draft = locked_draft(revision, edits=edits)
    errors = lacking(draft) | _wrong_people(people)
    closes_at = end_of(closes_on, draft)
    if closes_at <= now:
        errors["closes_on"] = "Choose a day to come."
    if errors:
        raise Invalid(errors)
    earlier = draft.rounds.first()
    draft.rounds.filter(closed_at=None).update(closed_at=now)
    made = Round.objects.create(
        revision=draft,
        number=earlier.number + 1 if earlier else 1,
        text=text.frozen(text.paragraphs(draft)),
        edits=draft.edits,
        opened_by=by,
        opened_at=now,
        closes_at=closes_at,
    )
    Objective.objects.filter(pk=draft.objective_id, state=Objective.State.DRAFT).update(
        state=Objective.State.CONSULTATION
    )
    record(
        "consultation opened",
        round_=made,
        after={
            "draft": made.number,
            "until": closes_on,
            "asked": [person.name for person in people],
        },
        by=by,
        now=now,
    )
    _ask(made, people, now=now)
    return made


def lacking(draft: Revision) -> dict[str, str]:
    """Name everything a draft lacks before people can be asked about it."""
    later = {"reason", "strategy"}  # said when it is published
    return {name: words for name, words in actions.missing(draft).items() if name not in later}


def _wrong_people(people: Sequence[User]) -> dict[str, str]:
    if not people:
        return {"people": "Name at least one person to ask."}
    if len(people) > PEOPLE_AT_MOST:
        return {"people": f"Ask at most {PEOPLE_AT_MOST} people at once."}
    wrong = [
        person.name
        for person in people
        if not (person.is_active and (person.is_trainer or person.is_manager or person.is_lead))
    ]
    if wrong:
        return {"people": f"{', '.join(wrong)}: neither trainer nor manager nor lead."}
    return {}


def end_of(day: date, draft: Revision) -> datetime:
    """The last moment of a day where the strategy lives: the first one of the next."""
    return days.first_moment(day + timedelta(days=1), strategy=draft.objective.strategy)


def _ask(round_: Round, people: Sequence[User], *, now: datetime) -> None:
    Participant.objects.bulk_create(
        [
            Participant(round=round_, person=person, asked_as=asked_as(person), asked_at=now)
            for person in people
        ],
        ignore_conflicts=True,
    )
    draft = round_.revision
    until = formats.date_format(round_.last_day, "j F")
    notices.send(
        [
            notices.Message(
                person_id=person.pk,
                key=f"asked:{round_.pk}",
                text=f"Can you teach “{draft.title}”? Draft {round_.number} waits for your answer "
                f"until {until}.",
                link=round_.get_absolute_url(),
                at_once=True,
            )
            for person in people
        ],
        now=now,
    )


def asked_as(person: User) -> str:
    if person.is_trainer:
        return Participant.As.TRAINER
    return Participant.As.MANAGER if person.is_manager else Participant.As.OTHER


@transaction.atomic
def add_participants(*, round_: Round, people: Sequence[User], by: User, now: datetime) -> Round:
    """Ask more people in an open round. Who is asked already stays asked. Raises Invalid."""
    found = locked_round(round_, now=now)
    if errors := _wrong_people(people):
        raise Invalid(errors)
    _ask(found, people, now=now)
    record(
        "more people asked",
        round_=found,
        after={"asked": [person.name for person in people]},
        by=by,
        now=now,
    )
    return found


@transaction.atomic
def extend(*, round_: Round, closes_on: date, by: User, now: datetime) -> Round:
    """Give an open round another last day. Raises Invalid, RoundClosed."""
    found = locked_round(round_, now=now)
    closes_at = end_of(closes_on, found.revision)
    if closes_at <= now:
        raise Invalid({"closes_on": "Choose a day to come."})
    before = found.last_day
    found.closes_at = closes_at
    found.save(update_fields=["closes_at"])
    record(
        "consultation extended",
        round_=found,
        before={"until": before},
        after={"until": closes_on},
        by=by,
        now=now,
    )
    return found


@transaction.atomic
def close_round(*, round_: Round, by: User, now: datetime) -> Round:
    """End a round before its day. What was said stands. Raises RoundClosed."""
    found = locked_round(round_, now=now)
    found.closed_at = now
    found.save(update_fields=["closed_at"])
    record("consultation closed", round_=found, by=by, now=now)
    return found
