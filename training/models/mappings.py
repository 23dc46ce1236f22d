"""What a module claims to teach, and how each claim was reviewed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from align.people.models import Audience, User
from strategy.models import Behavior, BehaviorRevision, Depth
from training.models.modules import Module, ModuleVersion


class MappingQuerySet(models.QuerySet["Mapping"]):
    def visible_to(self, user: User) -> Self:
        """Where both ends are visible."""
        return self.filter(
            version__in=ModuleVersion.objects.visible_to(user),
            behavior__in=Behavior.objects.visible_to(user),
        )

    def editable_by(self, user: User) -> Self:
        """A trainer answers for the claims of their modules, and for those they made."""
        if not (user.is_active and user.is_trainer):
            return self.none()
        return self.filter(Q(version__module__owner=user) | Q(author=user))

    def alive(self) -> Self:
        return self.exclude(state=Mapping.State.RETIRED)

    def counted(self) -> Self:
        """Claims of published versions of modules in use, whether suspect or not."""
        return self.filter(
            state=Mapping.State.CURRENT,
            version__state=ModuleVersion.State.PUBLISHED,
            version__module__state=Module.State.PUBLISHED,
        )

    def with_suspect(self) -> Self:
        """Annotate ``suspect``: the behavior in force is no longer the one that was reviewed.

        Before anything is in force, what is published and comes is what counts.
        """
        in_force = Q(revision=OuterRef("behavior__objective__current"))
        coming = Q(behavior__objective__current=None, revision__state="published")
        same = BehaviorRevision.objects.filter(
            in_force | coming,
            behavior=OuterRef("behavior"),
            fingerprint=OuterRef("reviewed_fingerprint"),
        )
        return self.annotate(suspect=~Exists(same))


class Mapping(models.Model):
    """The claim “this module version teaches this behavior to this audience, this deep”.

    A mapping in state *current* is suspect while its reviewed fingerprint differs from that of
    the behavior in force; that is derived wherever it is asked, never stored.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        CURRENT = "current", "Current"
        RETIRED = "retired", "Retired"

    version = models.ForeignKey(ModuleVersion, on_delete=models.CASCADE, related_name="mappings")
    behavior = models.ForeignKey(Behavior, on_delete=models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    depth = models.PositiveSmallIntegerField(choices=Depth)
    rationale = models.CharField("the part that does it", max_length=400, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.CURRENT)
    reviewed_fingerprint = models.CharField(max_length=64)
    cleared_reason = models.CharField("no impact because", max_length=400, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = MappingQuerySet.as_manager()

    class Meta:
        ordering = ["behavior", "-depth", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="mapping_claimed_once",
                fields=["version", "behavior", "audience"],
                condition=~Q(state="retired"),
            ),
            models.CheckConstraint(
                name="mapping_depth_known", condition=Q(depth__gte=1, depth__lte=4)
            ),
            models.CheckConstraint(
                name="mapping_cleared_with_a_reason",
                condition=Q(cleared_at=None) | ~Q(cleared_reason=""),
            ),
            models.CheckConstraint(
                name="mapping_retired_has_a_time",
                condition=Q(state="retired", retired_at__isnull=False)
                | (~Q(state="retired") & Q(retired_at=None)),
            ),
        ]
        indexes = [models.Index(name="mapping_of_behavior", fields=["behavior", "state"])]

    def __str__(self) -> str:
        return f"{self.version} teaches {self.behavior}"


class MappingReview(models.Model):
    """What a claim was reviewed at, and when. Written by a trigger, never by code; kept for good.

    It makes the figures of a past day possible: a claim holds at its newest review until then.
    """

    mapping = models.ForeignKey(Mapping, on_delete=models.CASCADE, related_name="reviews")
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=400, blank=True)  # “no impact because …”
    cleared = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["mapping", "at", "pk"]
        indexes = [models.Index(name="review_of_mapping", fields=["mapping", "-at"])]

    def __str__(self) -> str:
        return f"{self.mapping_id} at {self.at:%Y-%m-%d}"
