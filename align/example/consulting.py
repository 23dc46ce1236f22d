"""The consultations of the example, played through the actions of the pages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from align.example import days, deciding, texts
from align.example.staffing import Staff
from align.people.models import User
from feedback.models import NEGATIVE, Report
from strategy import actions as strategy
from strategy import consultation
from strategy.models import Comment, Concern, Objective, Revision, Round, Strategy


@dataclass
class Consulting:
    """Plays what was said about drafts, event by event."""

    staff: Staff
    strategy: Strategy
    calendar: days.Calendar
    _rounds: dict[str, Round] = field(default_factory=dict, init=False)
    _concerns: dict[str, Concern] = field(default_factory=dict, init=False)
    _comments: dict[str, Comment] = field(default_factory=dict, init=False)

    def events(self) -> Iterator[tuple[int, partial[None]]]:
        for event in texts.consulting()["events"]:
            yield event["days"], partial(self._happen, event)

    def _happen(self, event: texts.Table) -> None:
        verbs = {
            "begin": self._begin,
            "revise": self._revise,
            "open": self._open,
            "position": self._position,
            "concern": self._concern,
            "answer": self._answer,
            "settle": self._settle,
            "outcome": self._outcome,
            "comment": self._comment,
            "suggest": self._suggest,
        }
        verbs[event["do"]](event, self.calendar.at(event["days"], hour=event.get("hour", 10)))

    def _person(self, event: texts.Table) -> User:
        return self.staff.anybody(event["by"])

    def _objective(self, event: texts.Table) -> Objective:
        objectives = Objective.objects.select_related("owner", "strategy")
        return objectives.get(strategy=self.strategy, code=event["objective"])

    def _place(self, event: texts.Table) -> int:
        """Return the number of the paragraph an event is about."""
        rows: list[dict[str, Any]] = self._rounds[event["objective"]].text
        return next(int(row["number"]) for row in rows if event["on"] in (row["part"], row["code"]))

    # What happens

    def _begin(self, event: texts.Table, now: datetime) -> None:
        objective = self._objective(event)
        strategy.open_draft(objective=objective, by=objective.owner, now=now)
        self._revise(event, now)

    def _revise(self, event: texts.Table, now: datetime) -> None:
        objective = self._objective(event)
        draft = Revision.objects.drafts().get(objective=objective)
        deciding.revise(
            draft=draft,
            words=event["words"],
            reason=event.get("reason", draft.reason),
            by=self.staff.lead_of(objective),
            calendar=self.calendar,
            on=event["days"],
        )

    def _open(self, event: texts.Table, now: datetime) -> None:
        objective = self._objective(event)
        draft = Revision.objects.drafts().get(objective=objective)
        self._rounds[event["objective"]] = consultation.open_round(
            revision=draft,
            edits=draft.edits,
            people=[self.staff.anybody(name) for name in event["asked"]],
            closes_on=self.calendar.day(event["closes"]),
            by=self.staff.lead_of(objective),
            now=now,
        )

    def _position(self, event: texts.Table, now: datetime) -> None:
        consultation.take_position(
            round_=self._rounds[event["objective"]],
            by=self._person(event),
            stance=event["stance"],
            why=event["why"],
            note=event.get("note", ""),
            now=now,
        )

    def _concern(self, event: texts.Table, now: datetime) -> None:
        person = self._person(event)
        self._concerns[event["key"]] = consultation.raise_concern(
            round_=self._rounds[event["objective"]],
            by=person,
            paragraph=self._place(event),
            symptom=event["symptom"],
            check_on=self.calendar.day(event["check"]),
            seen=event["seen"],
            visits=event["visits"],
            reports=self._reports(event, person),
            now=now,
        )

    def _reports(self, event: texts.Table, person: User) -> list[Any]:
        against = Report.objects.visible_to(person).filter(
            objective__strategy=self.strategy,
            objective__code=event["objective"],
            stance__in=NEGATIVE,
        )
        newest = against.order_by("-created_at", "client_key").values_list("ref", flat=True)
        return list(newest[: event.get("reports", 0)])

    def _answer(self, event: texts.Table, now: datetime) -> None:
        consultation.answer_concern(
            concern=self._concerns[event["key"]],
            by=self._person(event),
            answer=event["answer"],
            words=event["words"],
            now=now,
        )

    def _settle(self, event: texts.Table, now: datetime) -> None:
        concern = self._concerns[event["key"]]
        if concern.raised_by is None:
            raise ValueError(f"Nobody raised “{concern}”.")
        consultation.settle_concern(concern=concern, by=concern.raised_by, settled=True, now=now)

    def _outcome(self, event: texts.Table, now: datetime) -> None:
        consultation.record_outcome(
            concern=self._concerns[event["key"]],
            by=self._person(event),
            outcome=event["outcome"],
            note=event["note"],
            now=now,
        )

    def _comment(self, event: texts.Table, now: datetime) -> None:
        self._comments[event["key"]] = consultation.comment(
            round_=self._rounds[event["objective"]],
            by=self._person(event),
            paragraph=self._place(event),
            words=event["words"],
            thread=self._comments.get(event.get("replies", "")),
            now=now,
        )

    def _suggest(self, event: texts.Table, now: datetime) -> None:
        consultation.suggest(
            round_=self._rounds[event["objective"]],
            by=self._person(event),
            sales_role=self.staff.roles[event["role"]],
            statement=event["statement"],
            occasion=event["occasion"],
            standard=event["standard"],
            critical=event["critical"],
            now=now,
        )
