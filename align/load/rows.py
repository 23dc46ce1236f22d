"""What a good row of each file says, checked as far as the row alone can be."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from align.load.cells import Cells
from align.load.reading import Row
from align.people.models import Role, SalesRole, Team, User, real_zone
from feedback.models import Report, Stance
from strategy import observable
from strategy.models import (
    Barrier,
    Behavior,
    BehaviorRevision,
    Depth,
    Objective,
    Revision,
    Theme,
)
from training.models import Completion, Kind, Mapping, Module, ModuleVersion, Observation, Program

ROLES = {str(role.label).lower(): role for role in Role} | {role.value: role for role in Role}
DEPTHS = {depth.label.lower(): depth for depth in Depth if depth != Depth.NONE}
KINDS = {kind.value: kind for kind in Kind}
STANCES = {str(stance.label).lower(): stance for stance in Stance} | {
    stance.value: stance for stance in Stance
}
BARRIERS = {barrier.value: barrier for barrier in Barrier}
LEVELS: dict[str, int | None] = {"1": 1, "2": 2, "3": 3, "4": 4, "": None, "no chance": None}
MOST_MEASURE = Decimal("999999999999")


def most(model: type[models.Model], field: str) -> int | None:
    """Return how long a field may be, so that a row is refused before the database does."""
    found: Any = model._meta.get_field(field)
    length: int | None = getattr(found, "max_length", None)
    return length


@dataclass(frozen=True)
class PersonRow:
    email: str
    name: str
    roles: tuple[Role, ...]
    sales_role: str
    team: str
    parent_team: str
    begins: date | None
    zone: str


def person(row: Row) -> PersonRow:
    cells = Cells(row)
    read = PersonRow(
        email=cells.email("email"),
        name=cells.text("name", most=most(User, "name")),
        roles=cells.each_of("role", ROLES),
        sales_role=cells.text("sales_role", most=most(SalesRole, "name"), needed=False),
        team=cells.text("team", most=most(Team, "name"), needed=False),
        parent_team=cells.text("parent_team", most=most(Team, "name"), needed=False),
        begins=cells.day("begins"),
        zone=cells.text("zone", most=most(User, "zone"), needed=False),
    )
    if not read.roles:
        cells.refuse("role", "This cell is empty.")
    if read.parent_team and not read.team:
        cells.refuse("parent_team", "A team above needs a team below it.")
    if read.parent_team and read.parent_team == read.team:
        cells.refuse("parent_team", "A team cannot stand below itself.")
    if read.zone and not is_zone(read.zone):
        cells.refuse("zone", f"“{read.zone}” is not a time zone such as Europe/Paris.")
    cells.check()
    return read


@cache
def is_zone(name: str) -> bool:
    """Whether the machine knows this time zone; it reads a folder of files to find out."""
    try:
        real_zone(name)
    except ValidationError:
        return False
    return True


@dataclass(frozen=True)
class ObjectiveRow:
    code: str
    theme: str
    owner: str
    effective_from: date | None
    reason: str
    words: dict[str, Any]  # what the file says, named like strategy.actions.Words


def objective(row: Row) -> ObjectiveRow:
    cells = Cells(row)
    words: dict[str, Any] = {
        "title": cells.text("title", most=most(Revision, "title")),
        "we_will": cells.text("we_will", most=most(Revision, "we_will")),
        "we_stop": cells.text("we_stop", most=most(Revision, "we_stop")),
        "segment": cells.text("segment", most=most(Revision, "segment")),
        "hypothesis": cells.text("because", most=most(Revision, "hypothesis")),
        "why": cells.text("why", most=most(Revision, "why")),
    }
    optional: dict[str, Any] = {
        "measure": cells.text("measure", most=most(Revision, "measure"), needed=False),
        "unit": cells.text("unit", most=most(Revision, "unit"), needed=False),
        "baseline": cells.number("baseline", least=-MOST_MEASURE, most=MOST_MEASURE),
        "target": cells.number("target", least=-MOST_MEASURE, most=MOST_MEASURE),
        "measure_by": cells.day("measure_by"),
    }
    read = ObjectiveRow(
        code=cells.text("code", most=most(Objective, "code")),
        theme=cells.text("theme", most=most(Theme, "name")),
        owner=cells.email("owner"),
        effective_from=cells.day("effective_from"),
        reason=cells.text("reason", most=most(Revision, "reason"), needed=False),
        words=words | {name: value for name, value in optional.items() if row.has(name)},
    )
    cells.check()
    return read


@dataclass(frozen=True)
class BehaviorRow:
    code: str
    objective: str
    sales_role: str
    critical: bool
    required_depth: Depth | None
    teams: tuple[str, ...]
    words: dict[str, Any]  # what the file says, named like strategy.actions.BehaviorWords
    levels: tuple[str | None, ...]
    row: Row


def behavior(row: Row) -> BehaviorRow:
    cells = Cells(row)
    statement = cells.text("statement", most=most(BehaviorRevision, "statement"))
    refused = observable.refusal(statement) if statement else None
    if refused:
        cells.refuse("statement", refused)
    words: dict[str, Any] = {
        "occasion": cells.said("occasion", most=most(BehaviorRevision, "occasion")),
        "standard": cells.said("standard", most=most(BehaviorRevision, "standard")),
        "needs": cells.said_parts("needs", most=200),
        "stops": cells.said_parts("stops", most=200),
    }
    said = {name: value for name, value in words.items() if value is not None}
    depth = None
    if row["required_depth"]:
        depth = cells.one_of("required_depth", DEPTHS, otherwise=Depth.EXPLAINED)
    read = BehaviorRow(
        code=cells.text("code", most=most(Behavior, "code")),
        objective=cells.text("objective", most=most(Objective, "code")),
        sales_role=cells.text("sales_role", most=most(SalesRole, "name")),
        critical=cells.yes("critical"),
        required_depth=depth,
        teams=cells.parts("teams"),
        words=said | {"statement": statement},
        levels=tuple(
            cells.said(f"level_{level}", most=most(BehaviorRevision, f"level_{level}"))
            for level in (1, 2, 3, 4)
        ),
        row=row,
    )
    cells.check()
    return read


@dataclass(frozen=True)
class ModuleRow:
    code: str
    program: str
    title: str
    kind: Kind
    hours: Decimal
    content: str
    link: str
    owner: str


def module(row: Row) -> ModuleRow:
    cells = Cells(row)
    hours = cells.number("hours", least=Decimal("0.01"), most=Decimal(400), needed=True)
    read = ModuleRow(
        code=cells.text("code", most=most(Module, "code")),
        program=cells.text("program", most=most(Program, "name")),
        title=cells.text("title", most=most(ModuleVersion, "title")),
        kind=cells.one_of("kind", KINDS, otherwise=Kind.ANNOUNCEMENT),
        hours=hours or Decimal(1),
        content=cells.text("content", most=most(ModuleVersion, "content"), needed=False),
        link=cells.text("link", most=most(ModuleVersion, "link"), needed=False),
        owner=cells.email("owner"),
    )
    if read.link and not read.link.startswith(("https://", "http://")):
        cells.refuse("link", "A link begins with https:// or http://.")
    cells.check()
    return read


@dataclass(frozen=True)
class MappingRow:
    module: str
    behavior: str
    depth: Depth
    rationale: str


def mapping(row: Row) -> MappingRow:
    cells = Cells(row)
    read = MappingRow(
        module=cells.text("module", most=most(Module, "code")),
        behavior=cells.text("behavior", most=most(Behavior, "code")),
        depth=cells.one_of("depth", DEPTHS, otherwise=Depth.NAMED),
        rationale=cells.text("rationale", most=most(Mapping, "rationale"), needed=False),
    )
    cells.check()
    return read


@dataclass(frozen=True)
class CompletionRow:
    module: str
    email: str
    completed_at: datetime
    score: Decimal | None
    source: str
    external_id: str


def completion(row: Row, *, now: datetime) -> CompletionRow:
    cells = Cells(row)
    read = CompletionRow(
        module=cells.text("module", most=most(Module, "code")),
        email=cells.email("email"),
        completed_at=cells.moment("completed_at", now=now),
        score=cells.number("score", least=Decimal(0), most=Decimal(100)),
        source=cells.text("source", most=most(Completion, "source"), needed=False),
        external_id=cells.text("external_id", most=most(Completion, "external_id"), needed=False),
    )
    cells.check()
    return read


@dataclass(frozen=True)
class ObservationRow:
    email: str
    behavior: str
    observer: str
    observed_at: datetime
    level: int | None
    occasion: str
    evidence: str
    key: str


def observation(row: Row, *, now: datetime) -> ObservationRow:
    cells = Cells(row)
    read = ObservationRow(
        email=cells.email("email"),
        behavior=cells.text("behavior", most=most(Behavior, "code")),
        observer=cells.email("observer"),
        observed_at=cells.moment("observed_at", now=now),
        level=cells.one_of("level", LEVELS, otherwise=None),
        occasion=cells.text("occasion", most=most(Observation, "occasion"), needed=False),
        evidence=cells.text("evidence", most=most(Observation, "evidence"), needed=False),
        key=cells.text("key", most=200, needed=False),
    )
    if read.email and read.email == read.observer:
        cells.refuse("observer", "Nobody observes themselves.")
    cells.check()
    return read


@dataclass(frozen=True)
class ReportRow:
    email: str
    objective: str
    behavior: str
    module: str
    stance: Stance
    barriers: tuple[Barrier, ...]
    text: str
    occasion: str
    for_manager: bool
    created_at: datetime
    key: str


def report(row: Row, *, now: datetime) -> ReportRow:
    cells = Cells(row)
    read = ReportRow(
        email=cells.email("email"),
        objective=cells.text("objective", most=most(Objective, "code"), needed=False),
        behavior=cells.text("behavior", most=most(Behavior, "code"), needed=False),
        module=cells.text("module", most=most(Module, "code"), needed=False),
        stance=cells.one_of("stance", STANCES, otherwise=Stance.WORKS),
        barriers=cells.each_of("barriers", BARRIERS),
        text=cells.text("text", most=most(Report, "text"), needed=False),
        occasion=cells.text("occasion", most=most(Report, "occasion"), needed=False),
        for_manager=cells.yes("for_manager"),
        created_at=cells.moment("created_at", now=now),
        key=cells.text("key", most=200, needed=False),
    )
    cells.check()
    return read
