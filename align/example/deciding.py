"""The strategy of the example, written and published through the actions of the pages."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from align.example import days, texts
from align.example.staffing import Staff
from align.people.models import User
from strategy import actions as strategy
from strategy.models import Behavior, BehaviorRevision, Objective, Revision, Strategy

DRAFTED_BEFORE = 9  # days between the first draft and the day in force


@dataclass
class Decided:
    """What the company has decided, by its codes."""

    strategy: Strategy
    objectives: dict[str, Objective] = field(default_factory=dict)
    behaviors: dict[str, Behavior] = field(default_factory=dict)


def decide(*, staff: Staff, calendar: days.Calendar) -> Decided:
    """Publish every objective on its day."""
    text = texts.strategy()
    lead = staff.named("lena")
    made = strategy.create_strategy(
        name=text.name,
        cycle=text.cycle,
        statement=text.statement,
        lead=lead,
        teams=[staff.top],
        now=calendar.at(210),
        example=True,
    )
    strategy.activate(strategy=made, by=lead, now=calendar.at(200))
    themes = {key: strategy.add_theme(strategy=made, name=name) for key, name in text.themes}
    decided = Decided(strategy=made)
    for words in sorted(text.objectives, key=lambda words: -words.days):
        owner = staff.named(words.owner)
        objective = strategy.add_objective(
            strategy=made,
            theme=themes[words.code[0]],
            code=words.code,
            owner=owner,
            words=_words(words, calendar),
            behaviors=[_behavior(behavior, staff) for behavior in words.behaviors],
            by=owner,
            now=calendar.at(words.days + DRAFTED_BEFORE),
        )
        draft = Revision.objects.drafts().get(objective=objective)
        decided.objectives[words.code] = strategy.publish(
            revision=draft, edits=draft.edits, by=owner, now=calendar.at(words.days)
        )
    decided.behaviors = {row.code: row for row in Behavior.objects.filter(objective__strategy=made)}
    return decided


def _words(text: texts.ObjectiveText, calendar: days.Calendar) -> strategy.Words:
    return strategy.Words(
        title=text.title,
        we_will=text.we_will,
        we_stop=text.we_stop,
        segment=text.segment,
        hypothesis=text.hypothesis,
        why=text.why,
        measure=text.measure,
        baseline=Decimal(text.baseline),
        target=Decimal(text.target),
        unit=text.unit,
        measure_by=calendar.day(-170),
    )


def _behavior(text: texts.BehaviorText, staff: Staff) -> strategy.BehaviorWords:
    return strategy.BehaviorWords(
        code=text.code,
        sales_role=staff.roles[text.role],
        statement=text.say,
        occasion=text.when,
        standard=text.standard,
        levels=text.levels,
        critical=text.critical,
    )


def revise(
    *,
    draft: Revision,
    words: texts.Table,
    reason: str,
    by: User,
    calendar: days.Calendar,
    on: int,
    behaviors: dict[str, texts.Table] | None = None,
) -> Revision:
    """Save other words into a draft: those of the objective, and of behaviors by their code."""
    same = strategy.Words(**{name: getattr(draft, name) for name in strategy.WORDS})
    rows = [
        replace(row, **(behaviors or {}).get(row.code, {}))
        for row in strategy.behavior_words(draft)
    ]
    return strategy.edit_draft(
        revision=draft,
        words=replace(same, **words),
        behaviors=rows,
        reason=reason,
        edits=draft.edits,
        by=by,
        now=calendar.at(on),
    )


class History:
    """The words of each behavior that were in force on a day."""

    def __init__(self, decided: Decided) -> None:
        self._rows: dict[str, list[BehaviorRevision]] = {}
        rows = BehaviorRevision.objects.filter(
            revision__objective__strategy=decided.strategy,
            revision__state=Revision.State.PUBLISHED,
        ).select_related("behavior", "revision")
        for row in rows.order_by("revision__number"):
            self._rows.setdefault(row.behavior.code, []).append(row)

    def on(self, code: str, moment: datetime) -> BehaviorRevision | None:
        """Return the newest words that were in force; None before the first day."""
        begun = [row for row in self._rows[code] if _begins(row) <= moment]
        return begun[-1] if begun else None


def _begins(row: BehaviorRevision) -> datetime:
    if row.revision.effective_from is None:
        raise ValueError(f"{row.revision} is published and has no first day.")
    return row.revision.effective_from
