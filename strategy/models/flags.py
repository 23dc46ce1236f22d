"""What a rule found, what became of it, and what has to be judged again."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from align.people.models import User
from strategy.models.objectives import Objective, Strategy


class Touch(models.Model):
    """The outbox: something happened that can move a figure of this objective.

    Written in the transaction of the change, taken by the fold. It is the one truth about what
    is still to be judged; the broker only hurries it along.
    """

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"objective {self.objective_id}"


class RuleConfig(models.Model):
    """One version of the thresholds. Missing values are the defaults of strategy.config."""

    values = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"version {self.pk}"


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, user: User) -> Self:
        """Flags are for the people who can answer them, about objectives they can see.

        What no strategy holds is a matter of training.
        """
        if not (user.is_lead or user.is_trainer or user.is_manager):
            return self.none()
        seen = self.filter(
            Q(objective=None) | Q(objective__in=Objective.objects.visible_to(user)),
            Q(strategy=None) | Q(strategy__in=Strategy.objects.visible_to(user)),
        )
        return seen if user.is_lead or user.is_trainer else seen.exclude(strategy=None)

    def open(self) -> Self:
        return self.exclude(state=Flag.State.RESOLVED)


class Flag(models.Model):
    """A rule found something and a person must answer.

    The subject is a key, a label and a link that the rule gives, so that the apps above can flag
    their own things here.
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        ACTING = "acting", "Acting"
        VERIFYING = "verifying", "Verifying"
        STALE = "stale", "Stale"
        RESOLVED = "resolved", "Resolved"

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    scope = models.CharField(max_length=80, blank=True)
    epoch = models.PositiveIntegerField()
    strategy = models.ForeignKey(  # None: about something no one strategy holds
        Strategy, null=True, on_delete=models.CASCADE, related_name="flags"
    )
    objective = models.ForeignKey(
        Objective, null=True, on_delete=models.CASCADE, related_name="flags"
    )
    title = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    link = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    sentence = models.CharField(max_length=400)
    clears_when = models.CharField(max_length=300)
    # The next step and where it is, where the rule names one; for these roles, else the owner.
    act = models.CharField(max_length=60, blank=True)
    act_link = models.CharField(max_length=300, blank=True)
    act_for = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    evidence = models.JSONField(default=dict)
    config = models.ForeignKey(RuleConfig, null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    regressed = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="flag_one_open",
                fields=["rule", "subject", "scope", "epoch"],
                condition=~Q(state="resolved"),
            ),
            models.CheckConstraint(
                name="flag_resolved_has_a_time",
                condition=Q(state="resolved", resolved_at__isnull=False)
                | (~Q(state="resolved") & Q(resolved_at=None)),
            ),
        ]
        indexes = [models.Index(name="flag_of_objective", fields=["objective", "rule"])]

    def __str__(self) -> str:
        return f"{self.rule}: {self.label}"

    def get_absolute_url(self) -> str:
        return f"/flags/{self.pk}/"

    def offers_act_to(self, user: User) -> bool:
        """Whether the next step is this person's to take; to others it would be refused."""
        if self.act_for:
            theirs = not set(self.act_for).isdisjoint(user.roles)
        else:
            theirs = user.pk == self.owner_id
        return bool(self.act_link) and theirs


class FlagEvent(models.Model):
    """One thing that happened to a flag. Appended, never changed: a trigger sees to it."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        REGRESSED = "regressed", "Came back"
        STALE = "stale", "No new voice"
        HEARD = "heard", "New voice"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        RESOLVED = "resolved", "Resolved"
        SUPERSEDED = "superseded", "Superseded by a revision"

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    evidence = models.JSONField(default=dict)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M}"
