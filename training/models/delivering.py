"""Sessions, who sits in them, what is due, and completions brought in from elsewhere."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from align.people.models import Audience, Membership, User
from training.models.modules import Module, ModuleVersion


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        """Sessions of modules one may see. Who sits in them is another question."""
        return self.filter(version__in=ModuleVersion.objects.visible_to(user))

    def editable_by(self, user: User) -> Self:
        """Who gives it, and who owns the module."""
        if not (user.is_active and user.is_trainer):
            return self.none()
        return self.filter(Q(trainer=user) | Q(version__module__owner=user))


class Delivery(models.Model):
    """One session of a module version: planned, then held or called off."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CANCELED = "canceled", "Called off"

    ref = models.UUIDField(unique=True, default=uuid.uuid4)
    version = models.ForeignKey(ModuleVersion, on_delete=models.PROTECT, related_name="deliveries")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    trainer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField("link to join", blank=True, max_length=500)
    capacity = models.PositiveIntegerField(null=True, blank=True)  # None: everybody asked
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    held_at = models.DateTimeField(null=True, blank=True)  # when it was recorded as held
    canceled_reason = models.CharField(max_length=400, blank=True)
    edits = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                name="delivery_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="delivery_held_has_a_time",
                condition=Q(state="held", held_at__isnull=False)
                | (~Q(state="held") & Q(held_at=None)),
            ),
            models.CheckConstraint(
                name="delivery_canceled_with_a_reason",
                condition=~Q(state="canceled") | ~Q(canceled_reason=""),
            ),
            models.CheckConstraint(
                name="delivery_capacity_positive", condition=Q(capacity=None) | Q(capacity__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} on {self.starts_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return f"/training/sessions/{self.pk}/"


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, user: User) -> Self:
        """Your own; those of your teams; those of the sessions you answer for."""
        mine = Q(user=user)
        if user.is_manager:
            mine |= Q(user__in=Membership.objects.in_teams_of(user).values("user"))
        if user.is_trainer:
            mine |= Q(delivery__in=Delivery.objects.editable_by(user))
        return self.filter(mine)

    def taken(self) -> Self:
        return self.filter(left_at=None)


class Seat(models.Model):
    """One person is expected at one session; afterwards, whether they came.

    Holding a session without a capacity writes a seat for everybody of its audience on that day.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    attended = models.BooleanField(null=True, blank=True)
    created_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        constraints = [models.UniqueConstraint(name="seat_once", fields=["delivery", "user"])]

    def __str__(self) -> str:
        return f"{self.user} at {self.delivery}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(module__in=Module.objects.visible_to(user))

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Assignment(models.Model):
    """A module is due for an audience by the end of a day."""

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="assignments")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="assignment_once",
                fields=["module", "audience", "due_on"],
                condition=Q(ended_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.module} for {self.audience} by {self.due_on}"


class CalendarKey(models.Model):
    """What opens one person's calendar to their calendar program: the hash of a secret."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+", primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user}"


class CompletionImportQuerySet(models.QuerySet["CompletionImport"]):
    def visible_to(self, user: User) -> Self:
        """Each to who made it, while they may import at all."""
        may = user.is_active and (user.is_trainer or user.is_admin)
        return self.filter(author=user) if may else self.none()


class CompletionImport(models.Model):
    """A file of completions: uploaded, matched, checked, run, perhaps taken back."""

    class State(models.TextChoices):
        MATCHING = "matching", "Matching the columns"
        CHECKING = "checking", "Checking"
        CHECKED = "checked", "Checked"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        UNDONE = "undone", "Taken back"

    ref = models.UUIDField(unique=True, default=uuid.uuid4)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=40)  # what its completions are known by
    body = models.TextField()
    columns = models.JSONField(default=dict, blank=True)  # {"person": "E-mail", …}
    state = models.CharField(max_length=9, choices=State, default=State.MATCHING)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # rows looked at so far
    new = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)  # [[row, column, reason], …]
    failure = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = CompletionImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/import/{self.ref}/"
