"""What the field says, and what became of it."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from align.people.models import Team, User
from strategy.models import Barrier, Behavior, Objective, Revision
from training.models import Mapping, Module, ModuleVersion


class Stance(models.TextChoices):
    WORKS = "works", "It works"
    CHANGES = "changes", "Works with changes"
    WONT = "wont", "Will not work"
    CANNOT = "cannot", "I cannot do it"


NEGATIVE = (Stance.WONT, Stance.CANNOT)


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """A named report is read by its author, the strategy leads, the objective's owner and its
        trainers; by the rep's manager only if the rep said so.
        """
        if not user.is_active:
            return self.none()
        if user.is_lead:
            return self
        readers = Q(author=user) | Q(objective__owner=user)
        if user.is_trainer:
            readers |= Q(objective__in=taught_by(user)) | Q(module__owner=user)
        if user.is_manager:
            readers |= Q(for_manager=True, team__in=Team.objects.managed_by(user))
        return self.filter(readers)

    def answerable_by(self, user: User) -> Self:
        """Leads and the objective's owner decide; trainers on reports about their training."""
        if not user.is_active:
            return self.none()
        if user.is_lead:
            return self
        who = Q(objective__owner=user)
        if user.is_trainer:
            who |= Q(objective__in=taught_by(user)) | Q(module__owner=user)
        return self.filter(who)

    def waiting(self) -> Self:
        return self.exclude(state__in=[Report.State.DECIDED, Report.State.CLOSED])

    def unanswered(self) -> Self:
        """Those an answer is owed to: that it works is answered by being read."""
        return self.waiting().exclude(stance=Stance.WORKS, state=Report.State.ACKNOWLEDGED)


def taught_by(trainer: User) -> models.QuerySet[Behavior]:
    """The objectives a trainer teaches: a module of theirs is mapped to a behavior of it."""
    mapped = Mapping.objects.alive().filter(version__module__owner=trainer)
    return mapped.values("behavior__objective")  # type: ignore[return-value]


class Report(models.Model):
    """One message from the field. The team is the author's on that day and never moves."""

    class State(models.TextChoices):
        RECEIVED = "received", "Received"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        DECIDED = "decided", "Answered"
        CLOSED = "closed", "Closed"

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    behavior = models.ForeignKey(
        Behavior, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    module = models.ForeignKey(
        Module, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    stance = models.CharField(max_length=7, choices=Stance)
    barriers = ArrayField(
        models.CharField(max_length=10, choices=Barrier), default=list, blank=True
    )
    text = models.TextField(blank=True, max_length=4000)
    occasion = models.CharField(max_length=200, blank=True)
    for_manager = models.BooleanField("my manager may read this", default=False)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    client_key = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="report_sent_once", fields=["author", "client_key"]),
            models.CheckConstraint(
                name="report_on_a_revision",
                condition=Q(objective=None, revision=None, behavior=None)
                | Q(objective__isnull=False, revision__isnull=False),
            ),
            models.CheckConstraint(
                name="report_stance_known", condition=Q(stance__in=Stance.values)
            ),
            models.CheckConstraint(
                name="report_barriers_known", condition=Q(barriers__contained_by=Barrier.values)
            ),
        ]
        indexes = [
            models.Index(name="report_voice", fields=["objective", "author", "-created_at"]),
            models.Index(
                name="report_waiting",
                fields=["created_at"],
                condition=~Q(state__in=["decided", "closed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stance_display()}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        return f"/voice/reports/{self.ref}/"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User) -> Self:
        """What was answered about an objective is for everybody who can see the objective.

        An answer about no objective is for its author, the leads and who asked.
        """
        if not user.is_active:
            return self.none()
        if user.is_lead:
            return self
        asked = Q(reports__author=user) | Q(author=user)
        about = Q(objective__in=Objective.objects.visible_to(user))
        return self.filter(pk__in=Decision.objects.filter(about | asked).values("pk"))


class Decision(models.Model):
    """The answer to reports. It names what comes of it, and reaches everybody who asked."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", "Change the strategy"
        TRAINING = "training", "Change the training"
        SUPPORT = "support", "Change the support"
        KEEP = "keep", "Keep, with a reason"
        DUPLICATE = "duplicate", "Already answered"

    ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=9, choices=Kind)
    reason = models.TextField(max_length=2000)
    action = models.CharField("what will be done", max_length=400, blank=True)
    objective = models.ForeignKey(Objective, null=True, on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    version = models.ForeignKey(
        ModuleVersion, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reports = models.ManyToManyField(Report, through="Answer", related_name="decisions")
    decided_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="decision_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="decision_names_what_comes_of_it",
                condition=Q(kind="keep")
                | Q(kind="strategy", revision__isnull=False)
                | Q(kind="training", version__isnull=False)
                | (Q(kind__in=["training", "support"]) & ~Q(action=""))
                | Q(kind="duplicate", same_as__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason[:60]}"

    def get_absolute_url(self) -> str:
        return f"/voice/answers/{self.ref}/"


class Answer(models.Model):
    """One report, answered by one decision, once."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="answers")
    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="answer")

    def __str__(self) -> str:
        return f"{self.decision} for {self.report_id}"


class ObjectiveVoice(models.Model):
    """One narrow row an objective in force: what the field says of it now, one voice a person.

    Written only by feedback.voice; computing it again from scratch gives the same rows. The share
    and its bounds are of the weighted voices: a stance loses half its weight in 21 days.
    """

    objective = models.OneToOneField(
        Objective, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    epoch = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    works = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    wont = models.PositiveIntegerField()
    cannot = models.PositiveIntegerField()
    share = models.FloatField(null=True)  # weighted share negative; None: nobody spoke
    sample = models.FloatField()  # effective sample, (Σw)² / Σw²
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    souring = models.BooleanField(default=False)
    newest_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"objective {self.objective_id}"

    @property
    def negative(self) -> int:
        """People whose newest stance is negative, unweighted."""
        return self.wont + self.cannot
