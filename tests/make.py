"""Typed makers of test rows. Each does what the product's own actions do."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from align.people.models import Membership, Role, SalesRole, Team, User
from feedback import actions as feedback
from feedback.models import Report, Stance
from strategy import actions as strategy
from strategy import consultation
from strategy.actions import BehaviorWords, Words
from strategy.models import (
    Behavior,
    Concern,
    Depth,
    Objective,
    Position,
    Round,
    Strategy,
    Theme,
)
from training import actions as training
from training.models import Completion, Kind, Mapping, Module, Program

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=365)
FIRST_DAY = LONG_AGO.date()

_number = count(1)


@dataclass(frozen=True)
class Cast:
    """Lena leads, Tom trains, Mia manages, Rosa sells in Mia's team, Ada administers."""

    lena: User
    tom: User
    mia: User
    rosa: User
    ada: User
    team: Team
    role: SalesRole


def cast() -> Cast:
    north = team("North")
    seller = sales_role()
    return Cast(
        lena=user("Lena", Role.LEAD),
        tom=user("Tom", Role.TRAINER),
        mia=user("Mia", Role.MANAGER, team=north),
        rosa=user("Rosa", Role.REP, team=north, sales_role=seller),
        ada=user("Ada", Role.ADMIN),
        team=north,
        role=seller,
    )


def user(
    name: str = "",
    *roles: Role,
    team: Team | None = None,
    sales_role: SalesRole | None = None,
    begins: date = FIRST_DAY,
) -> User:
    name = name or f"Person {next(_number)}"
    made = User(email=f"{name.lower().replace(' ', '.')}@example.com", name=name, roles=list(roles))
    made.set_password("a long password")
    made.save()
    if team is not None:
        Membership.objects.create(user=made, team=team, sales_role=sales_role, begins=begins)
    return made


def reps(n: int, *, team: Team, sales_role: SalesRole) -> list[User]:
    return [user("", Role.REP, team=team, sales_role=sales_role) for _ in range(n)]


def team(name: str = "", *, parent: Team | None = None) -> Team:
    made, _ = Team.objects.get_or_create(
        name=name or f"Team {next(_number)}", defaults={"parent": parent}
    )
    return made


def sales_role(name: str = "Account executive") -> SalesRole:
    made, _ = SalesRole.objects.get_or_create(name=name)
    return made


def active_strategy(*, lead: User, teams: Sequence[Team], name: str = "") -> Strategy:
    made = strategy.create_strategy(
        name=name or f"Strategy {next(_number)}", lead=lead, teams=teams, now=LONG_AGO
    )
    return strategy.activate(strategy=made, by=lead, now=LONG_AGO)


def theme(strategy_: Strategy, name: str = "Sell uptime") -> Theme:
    return strategy.add_theme(strategy=strategy_, name=name)


def words(title: str = "Price on guaranteed uptime") -> Words:
    return Words(
        title=title,
        we_will="We will price on guaranteed hours.",
        we_stop="We stop discounting hardware.",
        segment="Plants with more than 12 pumps",
        hypothesis="because a stopped line costs more than a pump",
        why="Discounts cost us margin and bought no loyalty.",
    )


def behavior_words(
    code: str = "B1",
    *,
    sales_role: SalesRole,
    critical: bool = True,
    statement: str = "Opens the price talk with the cost of an hour of downtime",
    required_depth: Depth | None = None,
) -> BehaviorWords:
    return BehaviorWords(
        code=code,
        sales_role=sales_role,
        statement=statement,
        critical=critical,
        required_depth=required_depth,
    )


def draft(
    *,
    strategy_: Strategy,
    by: User,
    owner: User | None = None,
    code: str = "",
    title: str = "Price on guaranteed uptime",
    behaviors: Sequence[BehaviorWords] = (),
    now: datetime = LONG_AGO,
) -> Objective:
    return strategy.add_objective(
        strategy=strategy_,
        theme=theme(strategy_),
        code=code or f"A{next(_number)}",
        owner=owner or by,
        words=words(title),
        behaviors=behaviors or [behavior_words(sales_role=sales_role())],
        by=by,
        now=now,
    )


def publish(objective: Objective, *, by: User, now: datetime = LONG_AGO) -> Objective:
    """Publish the draft of an objective as it stands."""
    revision = objective.revisions.drafts().get()
    return strategy.publish(revision=revision, edits=revision.edits, by=by, now=now)


def objective(
    *,
    strategy_: Strategy,
    by: User,
    owner: User | None = None,
    code: str = "",
    title: str = "Price on guaranteed uptime",
    behaviors: Sequence[BehaviorWords] = (),
    now: datetime = LONG_AGO,
) -> Objective:
    """Make an objective in force since ``now``."""
    made = draft(
        strategy_=strategy_,
        by=by,
        owner=owner,
        code=code,
        title=title,
        behaviors=behaviors,
        now=now,
    )
    return publish(made, by=by, now=now)


