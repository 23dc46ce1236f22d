"""What the company has decided, and what a manager can see when it is carried out."""

import uuid
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify

from align.people.models import Audience, SalesRole, Team, User, real_zone


def default_zone() -> str:
    return settings.TIME_ZONE


class Depth(models.IntegerChoices):
    """How deep training goes. A claim, never a proof."""

    NONE = 0, "None"
    NAMED = 1, "Named"
    EXPLAINED = 2, "Explained"
    PRACTICED = 3, "Practiced"
    REINFORCED = 4, "Reinforced"


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, user: User) -> Self:
        """What is decided is for everybody; a draft is its lead's."""
        if not user.is_active:
            return self.none()
        return self.filter(~Q(state=Strategy.State.DRAFT) | Q(lead=user))

    def written_by(self, user: User) -> Self:
        return self.filter(lead=user) if user.is_lead else self.none()


class Strategy(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        CLOSED = "closed", "Closed"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    cycle = models.CharField(max_length=40, blank=True, help_text="For example FY27.")
    statement = models.TextField(blank=True, max_length=4000)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    teams = models.ManyToManyField(Team, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    # “In force from 1 March” means the first moment of that day here.
    time_zone = models.CharField(max_length=60, default=default_zone, validators=[real_zone])
    example = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["state", "name"]
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/strategy/{self.slug}/"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Theme(models.Model):
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(name="theme_once_a_strategy", fields=["strategy", "name"])
        ]

    def __str__(self) -> str:
        return self.name


class ObjectiveQuerySet(models.QuerySet["Objective"]):
    def visible_to(self, user: User) -> Self:
        """In force and retired ones are for everybody; a draft only for who writes it.

        Nobody else learns that a draft exists: not from a count, a code or a 403. Trainers see
        what is published for a later day, while there is time to prepare.
        """
        if not user.is_active:
            return self.none()
        known = Q(current__isnull=False) | Q(owner=user) | Q(strategy__lead=user)
        if user.is_trainer:
            published = Revision.objects.published()
            known |= Q(pk__in=published.values("objective"))
        return self.filter(known).filter(
            ~Q(strategy__state=Strategy.State.DRAFT) | Q(strategy__lead=user)
        )

    def in_force(self) -> Self:
        return self.filter(state=Objective.State.IN_FORCE)

    def editable_by(self, user: User) -> Self:
        """A lead writes the objectives they own and those of the strategies they lead."""
        if not (user.is_active and user.is_lead):
            return self.none()
        return self.filter(Q(owner=user) | Q(strategy__lead=user))


class Objective(models.Model):
    """One choice the strategy makes. Its words are in its revisions."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CONSULTATION = "consultation", "In consultation"
        IN_FORCE = "in force", "In force"
        RETIRED = "retired", "Retired"

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="objectives")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="objectives")
    code = models.CharField(max_length=20)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    current = models.OneToOneField(
        "Revision", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    # The last paragraph number given. A number is never given twice, see strategy.text.
    paragraphs = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)  # last looked at as a whole

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        ordering = ["theme__position", "theme_id", "code"]
        constraints = [
            models.UniqueConstraint(name="objective_code_once", fields=["strategy", "code"]),
            models.CheckConstraint(
                name="objective_in_force_has_a_revision",
                condition=~Q(state__in=["in force", "retired"]) | Q(current__isnull=False),
            ),
            models.CheckConstraint(
                name="objective_retired_has_a_time",
                condition=Q(state="retired", retired_at__isnull=False)
                | (~Q(state="retired") & Q(retired_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The address holds whatever the title becomes: only the number before the dash counts."""
        title = slugify(self.current.title)[:60] if self.current else slugify(self.code)
        return f"/objectives/{self.pk}-{title or 'objective'}/"


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, user: User) -> Self:
        """A published revision goes with its objective; a draft is for who writes it."""
        published = Q(state=Revision.State.PUBLISHED)
        writes = Q(objective__owner=user) | Q(objective__strategy__lead=user) | Q(author=user)
        return self.filter(published | writes, objective__in=Objective.objects.visible_to(user))

    def drafts(self) -> Self:
        return self.filter(state=Revision.State.DRAFT)

    def published(self) -> Self:
        return self.filter(state=Revision.State.PUBLISHED)


