"""The training of the example: programs, modules, what they claim, and who came."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random

from align.example import days, learning, texts
from align.example.deciding import Decided
from align.example.staffing import Rep, Staff
from strategy.models import Depth
from training import actions as training
from training.models import Kind, Module, ModuleVersion, Program

SOURCE = "Thornwick academy"
WRITTEN_BEFORE = 3  # days between the draft of a module and its publication
SESSIONS = (0,) * 7 + (9, 9, 23)  # days after the first one: most come to it, few to the last
ROUND = 38  # days between two rounds of a follow-up
REFRESHER = (55, 0.8)  # days after the session, share of those who came who come again
BUSY_OFFICES = {"Atlanta": 0.8, "Monterrey": 0.75, "Lyon": 0.9}


@dataclass(frozen=True, slots=True)
class Came:
    """One completion, its fields named like the columns of the table."""

    user_id: int
    version_id: int
    team_id: int
    completed_at: datetime
    score: Decimal | None
    source: str
    external_id: str
    created_at: datetime


@dataclass
class Taught:
    modules: dict[str, Module] = field(default_factory=dict)


def teach(*, staff: Staff, decided: Decided, calendar: days.Calendar) -> Taught:
    """Publish the modules and map them, each on its day."""
    text = texts.training()
    programs = {
        key: Program.objects.create(name=name, position=place, example=True)
        for place, (key, name) in enumerate(text.programs, start=1)
    }
    in_force = {row.code: row.days for row in texts.strategy().objectives}
    taught = Taught()
    for words in sorted(text.modules, key=lambda words: -words.days):
        module, version = _publish(words, programs[words.code.split("-")[0]], staff, calendar)
        taught.modules[words.code] = module
        for claim in words.teaches:
            objective = claim.behavior.split(".")[0]
            training.map_behavior(
                version=version,
                behavior=decided.behaviors[claim.behavior],
                audiences=None,
                depth=Depth(claim.depth),
                rationale=claim.rationale,
                by=module.owner,
                now=calendar.at(min(words.days, in_force[objective]) - 1, hour=15),
            )
    return taught


def _publish(
    words: texts.ModuleText, program: Program, staff: Staff, calendar: days.Calendar
) -> tuple[Module, ModuleVersion]:
    module = training.add_module(
        code=words.code,
        program=program,
        title=words.title,
        kind=Kind(words.kind),
        hours=Decimal(str(words.hours)),
        content=learning.text_of(words.code, words.text),
        link="",
        questions=learning.quiz_of(words.code),
        owner=staff.named(words.owner),
        now=calendar.at(words.days + WRITTEN_BEFORE),
        example=True,
    )
    version = training.publish_module(
        module=module, by=module.owner, now=calendar.at(words.days, hour=7)
    )
    module.refresh_from_db()
    return module, version


def complete(*, staff: Staff, taught: Taught, calendar: days.Calendar) -> list[Came]:
    """Return who came when, not yet saved, oldest first."""
    made = [
        completion
        for words in texts.training().modules
        for completion in _of_module(words, taught.modules[words.code], staff, calendar)
    ]
    return sorted(made, key=lambda row: (row.completed_at, row.external_id))


def _of_module(
    words: texts.ModuleText, module: Module, staff: Staff, calendar: days.Calendar
) -> Iterator[Came]:
    chance = days.chance(f"completions {words.code}")
    # An office goes together: its day is a little after the first one.
    office_days = {office.name: chance.randint(1, 12) for office in texts.company().offices}
    teams = {name: team.pk for name, team in staff.teams.items()}
    number, version = 0, module.current
    if version is None:
        raise ValueError(f"{module.code} is not published.")
    for rep in staff.reps:
        if rep.role not in words.who:
            continue
        for when in _dates(words, rep, office_days, calendar, chance):
            office = rep.office_on(when.date())
            if office is None:
                continue
            number += 1
            yield Came(
                user_id=rep.user.pk,
                version_id=version.pk,
                team_id=teams[office],
                completed_at=when,
                score=_score(words, chance),
                source=SOURCE,
                external_id=f"{words.code}/{number:04}",
                created_at=when,
            )


def _dates(
    words: texts.ModuleText,
    rep: Rep,
    office_days: dict[str, int],
    calendar: days.Calendar,
    chance: Random,
) -> Iterator[datetime]:
    """The days on which one rep came; those who joined later come in their first weeks."""
    office = rep.places[-1].office
    if chance.random() > words.share * BUSY_OFFICES.get(office, 1.0):
        return
    here_since = (calendar.now.date() - rep.places[0].begins).days
    first = words.days - office_days[office] - chance.choice(SESSIONS)
    first = min(first, here_since - chance.randint(6, 25))
    for turn in range(words.rounds):
        ago = first - turn * ROUND
        if ago >= 1 and (turn == 0 or chance.random() < 0.85):
            yield calendar.workday(ago, chance)
    again = first - REFRESHER[0] - chance.randint(0, 20)
    if words.rounds == 1 and again >= 1 and chance.random() < REFRESHER[1]:
        yield calendar.workday(again, chance)


def _score(words: texts.ModuleText, chance: Random) -> Decimal | None:
    if words.kind != Kind.EXPLANATION:
        return None
    return Decimal(min(100, round(chance.gauss(84, 9))))