def revise(
    objective: Objective,
    *,
    by: User,
    words: Words | None = None,
    behaviors: Sequence[BehaviorWords] | None = None,
    reason: str = "The field asked for it.",
    now: datetime = NOW,
) -> Objective:
    """Publish the next revision of an objective with other words or behaviors."""
    revision = strategy.open_draft(objective=objective, by=by, now=now)
    kept = Words(**{name: getattr(revision, name) for name in strategy.WORDS})
    revision = strategy.edit_draft(
        revision=revision,
        words=words or kept,
        behaviors=strategy.behavior_words(revision) if behaviors is None else behaviors,
        reason=reason,
        edits=revision.edits,
        by=by,
        now=now,
    )
    return strategy.publish(revision=revision, edits=revision.edits, by=by, now=now)


def behavior(objective: Objective, code: str = "B1") -> Behavior:
    return Behavior.objects.get(objective=objective, code=code)


def module(
    *,
    owner: User,
    kind: Kind = Kind.PRACTICE,
    title: str = "Holding price: the three-move drill",
    code: str = "",
    program: str = "Negotiation",
    now: datetime = LONG_AGO,
) -> Module:
    """Make a published module."""
    made = training.add_module(
        code=code or f"M{next(_number)}",
        program=Program.objects.get_or_create(name=program)[0],
        title=title,
        kind=kind,
        hours=Decimal("1.5"),
        content="Say it out loud, three times.",
        link="",
        owner=owner,
        now=now,
    )
    training.publish_module(module=made, by=owner, now=now)
    made.refresh_from_db()
    return made


def mapping(
    *,
    module: Module,
    behavior: Behavior,
    depth: Depth = Depth.PRACTICED,
    now: datetime = LONG_AGO,
) -> Mapping:
    assert module.current is not None
    made = training.map_behavior(
        version=module.current,
        behavior=behavior,
        audiences=None,
        depth=depth,
        rationale="The second half is the drill.",
        by=module.owner,
        now=now,
    )
    return made[0]


def completion(
    *, user: User, module: Module, completed_at: datetime = NOW - timedelta(days=20)
) -> Completion:
    assert module.current is not None
    made, _ = training.complete(
        user=user,
        version=module.current,
        completed_at=completed_at,
        source="test",
        external_id=str(uuid.uuid4()),
        now=completed_at,
    )
    return made


def report(
    *,
    author: User,
    objective: Objective | None,
    stance: Stance = Stance.WONT,
    text: str = "Purchasing has a hardware line and nothing else.",
    barriers: Sequence[str] = (),
    now: datetime = NOW,
) -> Report:
    made, _ = feedback.submit(
        author=author,
        client_key=uuid.uuid4(),
        stance=stance,
        barriers=list(barriers),
        text=text,
        occasion="",
        objective=objective,
        behavior=None,
        module=None,
        for_manager=False,
        now=now,
    )
    return made


def round_(
    objective: Objective,
    *,
    by: User,
    people: Sequence[User],
    closes_on: date | None = None,
    now: datetime = NOW,
) -> Round:
    """Share the draft of an objective as it stands."""
    revision = objective.revisions.drafts().get()
    return consultation.open_round(
        revision=revision,
        edits=revision.edits,
        people=people,
        closes_on=closes_on or (now + timedelta(days=10)).date(),
        by=by,
        now=now,
    )


def position(
    round_: Round,
    *,
    by: User,
    stance: Position.Stance = Position.Stance.READY,
    why: str = "A stopped line costs our customer more than any pump.",
    now: datetime = NOW,
) -> Position:
    note = "" if stance == Position.Stance.READY else "Dairies have a hardware line only."
    return consultation.take_position(
        round_=round_, by=by, stance=stance, why=why, note=note, now=now
    )


def paragraph(round_: Round, part: str = "we_will") -> int:
    """Return the number of the first paragraph of a part of the text."""
    return next(int(row["number"]) for row in round_.text if row["part"] == part)


def concern(
    round_: Round,
    *,
    by: User,
    part: str = "we_will",
    symptom: str = "Reps will hide the discount in free installation.",
    check_on: date | None = None,
    now: datetime = NOW,
) -> Concern:
    return consultation.raise_concern(
        round_=round_,
        by=by,
        paragraph=paragraph(round_, part),
        symptom=symptom,
        check_on=check_on or (now + timedelta(days=60)).date(),
        seen=9,
        visits=11,
        now=now,
    )
