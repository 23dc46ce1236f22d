"""What makes a behavior last, and what no training can put right."""

from typing import Self

from django.db import models
from django.db.models import Q

from align.people.models import Audience, User
from strategy.models import Barrier, Behavior


class DriverQuerySet(models.QuerySet["Driver"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(behavior__in=Behavior.objects.visible_to(user))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Driver(models.Model):
    """Who does what so that a critical behavior sticks, or why nobody has to: a signed waiver.

    The four kinds are Kirkpatrick's required drivers.
    """

    class Kind(models.TextChoices):
        MONITOR = "monitor", "Monitor"
        REINFORCE = "reinforce", "Reinforce"
        ENCOURAGE = "encourage", "Encourage"
        REWARD = "reward", "Reward"

    behavior = models.ForeignKey(Behavior, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.CharField("who does what, how often", max_length=400, blank=True)
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    waived_because = models.CharField(max_length=400, blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DriverQuerySet.as_manager()

    class Meta:
        ordering = ["behavior", "kind", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="driver_once_a_kind", fields=["behavior", "kind"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="driver_or_waiver",
                condition=(Q(text="") & ~Q(waived_because=""))
                | (~Q(text="") & Q(waived_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.behavior}"


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(behavior__in=Behavior.objects.visible_to(user))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Waiver(models.Model):
    """The lead says that an audience practices a behavior already, and what shows it.

    It stands in for Reached and Demonstrated of a cell that is seen, while the behavior stays
    what it was (same fingerprint). It never stands in for a mapping.
    """

    behavior = models.ForeignKey(Behavior, on_delete=models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    evidence = models.CharField(max_length=400)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                name="waiver_once_a_cell",
                fields=["behavior", "audience"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(name="waiver_with_evidence", condition=~Q(evidence="")),
        ]

    def __str__(self) -> str:
        return f"{self.behavior} for {self.audience}"


class BarrierCaseQuerySet(models.QuerySet["BarrierCase"]):
    def visible_to(self, user: User) -> Self:
        """For who raised it, who has to remove it, trainers and leads."""
        if not user.is_active:
            return self.none()
        seen = self.filter(behavior__in=Behavior.objects.visible_to(user))
        if user.is_trainer or user.is_lead:
            return seen
        return seen.filter(Q(owner=user) | Q(raised_by=user))

    def standing(self) -> Self:
        return self.exclude(state__in=BarrierCase.ENDED)


class BarrierCase(models.Model):
    """“This cannot be trained”: something else stands in the way, and somebody has to remove it."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Being removed"
        REMOVED = "removed", "Removed"
        KEPT = "kept", "Stays, with a reason"
        WITHDRAWN = "withdrawn", "Withdrawn"

    ENDED = (State.REMOVED, State.KEPT, State.WITHDRAWN)

    behavior = models.ForeignKey(Behavior, on_delete=models.CASCADE, related_name="+")
    barrier = models.CharField(max_length=10, choices=Barrier)
    text = models.CharField("what stands in the way", max_length=1000)
    raised_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BarrierCaseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="barrier_ended_has_a_time",
                condition=Q(state__in=["open", "accepted"], ended_at=None)
                | (~Q(state__in=["open", "accepted"]) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="barrier_end_has_an_outcome",
                condition=~Q(state__in=["removed", "kept"]) | ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="barrier_not_a_matter_of_training",
                condition=~Q(barrier__in=["skill", "why"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_barrier_display()}: {self.behavior}"

    def get_absolute_url(self) -> str:
        return f"/training/barriers/{self.pk}/"


class BarrierEvent(models.Model):
    """One thing that happened to a barrier. Appended, never changed: a trigger sees to it."""

    class Kind(models.TextChoices):
        RAISED = "raised", "Raised"
        HANDED_ON = "handed on", "Handed on"
        ACCEPTED = "accepted", "Accepted"
        MOVED = "moved", "Due on another day"
        SAID = "said", "Note"
        REMOVED = "removed", "Removed"
        KEPT = "kept", "Stays"
        WITHDRAWN = "withdrawn", "Withdrawn"
        AGAIN = "again", "Opened again"

    case = models.ForeignKey(BarrierCase, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=9, choices=Kind)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at:%Y-%m-%d %H:%M}"
