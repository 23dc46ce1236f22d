"""What is taught: modules, their versions, and how far somebody is in one."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from align.people.models import User
from strategy.models import Depth


class Program(models.Model):
    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    example = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    """Kinds of modules. Each allows a claim only so deep."""

    ANNOUNCEMENT = "announcement", "Announcement"
    PRODUCT = "product", "Product"
    EXPLANATION = "explanation", "Explanation"
    PRACTICE = "practice", "Practice"
    REINFORCEMENT = "reinforcement", "Reinforcement"

    @property
    def deepest(self) -> Depth:
        return DEEPEST_CLAIM[self]


DEEPEST_CLAIM = {
    Kind.ANNOUNCEMENT: Depth.NAMED,
    Kind.PRODUCT: Depth.NAMED,
    Kind.EXPLANATION: Depth.EXPLAINED,
    Kind.PRACTICE: Depth.PRACTICED,
    Kind.REINFORCEMENT: Depth.REINFORCED,
}


class ModuleQuerySet(models.QuerySet["Module"]):
    def visible_to(self, user: User) -> Self:
        """Published ones are for everybody; drafts for trainers and their owner."""
        if not user.is_active:
            return self.none()
        if user.is_trainer:
            return self
        return self.filter(Q(current__isnull=False) | Q(owner=user))

    def editable_by(self, user: User) -> Self:
        """Trainers own modules; each edits their own."""
        return self.filter(owner=user) if user.is_active and user.is_trainer else self.none()


class Module(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    code = models.CharField(max_length=20, unique=True)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="modules")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    current = models.OneToOneField(
        "ModuleVersion", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    example = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField("why it ended", blank=True, max_length=400)

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["program", "code"]
        constraints = [
            models.CheckConstraint(
                name="module_published_has_a_version",
                condition=Q(state="draft") | Q(current__isnull=False),
            ),
            models.CheckConstraint(
                name="module_retired_has_a_time",
                condition=Q(state="retired", retired_at__isnull=False)
                | (~Q(state="retired") & Q(retired_at=None)),
            ),
            models.CheckConstraint(
                name="module_not_its_own_successor", condition=~Q(successor=F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"/training/modules/{self.pk}/"


class ModuleVersionQuerySet(models.QuerySet["ModuleVersion"]):
    def visible_to(self, user: User) -> Self:
        published = Q(state=ModuleVersion.State.PUBLISHED)
        if not user.is_trainer:
            return self.filter(published, module__in=Module.objects.visible_to(user))
        return self.filter(module__in=Module.objects.visible_to(user))

    def in_use(self) -> Self:
        """What is taught today: the current versions of modules that are not retired."""
        return self.filter(module__current=F("pk"), module__state=Module.State.PUBLISHED)


class ModuleVersion(models.Model):
    """One state of a module. Published ones never change; a trigger holds to that."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=13, choices=Kind)
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    content = models.TextField("content (Markdown)", blank=True, max_length=50_000)
    link = models.URLField("external link", blank=True, max_length=500)
    video = models.URLField("link to a video", blank=True, max_length=500)
    # [{"question": …, "options": […], "right": [0, 2]}, …]; see training.quiz.
    quiz = models.JSONField(default=list, blank=True)
    pass_mark = models.PositiveSmallIntegerField("pass mark in per cent", default=80)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    edits = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ModuleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["module", "-number"]
        constraints = [
            models.UniqueConstraint(name="version_number_once", fields=["module", "number"]),
            models.UniqueConstraint(
                name="version_one_draft", fields=["module"], condition=Q(state="draft")
            ),
            models.CheckConstraint(
                name="version_published_has_a_time",
                condition=Q(state="draft") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="version_hours_positive", condition=Q(hours__gt=0, hours__lte=400)
            ),
            models.CheckConstraint(
                name="version_pass_mark_percent", condition=Q(pass_mark__gte=1, pass_mark__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def length(self) -> str:
        """“45 min” or “1.5 h”."""
        minutes = self.hours * 60
        return f"{minutes:.0f} min" if minutes < 60 else f"{self.hours.normalize():f} h"


class ModuleImageQuerySet(models.QuerySet["ModuleImage"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(module__in=Module.objects.visible_to(user))


class ModuleImage(models.Model):
    """A picture in a module's content. It lies in the database, so that one backup holds all."""

    ref = models.UUIDField(unique=True, default=uuid.uuid4)
    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="images")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)  # the media type found in the bytes
    size = models.PositiveIntegerField()
    body = models.BinaryField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = ModuleImageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="module_image_is_small", condition=Q(size__gt=0, size__lte=2 * 1024 * 1024)
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/training/images/{self.ref}/"


class ProgressQuerySet(models.QuerySet["Progress"]):
    def visible_to(self, user: User) -> Self:
        """Your own, in what you may still read."""
        return self.filter(user=user, version__in=ModuleVersion.objects.visible_to(user))


class Progress(models.Model):
    """How far one person is in one version: the part they read last, and what they ticked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="+")
    part = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=dict, blank=True)  # {"0": [1], …}, not judged yet
    updated_at = models.DateTimeField()

    objects = ProgressQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="progress_once", fields=["user", "version"])]

    def __str__(self) -> str:
        return f"{self.user} in part {self.part} of {self.version}"