class Revision(models.Model):
    """One state of an objective. A draft is edited; a published one never changes again.

    The database holds to that too: a trigger refuses to update a published row.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"  # was consulted on, then given up; kept on record

    class Significance(models.TextChoices):
        EDITORIAL = "editorial", "Editorial"
        SUBSTANTIVE = "substantive", "Substantive"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=160)
    we_will = models.TextField("we will", blank=True, max_length=2000)
    we_stop = models.TextField("we stop", blank=True, max_length=2000)
    segment = models.CharField(max_length=300, blank=True)
    hypothesis = models.TextField("because", blank=True, max_length=2000)
    why = models.TextField("the business case", blank=True, max_length=8000)
    measure = models.CharField(max_length=200, blank=True)
    baseline = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    measure_by = models.DateField("by", null=True, blank=True)
    reason = models.TextField("reason for the change", blank=True, max_length=2000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    edits = models.PositiveIntegerField(default=0)
    # The permanent numbers of its paragraphs, by field: {"why": [5, 6, 9], …}.
    numbers = models.JSONField(default=dict, blank=True)
    # Why it was published against what trainers said. Everyone can read it.
    override = models.TextField("reason to publish all the same", blank=True, max_length=2000)
    # The decisions this revision answers; feedback keeps the other end.
    answers = ArrayField(models.UUIDField(default=uuid.uuid4), default=list, blank=True)
    created_at = models.DateTimeField()
    # Set by publishing:
    significance = models.CharField(max_length=11, choices=Significance, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    why_fingerprint = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    effective_from = models.DateTimeField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["objective", "-number"]
        constraints = [
            # What was withdrawn gives its number back: a gap would tell that there was a draft.
            models.UniqueConstraint(
                name="revision_number_once",
                fields=["objective", "number"],
                condition=~Q(state="withdrawn"),
            ),
            models.UniqueConstraint(
                name="revision_one_draft", fields=["objective"], condition=Q(state="draft")
            ),
            models.CheckConstraint(
                name="revision_published_is_complete",
                condition=~Q(state="published")
                | Q(
                    published_at__isnull=False,
                    effective_from__isnull=False,
                    epoch__gt=0,
                    epoch__lte=F("number"),
                )
                & ~Q(significance="")
                & ~Q(why_fingerprint=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BehaviorQuerySet(models.QuerySet["Behavior"]):
    def visible_to(self, user: User) -> Self:
        """A behavior is visible where a revision that names it is."""
        named = BehaviorRevision.objects.visible_to(user)
        return self.filter(pk__in=named.values("behavior"))

    def in_force(self) -> Self:
        return self.filter(
            objective__state=Objective.State.IN_FORCE,
            revisions__revision=F("objective__current"),
        )


class Behavior(models.Model):
    """What stays the same while the words of a behavior change: its place and its code."""

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="behaviors")
    code = models.CharField(max_length=20)
    paragraph = models.PositiveIntegerField(default=0)  # its permanent number in the text

    objects = BehaviorQuerySet.as_manager()

    class Meta:
        ordering = ["objective", "pk"]
        constraints = [
            models.UniqueConstraint(name="behavior_code_once", fields=["objective", "code"]),
            models.UniqueConstraint(
                name="behavior_paragraph_once",
                fields=["objective", "paragraph"],
                condition=Q(paragraph__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"/behaviors/{self.pk}/"


class BehaviorRevisionQuerySet(models.QuerySet["BehaviorRevision"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(revision__in=Revision.objects.visible_to(user))

    def in_force(self) -> Self:
        """The words in force today."""
        return self.filter(
            revision=F("behavior__objective__current"),
            behavior__objective__state=Objective.State.IN_FORCE,
        )

    def to_teach(self) -> Self:
        """The words in force, and the newest published ones of what is not in force yet."""
        coming = Q(behavior__objective__current=None, revision__state=Revision.State.PUBLISHED)
        in_force = Q(
            revision=F("behavior__objective__current"),
            behavior__objective__state=Objective.State.IN_FORCE,
        )
        return self.filter(in_force | coming).order_by("behavior", "-revision__number")


class BehaviorRevision(models.Model):
    """One state of a behavior, under one revision of its objective."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="behaviors")
    behavior = models.ForeignKey(Behavior, on_delete=models.CASCADE, related_name="revisions")
    position = models.PositiveSmallIntegerField(default=0)
    sales_role = models.ForeignKey(SalesRole, on_delete=models.PROTECT, related_name="+")
    statement = models.CharField("what a manager can see", max_length=400)
    occasion = models.CharField("when it shows", max_length=200, blank=True)
    standard = models.CharField("done well means", max_length=400, blank=True)
    level_1 = models.CharField(max_length=300, blank=True)
    level_2 = models.CharField(max_length=300, blank=True)
    level_3 = models.CharField(max_length=300, blank=True)
    level_4 = models.CharField(max_length=300, blank=True)
    critical = models.BooleanField(default=False)
    required_depth = models.PositiveSmallIntegerField(choices=Depth, default=Depth.EXPLAINED)
    audiences = models.ManyToManyField(Audience, related_name="+", blank=True)
    needs = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    stops = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    # Set by publishing:
    fingerprint = models.CharField(max_length=64, blank=True)
    fingerprint_since = models.DateTimeField(null=True, blank=True)

    objects = BehaviorRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="behavior_once_a_revision", fields=["revision", "behavior"]
            ),
            models.CheckConstraint(
                name="behavior_required_depth_known",
                condition=Q(required_depth__gte=1, required_depth__lte=4),
            ),
        ]

    def __str__(self) -> str:
        return self.statement
