"""The words of the example, read from the files beside this one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Office:
    name: str
    region: str
    zone: str
    reps: tuple[int, ...]  # one number for each sales role
    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class Company:
    name: str
    top: str
    sales_roles: tuple[tuple[str, str], ...]  # key, name
    regions: tuple[tuple[str, str], ...]  # name, its head
    offices: tuple[Office, ...]
    cast: Mapping[str, str]
    leads: tuple[str, ...]
    trainers: tuple[str, ...]


@dataclass(frozen=True)
class BehaviorText:
    code: str
    role: str
    say: str
    when: str
    standard: str
    critical: bool = False
    levels: tuple[str, str, str, str] = ("", "", "", "")


@dataclass(frozen=True)
class ObjectiveText:
    code: str
    owner: str
    days: int  # in force since, days ago
    title: str
    we_will: str
    we_stop: str
    segment: str
    hypothesis: str
    why: str
    measure: str
    baseline: int
    target: int
    unit: str
    behaviors: tuple[BehaviorText, ...]


@dataclass(frozen=True)
class StrategyText:
    name: str
    cycle: str
    statement: str
    themes: tuple[tuple[str, str], ...]  # key, name
    objectives: tuple[ObjectiveText, ...]


@dataclass(frozen=True)
class Teaching:
    behavior: str
    depth: int
    rationale: str


@dataclass(frozen=True)
class ModuleText:
    code: str
    owner: str
    title: str
    kind: str
    hours: float
    days: int  # first held, days ago
    share: float  # of the people invited
    who: tuple[str, ...]
    text: str
    teaches: tuple[Teaching, ...]
    rounds: int = 1


@dataclass(frozen=True)
class TrainingText:
    programs: tuple[tuple[str, str], ...]  # key, name
    modules: tuple[ModuleText, ...]


@dataclass(frozen=True)
class Voice:
    """How the field talks of one objective between two days."""

    objective: str
    count: int
    since: int
    until: int
    mix: tuple[int, ...]
    barriers: tuple[str, ...]
    sentences: Mapping[str, tuple[str, ...]]  # by stance


@dataclass(frozen=True)
class VoiceText:
    voices: tuple[Voice, ...]
    plants: tuple[str, ...]
    persons: tuple[str, ...]
    praise: tuple[str, ...]  # said after what works
    asides: tuple[str, ...]  # said after everything else
    seen: Mapping[int | None, tuple[str, ...]]  # evidence by level


@dataclass(frozen=True)
class Reply:
    objective: str
    days: int
    by: str
    kind: str
    reason: str
    action: str = ""


@dataclass(frozen=True)
class Story:
    recovery: Table
    revision: Table
    draft: Table
    taken: tuple[Table, ...]
    checkpoints: tuple[int, ...]
    answers: tuple[Reply, ...]


STANCES = ("works", "changes", "wont", "cannot")


def sentences(template: str, **slots: str) -> str:
    """Fill the slots of a text; what a slot begins is written large."""
    filled = template.format(**slots)
    return ". ".join(part[:1].upper() + part[1:] for part in filled.split(". "))


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def company() -> Company:
    raw = _read("company")
    offices = tuple(
        Office(
            name=row["name"],
            region=row["region"],
            zone=row["zone"],
            reps=tuple(row["reps"]),
            first=tuple(row["first"]),
            last=tuple(row["last"]),
        )
        for row in raw["offices"]
    )
    return Company(
        name=raw["name"],
        top=raw["top"],
        sales_roles=tuple((row["key"], row["name"]) for row in raw["sales_roles"]),
        regions=tuple((row["name"], row["head"]) for row in raw["regions"]),
        offices=offices,
        cast=raw["cast"],
        leads=tuple(raw["staff"]["leads"]),
        trainers=tuple(raw["staff"]["trainers"]),
    )


@cache
def strategy() -> StrategyText:
    raw = _read("strategy")
    return StrategyText(
        name=raw["name"],
        cycle=raw["cycle"],
        statement=raw["statement"].strip(),
        themes=tuple((row["key"], row["name"]) for row in raw["themes"]),
        objectives=tuple(_objective(row) for row in raw["objectives"]),
    )


def _objective(raw: Table) -> ObjectiveText:
    plain = {name: value for name, value in raw.items() if name != "behaviors"}
    return ObjectiveText(**plain, behaviors=tuple(_behavior(row) for row in raw["behaviors"]))


def _behavior(raw: Table) -> BehaviorText:
    levels = raw.get("levels", ["", "", "", ""])
    plain = {name: value for name, value in raw.items() if name != "levels"}
    return BehaviorText(**plain, levels=(levels[0], levels[1], levels[2], levels[3]))


@cache
def training() -> TrainingText:
    raw = _read("training")
    return TrainingText(
        programs=tuple((row["key"], row["name"]) for row in raw["programs"]),
        modules=tuple(_module(row) for row in raw["modules"]),
    )


def _module(raw: Table) -> ModuleText:
    special = {
        "who": tuple(raw["who"]),
        "text": raw["text"].strip(),
        "teaches": tuple(Teaching(*row) for row in raw["teaches"]),
    }
    return ModuleText(**{**raw, **special})


@cache
def voices() -> VoiceText:
    raw = _read("voices")
    seen: dict[int | None, tuple[str, ...]] = {
        level: tuple(raw["seen"][f"level_{level}"]) for level in (1, 2, 3, 4)
    }
    seen[None] = tuple(raw["seen"]["none"])
    return VoiceText(
        voices=tuple(_voice(row) for row in raw["voices"]),
        plants=tuple(raw["plants"]),
        persons=tuple(raw["persons"]),
        praise=tuple(raw["praise"]),
        asides=tuple(raw["asides"]),
        seen=seen,
    )


def _voice(raw: Table) -> Voice:
    return Voice(
        objective=raw["objective"],
        count=raw["count"],
        since=raw["from"],
        until=raw["to"],
        mix=tuple(raw["mix"]),
        barriers=tuple(raw["barriers"]),
        sentences={stance: tuple(raw[stance]) for stance in STANCES},
    )


@cache
def consulting() -> Table:
    """What was said in consultations, event by event, and how it was carried to the field."""
    return _read("consulting")


@cache
def story() -> Story:
    raw = _read("story")
    return Story(
        recovery=raw["recovery"],
        revision=raw["revision"],
        draft=raw["draft"],
        taken=tuple(raw["taken"]),
        checkpoints=tuple(row["days"] for row in raw["checkpoints"]),
        answers=tuple(Reply(**row) for row in raw["answers"]),
    )
