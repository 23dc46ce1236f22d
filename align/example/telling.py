"""The story: what was said, judged, answered and changed, in the order in which it happened."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.db.models import QuerySet

from align.example import days, deciding, texts
from align.example.consulting import Consulting
from align.example.deciding import Decided
from align.example.staffing import Staff
from align.example.talking import Said
from align.people.models import User
from feedback import actions as feedback
from feedback.models import Decision, Report, Stance
from strategy import actions as strategy
from strategy import engine
from strategy.models import Flag, Objective, Revision
from training import actions as training
from training.models import Mapping

CLOSED_AFTER = 10  # days; praise needs no answer
BATCH = 500


@dataclass
class Telling:
    """Plays half a year; the reports come in as time passes."""

    staff: Staff
    decided: Decided
    calendar: days.Calendar
    said: list[Said]
    _objectives: dict[str, Objective] = field(default_factory=dict, init=False)
    _consulting: Consulting = field(init=False)

    def __post_init__(self) -> None:
        self._consulting = Consulting(
            staff=self.staff, strategy=self.decided.strategy, calendar=self.calendar
        )

    def tell(self) -> None:
        for ago, happens in sorted(self._events(), key=lambda event: -event[0]):
            self._listen(until=ago)
            happens()
        self._listen(until=0)
        old = Report.objects.waiting().filter(
            author__example=True,
            stance=Stance.WORKS,
            created_at__lt=self.calendar.at(CLOSED_AFTER),
        )
        old.update(state=Report.State.CLOSED)

    def _events(self) -> Iterator[tuple[int, Callable[[], None]]]:
        story = texts.story()
        recovery, revision, draft = story.recovery, story.revision, story.draft
        yield recovery["judged"], partial(self._judge, recovery["judged"])
        yield recovery["acknowledged"], partial(self._take, recovery, recovery["acknowledged"])
        yield recovery["decided"], partial(self._recover, recovery)
        yield recovery["published"], partial(self._publish, recovery, recovery["published"])
        yield recovery["published"] - 1, partial(self._clear, recovery)
        yield revision["published"], partial(self._revise, revision)
        yield draft["opened"], partial(self._draft, draft)
        yield from self._consulting.events()
        for ago in story.checkpoints:
            yield ago, partial(self._judge, ago)
        for taken in story.taken:
            yield taken["days"], partial(self._take, taken, taken["days"])
        for reply in story.answers:
            yield reply.days, partial(self._answer, reply)

    # What happens

    def _listen(self, *, until: int) -> None:
        """Keep what was said before a day, about the words that were in force then."""
        moment = self.calendar.at(until, hour=0) if until else self.calendar.now
        heard = [one for one in self.said if one.at < moment]
        self.said = self.said[len(heard) :]
        self._objectives = {row.code: row for row in self._fresh()}
        Report.objects.bulk_create((self._report(one) for one in heard), batch_size=BATCH)

    def _fresh(self) -> QuerySet[Objective]:
        return Objective.objects.filter(strategy=self.decided.strategy)

    def _report(self, said: Said) -> Report:
        objective = self._objectives.get(said.objective)
        behavior = self.decided.behaviors.get(said.behavior)
        content = feedback.Content(
            stance=said.stance.value,
            barriers=sorted(said.barriers),
            text=said.text,
            occasion=said.occasion,
            objective_id=objective.pk if objective else None,
            behavior_id=behavior.pk if behavior else None,
            module_id=None,
            for_manager=said.for_manager,
        )
        read = said.acknowledged_at is not None
        return Report(
            ref=uuid.uuid5(said.client_key, "report"),
            author=said.rep.user,
            team=said.team,
            objective=objective,
            revision_id=objective.current_id if objective else None,
            behavior=behavior,
            stance=said.stance,
            barriers=content.barriers,
            text=said.text,
            occasion=said.occasion,
            for_manager=said.for_manager,
            state=Report.State.ACKNOWLEDGED if read else Report.State.RECEIVED,
            client_key=said.client_key,
            body_hash=content.hash,
            created_at=said.at,
            acknowledged_at=said.acknowledged_at,
        )

    def _judge(self, ago: int) -> None:
        """Judge the example alone: it is no past of anybody else's."""
        ids = [objective.pk for objective in self.decided.objectives.values()]
        engine.judge(ids, now=self.calendar.at(ago, hour=18))

    def _take(self, taken: texts.Table, ago: int) -> None:
        flag = Flag.objects.open().filter(
            objective=self._objectives[taken["objective"]], rule="negative"
        )
        strategy.acknowledge_flag(
            flag=flag.get(), by=self.staff.named("lena"), now=self.calendar.at(ago, hour=8)
        )

    def _waiting(self, code: str) -> list[Report]:
        """What is not answered yet and asks for an answer."""
        objective = self._objectives.get(code)
        waiting = Report.objects.waiting().filter(objective=objective, author__example=True)
        return list(waiting.exclude(stance=Stance.WORKS).select_related("objective__current"))

    def _answer(self, reply: texts.Reply) -> None:
        feedback.decide(
            reports=self._waiting(reply.objective),
            kind=reply.kind,
            reason=reply.reason,
            action=reply.action,
            by=self.staff.named(reply.by),
            now=self.calendar.at(reply.days, hour=11),
        )

    def _recover(self, text: texts.Table) -> None:
        """A5 soured: its lead promises the field another revision, and writes it."""
        draft = self._promise(text, text["decided"])
        names = ("title", "we_will", "we_stop", "hypothesis", "why")
        deciding.revise(
            draft=draft,
            words={name: text[name] for name in names},
            reason=text["reason"],
            by=self._owner(text),
            calendar=self.calendar,
            on=text["decided"] - 3,
        )

    def _promise(self, text: texts.Table, ago: int) -> Revision:
        """Answer the field with a change of the strategy; return the draft that carries it."""
        decision = feedback.decide(
            reports=self._waiting(text["objective"]),
            kind=Decision.Kind.STRATEGY,
            reason=text["decision"],
            by=self._owner(text),
            now=self.calendar.at(ago, hour=10),
        )
        if decision.revision is None:
            raise RuntimeError("A change of the strategy points to its revision.")
        return decision.revision

    def _owner(self, text: texts.Table) -> User:
        owners = {row.code: row.owner for row in texts.strategy().objectives}
        return self.staff.named(owners[text["objective"]])

    def _publish(self, text: texts.Table, ago: int) -> None:
        draft = Revision.objects.drafts().get(objective=self._objectives[text["objective"]])
        strategy.publish(
            revision=draft,
            edits=draft.edits,
            by=self._owner(text),
            now=self.calendar.at(ago, hour=12),
        )

    def _clear(self, text: texts.Table) -> None:
        """The trainers looked at the change and say why the modules still hold."""
        mapped = Mapping.objects.alive().filter(
            behavior__objective=self._objectives[text["objective"]]
        )
        for mapping in mapped.select_related("behavior", "version__module__owner"):
            training.clear_mapping(
                mapping=mapping,
                reason=text["cleared"],
                by=mapping.version.module.owner,
                now=self.calendar.at(text["published"] - 1, hour=14),
            )

    def _revise(self, text: texts.Table) -> None:
        """B4 gets new words; what teaches them has not been looked at since."""
        draft = self._promise(text, text["published"])
        deciding.revise(
            draft=draft,
            words={},
            reason=text["reason"],
            by=self._owner(text),
            calendar=self.calendar,
            on=text["published"],
            behaviors={text["behavior"]: {"statement": text["say"], "standard": text["standard"]}},
        )
        self._publish(text, text["published"])

    def _draft(self, text: texts.Table) -> None:
        """A3 is being written anew. Nobody but its lead knows."""
        draft = strategy.open_draft(
            objective=self._objectives[text["objective"]],
            by=self._owner(text),
            now=self.calendar.at(text["opened"]),
        )
        deciding.revise(
            draft=draft,
            words={"we_will": text["we_will"]},
            reason=text["reason"],
            by=self._owner(text),
            calendar=self.calendar,
            on=text["opened"],
        )
