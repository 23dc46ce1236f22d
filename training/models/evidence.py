"""Who took what, and what was seen afterwards."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from align.people.models import Membership, Team, User
from strategy.models import BehaviorRevision
from training.models.modules import ModuleVersion


class CompletionQuerySet(models.QuerySet["Completion"]):
    def visible_to(self, user: User) -> Self:
        """Your own; those of your teams; those of the modules you own."""
        mine = Q(user=user)
        if user.is_manager:
            mine |= Q(user__in=Membership.objects.in_teams_of(user).values("user"))
        if user.is_trainer:
            mine |= Q(version__module__owner=user)
        return self.filter(mine)


class Completion(models.Model):
    """One person completed one module version. Evidence of attendance, never of competence."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField()
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    brought_by = models.ForeignKey(  # an import can be taken back
        "CompletionImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = CompletionQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="completion_once_a_source", fields=["source", "external_id"]
            ),
            models.CheckConstraint(
                name="completion_score_percent",
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
            ),
        ]
        indexes = [
            models.Index(name="completion_of_version", fields=["version", "user", "completed_at"]),
            models.Index(name="completion_of_user", fields=["user", "-completed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.user} completed {self.version}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, user: User) -> Self:
        """Your own. What was passed others see as a completion."""
        return self.filter(user=user) if user.is_active else self.none()


class Attempt(models.Model):
    """One try at a quiz, here or elsewhere. What was passed becomes a completion as well."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField()
    answers = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="attempt_once_a_source", fields=["source", "external_id"]),
            models.CheckConstraint(
                name="attempt_score_percent",
                condition=Q(score=None) | Q(score__gte=0, score__lte=100),
            ),
        ]
        indexes = [models.Index(name="attempt_of_user", fields=["user", "version", "-at"])]

    def __str__(self) -> str:
        return f"{self.user} {'passed' if self.passed else 'failed'} {self.version}"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, user: User) -> Self:
        """Your own, what you recorded, your teams' people. Leads see teams, not people."""
        mine = Q(user=user) | Q(observer=user)
        if user.is_manager:
            mine |= Q(user__in=Membership.objects.in_teams_of(user).values("user"))
        return self.filter(mine)

    def recent(self, *, now: datetime, days: int = 90) -> Self:
        return self.filter(observed_at__gt=now - timedelta(days=days), observed_at__lte=now)


class Observation(models.Model):
    """A dated record of seeing a behavior, at a level, or of having had no chance to see it."""

    STANDARD = 3  # the level that meets the standard, of four

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    behavior_revision = models.ForeignKey(
        BehaviorRevision, on_delete=models.CASCADE, related_name="+"
    )
    observer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    occasion = models.CharField(max_length=200, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)  # None: no chance to see it
    evidence = models.CharField("one line of evidence", max_length=400, blank=True)
    client_key = models.UUIDField()
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="correction"
    )
    created_at = models.DateTimeField()

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-observed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="observation_sent_once", fields=["observer", "client_key"]
            ),
            models.CheckConstraint(
                name="observation_level_known",
                condition=Q(level=None) | Q(level__gte=1, level__lte=4),
            ),
            models.CheckConstraint(
                name="observation_by_someone_else", condition=~Q(user=F("observer"))
            ),
        ]
        indexes = [
            models.Index(
                name="observation_newest", fields=["behavior_revision", "user", "-observed_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.observed_at:%Y-%m-%d}"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> Self:
        """Your own, what you judged, your teams' people. Leads see teams, not people."""
        mine = Q(user=user) | Q(assessor=user)
        if user.is_manager:
            mine |= Q(user__in=Membership.objects.in_teams_of(user).values("user"))
        return self.filter(mine)


class Assessment(models.Model):
    """Somebody judged a person's try at a behavior against its anchors, mostly in training."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    behavior_revision = models.ForeignKey(
        BehaviorRevision, on_delete=models.CASCADE, related_name="+"
    )
    assessor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    note = models.CharField("one line", max_length=400, blank=True)
    client_key = models.UUIDField()
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="correction"
    )
    created_at = models.DateTimeField()

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-assessed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="assessment_sent_once", fields=["assessor", "client_key"]),
            models.CheckConstraint(
                name="assessment_level_known", condition=Q(level__gte=1, level__lte=4)
            ),
            models.CheckConstraint(
                name="assessment_by_someone_else", condition=~Q(user=F("assessor"))
            ),
        ]
        indexes = [
            models.Index(
                name="assessment_newest", fields=["behavior_revision", "user", "-assessed_at"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.assessed_at:%Y-%m-%d}"
