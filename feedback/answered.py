"""“You said, we did”: what was answered, to how many people, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse

from align.people.models import User
from feedback.models import Answer, Decision, Report
from strategy.models import Objective, Revision


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an answer, in a sentence and one link as far as the reader may follow it."""

    sentence: str
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One answer as a list shows it."""

    decision: Decision
    people: int
    mine: bool

    @property
    def said_by(self) -> str:
        others = self.people - 1
        if not self.mine:
            return "1 person said this" if self.people == 1 else f"{self.people} people said this"
        if not others:
            return "You said this"
        return f"You and {others} other{'' if others == 1 else 's'} said this"

    @property
    def about(self) -> str:
        objective = self.decision.objective
        if objective is None or objective.current is None:
            return "Something the strategy does not cover"
        return f"{objective.code} {objective.current.title}"


def visible(user: User) -> QuerySet[Decision]:
    """Every answer this person may read, newest first, with how many people it answers."""
    own = Answer.objects.filter(decision=OuterRef("pk"), report__author=user)
    return (
        Decision.objects.visible_to(user)
        .select_related("objective__current", "author")
        .annotate(people=Count("reports__author", distinct=True), mine=Exists(own))
        .order_by("-decided_at", "-pk")
    )


def entries(decisions: Sequence[Decision]) -> list[Entry]:
    """Rows of decisions that ``visible`` found."""
    return [
        Entry(
            decision=decision,
            people=getattr(decision, "people", 0),
            mine=getattr(decision, "mine", False),
        )
        for decision in decisions
    ]


def outcome(decision: Decision, *, user: User) -> Outcome:
    """Say what came of it. A draft shows itself only to who writes it."""
    if decision.revision is not None:
        return _revision(decision.revision, user)
    if decision.version is not None:
        return Outcome(
            sentence=f"Taught in {decision.version.title}.",
            link=decision.version.module.get_absolute_url(),
        )
    if decision.same_as is not None:
        return Outcome(
            sentence="This was answered before.", link=decision.same_as.get_absolute_url()
        )
    return Outcome(sentence=decision.action or "Nothing changes.")


def _revision(revision: Revision, user: User) -> Outcome:
    objective = revision.objective
    if revision.state == Revision.State.PUBLISHED:
        return Outcome(
            sentence=f"Changed with revision {revision.number} of {objective.code}.",
            link=objective.get_absolute_url(),
        )
    if Objective.objects.editable_by(user).filter(pk=objective.pk).exists():
        return Outcome(
            sentence=f"The draft of {objective.code} is open; publish it to keep the promise.",
            link=reverse("strategy:draft", kwargs={"pk": objective.pk}),
        )
    return Outcome(sentence="The change is being written.")


def own_words(decision: Decision, *, user: User) -> QuerySet[Report]:
    """The reports behind an answer that this person may read: their own, or as who answers."""
    return (
        Report.objects.visible_to(user)
        .filter(decisions=decision)
        .select_related("author", "team")
        .order_by("created_at", "pk")
    )
