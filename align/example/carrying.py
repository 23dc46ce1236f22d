"""How a choice of the example reached the field: briefs, teach-backs, who read and remembers it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from align.example import days, texts
from align.example.deciding import Decided
from align.example.staffing import Rep, Staff
from strategy import history, owning, recall
from strategy.models import Acknowledgment, History, Objective, RecallCheck, Revision

# How likely somebody is to answer a check, and to type much, some or little by then.
ANSWERS = {2: 0.8, 21: 0.6, 60: 0.5}
KNOWN = {2: (5, 4, 1), 21: (3, 4, 2), 60: (2, 4, 3)}
RIGHT = 0.85  # of those who typed more than little


def carry(*, staff: Staff, decided: Decided, calendar: days.Calendar) -> None:
    """Sign, explain, read and remember the objective of the story."""
    text = texts.consulting()["owning"]
    objective = Objective.objects.select_related("current").get(
        strategy=decided.strategy, code=text["objective"]
    )
    if objective.current is None:
        raise RuntimeError("What is carried to the field is in force.")
    _sign(text, objective, objective.current, staff, calendar)
    _explain(text, objective, objective.current, staff, calendar)
    _read_and_recall(text, objective.current, staff, calendar)


def _sign(
    text: texts.Table,
    objective: Objective,
    words: Revision,
    staff: Staff,
    calendar: days.Calendar,
) -> None:
    owning.sign_brief(
        revision=words,
        team=None,
        text=text["reason"]["text"],
        by=staff.lead_of(objective),
        now=calendar.at(text["reason"]["days"]),
    )
    behavior = words.behaviors.get(behavior__code=text["behavior"])
    for slot in text["teams"]:
        owning.sign_brief(
            revision=words,
            team=staff.teams[slot["team"]],
            text=slot["text"],
            behavior=behavior,
            question=slot["question"],
            by=staff.anybody(slot["by"]),
            now=calendar.at(slot["days"]),
        )


def _explain(
    text: texts.Table,
    objective: Objective,
    words: Revision,
    staff: Staff,
    calendar: days.Calendar,
) -> None:
    for row in text["teach_backs"]:
        given = owning.give_teach_back(
            revision=words,
            text=row["text"],
            by=staff.anybody(row["by"]),
            now=calendar.at(row["given"]),
        )
        if "signed" in row:
            owning.sign_teach_back(
                teach_back=given, by=staff.lead_of(objective), now=calendar.at(row["signed"])
            )


@dataclass(frozen=True)
class _Reading:
    """One person who read it, and what they still knew afterwards."""

    rep: Rep
    at: datetime


def _read_and_recall(
    text: texts.Table, words: Revision, staff: Staff, calendar: days.Calendar
) -> None:
    """Write in one go what hundreds of people did, as the actions would have."""
    chance = days.chance("reading")
    readings = list(_readings(text, words, staff, calendar, chance))
    Acknowledgment.objects.bulk_create(
        [Acknowledgment(revision=words, person=row.rep.user, at=row.at) for row in readings]
    )
    others = list(
        Revision.objects.filter(
            objective__strategy=words.objective.strategy, objective__current__isnull=False
        )
        .exclude(objective=words.objective)
        .order_by("objective__code", "number")
    )
    checks = [
        check
        for row in readings
        for check in _checks(row, text["recalled"], words, others, calendar, chance)
    ]
    RecallCheck.objects.bulk_create(checks)
    kept = [_kept(words, "read", row.rep, row.at, {"read": True}) for row in readings]
    kept += [_recalled(words, check) for check in checks]
    History.objects.bulk_create(kept)


def _readings(
    text: texts.Table, words: Revision, staff: Staff, calendar: days.Calendar, chance: Random
) -> Iterator[_Reading]:
    """Most read it within two weeks. Rosa is among the first."""
    asked = set(words.behaviors.values_list("sales_role", flat=True))
    begins = words.effective_from
    for rep in staff.reps:
        at = calendar.workday(chance.triangular(95, 111, 110), chance)
        is_rosa = rep.user.name == texts.company().cast["rosa"]
        if staff.roles[rep.role].pk not in asked or not (is_rosa or chance.random() < text["read"]):
            continue
        if rep.office_on(at.date()) and begins is not None and at > begins:
            yield _Reading(rep, at)


def _checks(
    row: _Reading,
    recalled: texts.Table,
    words: Revision,
    others: list[Revision],
    calendar: days.Calendar,
    chance: Random,
) -> Iterator[RecallCheck]:
    keywords = recall.keywords(words.why)
    for day, share in ANSWERS.items():
        at = row.at + timedelta(days=day, hours=chance.randint(1, 30))
        if at > calendar.now or chance.random() > share:
            continue
        kind = chance.choices(("much", "some", "little"), KNOWN[day])[0]
        said = chance.choice(recalled[kind])
        right = kind != "little" and chance.random() < RIGHT
        yield RecallCheck(
            revision=words,
            person=row.rep.user,
            day=day,
            recalled=said,
            words_asked=len(keywords),
            words_found=len(recall.found(keywords, said)),
            recalled_at=at,
            chosen=words if right else chance.choice(others),
            right=right,
            chosen_at=at + timedelta(minutes=1),
        )


def _recalled(words: Revision, check: RecallCheck) -> History:
    found: dict[str, Any] = {
        "day": check.day,
        "words found": check.words_found,
        "words asked": check.words_asked,
        "right": check.right,
    }
    what = "recognized" if check.right else "chose another reason"
    return History(
        strategy=words.objective.strategy,
        objective=words.objective,
        revision=words,
        shown_to=History.ShownTo.ACTOR,
        what=what,
        after=history.plain(found),
        actor=check.person,
        at=check.recalled_at,
    )


def _kept(words: Revision, what: str, rep: Rep, at: datetime, after: dict[str, Any]) -> History:
    return History(
        strategy=words.objective.strategy,
        objective=words.objective,
        revision=words,
        shown_to=History.ShownTo.ACTOR,
        what=what,
        after=history.plain(after),
        actor=rep.user,
        at=at,
    )
