"""What is taught, what it claims to teach, who took it, and what was seen afterwards."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from align.people.models import Audience, Membership, Team, User
from strategy.models import Behavior, BehaviorRevision, Depth, Objective


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
    example = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["program", "code"]
        constraints = [
            models.CheckConstraint(
                name="module_published_has_a_version",
                condition=Q(state="draft") | Q(current__isnull=False),
            )
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
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def length(self) -> str:
        """“45 min” or “1.5 h”."""
        minutes = self.hours * 60
        return f"{minutes:.0f} min" if minutes < 60 else f"{self.hours.normalize():f} h"


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
        ]
        indexes = [models.Index(name="mapping_of_behavior", fields=["behavior", "state"])]

    def __str__(self) -> str:
        return f"{self.version} teaches {self.behavior}"


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


class CellState(models.Model):
    """What the coverage rule last computed for one cell: a behavior and one required audience.

    Written only by training.coverage; computing it again from scratch gives the same rows.
    Evidence is the highest step that holds.
    """

    class Evidence(models.IntegerChoices):
        UNMAPPED = 0, "Unmapped"
        MAPPED = 1, "Mapped"
        REACHED = 2, "Reached"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+")
    behavior = models.ForeignKey(Behavior, on_delete=models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+")
    critical = models.BooleanField()
    required = models.PositiveSmallIntegerField(choices=Depth)
    depth = models.PositiveSmallIntegerField(choices=Depth)
    suspect_depth = models.PositiveSmallIntegerField(choices=Depth)
    people = models.PositiveIntegerField()
    reached = models.PositiveIntegerField()
    observed = models.PositiveIntegerField()
    at_standard = models.PositiveIntegerField()
    evidence = models.PositiveSmallIntegerField(choices=Evidence)

    class Meta:
        ordering = ["objective", "behavior", "audience"]
        constraints = [models.UniqueConstraint(name="cell_once", fields=["behavior", "audience"])]

    def __str__(self) -> str:
        return f"behavior {self.behavior_id} for audience {self.audience_id}"


class ObjectiveCoverage(models.Model):
    """One narrow row an objective in force: what pages and rules read."""

    objective = models.OneToOneField(
        Objective, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    cells = models.PositiveIntegerField()
    covered = models.PositiveIntegerField()
    suspect = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField(choices=Depth, null=True)  # None: no cells, undefined
    shown = models.PositiveSmallIntegerField(choices=Depth, null=True)
    people = models.PositiveIntegerField()
    reached = models.PositiveIntegerField()
    observed = models.PositiveIntegerField()
    at_standard = models.PositiveIntegerField()
    judged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"objective {self.objective_id}"
