"""What the reps wrote, with the story in it."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from align.example import days, texts
from align.example.staffing import Rep, Staff
from align.people.models import Team
from feedback.models import NEGATIVE, Stance

ACKNOWLEDGED_AFTER = 2  # days
NEWEST = 2  # days; what is younger nobody has read yet
FOR_MANAGER = 0.35
NAMES_A_BEHAVIOR = 0.6
ROSA_TALKS_OF = {"A1", "A3", "A5", "D2"}  # so that she finds answers to her own reports
ONE_VOICE_IN = 1.6  # reports of one objective, spread over this share of people


@dataclass(frozen=True)
class Said:
    """One report, before it is a row: the revision it is about is the one of its day."""

    rep: Rep
    team: Team
    objective: str
    behavior: str
    stance: Stance
    barriers: tuple[str, ...]
    text: str
    occasion: str
    for_manager: bool
    client_key: uuid.UUID
    at: datetime
    acknowledged_at: datetime | None


def talk(*, staff: Staff, calendar: days.Calendar) -> list[Said]:
    """Return everything the field said, oldest first."""
    said = [
        one
        for number, voice in enumerate(texts.voices().voices)
        for one in _of_voice(voice, staff, calendar, days.chance(f"voice {number}"))
    ]
    return sorted(said, key=lambda one: (one.at, one.client_key))


def _of_voice(
    voice: texts.Voice, staff: Staff, calendar: days.Calendar, chance: Random
) -> Iterator[Said]:
    asked = _asked(voice.objective)
    speakers = [
        rep
        for rep in staff.reps
        if rep.role in asked and (calendar.now.date() - rep.places[0].begins).days > voice.since
    ]
    chance.shuffle(speakers)
    if voice.objective in ROSA_TALKS_OF:
        rosa = texts.company().cast["rosa"]
        speakers.sort(key=lambda rep: rep.user.name != rosa)
    number = max(1, min(voice.count, round(voice.count / ONE_VOICE_IN) + 2, len(speakers)))
    stances = _stances(voice, chance)
    for place in range(voice.count):
        rep = speakers[place % number]
        when = calendar.workday(chance.randint(voice.until, voice.since), chance)
        office = rep.office_on(when.date())
        if office is None:
            continue
        yield _said(voice, rep, staff.teams[office], stances[place], when, asked, calendar, chance)


def _asked(objective: str) -> Mapping[str, list[texts.BehaviorText]]:
    """By sales role, what an objective asks. What is about no objective, anybody may say."""
    asked: dict[str, list[texts.BehaviorText]] = {}
    if not objective:
        return {key: [] for key, _ in texts.company().sales_roles}
    for text in texts.strategy().objectives:
        for behavior in text.behaviors if text.code == objective else ():
            asked.setdefault(behavior.role, []).append(behavior)
    return asked


def _stances(voice: texts.Voice, chance: Random) -> list[Stance]:
    """As many of each as the mix says, in the order of chance."""
    whole = sum(voice.mix)
    stances = [
        Stance(stance)
        for stance, weight in zip(texts.STANCES, voice.mix, strict=True)
        for _ in range(round(voice.count * weight / whole))
    ]
    most = Stance(texts.STANCES[voice.mix.index(max(voice.mix))])
    stances = (stances + [most] * voice.count)[: voice.count]
    chance.shuffle(stances)
    return stances


def _said(
    voice: texts.Voice,
    rep: Rep,
    team: Team,
    stance: Stance,
    when: datetime,
    asked: Mapping[str, list[texts.BehaviorText]],
    calendar: days.Calendar,
    chance: Random,
) -> Said:
    behaviors = asked[rep.role]
    behavior = None
    if behaviors and chance.random() < NAMES_A_BEHAVIOR:
        behavior = chance.choice(behaviors)
    read = when <= calendar.at(NEWEST) and chance.random() < 0.96
    return Said(
        rep=rep,
        team=team,
        objective=voice.objective,
        behavior=behavior.code if behavior else "",
        stance=stance,
        barriers=_barriers(voice, stance, chance),
        text=_text(voice, stance, chance),
        occasion=behavior.when if behavior else "",
        for_manager=chance.random() < FOR_MANAGER,
        client_key=uuid.UUID(int=chance.getrandbits(128), version=4),
        at=when,
        acknowledged_at=_read_at(when, calendar, chance) if read else None,
    )


def _read_at(when: datetime, calendar: days.Calendar, chance: Random) -> datetime:
    age = (calendar.now - when).days
    return max(when, calendar.at(max(age - chance.randint(1, ACKNOWLEDGED_AFTER), 0), hour=17))


def _barriers(voice: texts.Voice, stance: Stance, chance: Random) -> tuple[str, ...]:
    if stance == Stance.WORKS or (stance not in NEGATIVE and chance.random() < 0.5):
        return ()
    first = chance.choice(voice.barriers)
    second = chance.choice(voice.barriers) if chance.random() < 0.2 else first
    return tuple(dict.fromkeys([first, second]))


def _text(voice: texts.Voice, stance: Stance, chance: Random) -> str:
    voices = texts.voices()
    said = texts.sentences(
        chance.choice(voice.sentences[stance.value]),
        plant=chance.choice(voices.plants),
        person=chance.choice(voices.persons),
        weeks=chance.choice(["three", "four", "five", "six", "seven", "nine"]),
    )
    aside = chance.choice(voices.praise if stance == Stance.WORKS else voices.asides)
    return f"{said} {aside}".strip()
