"""The rounds in which trainers and managers answer a draft, and what they say there.

People who are consulted read the text of a round, frozen when it was shared; the working draft
stays its writers'. Everything said in a round goes through ``Round.objects.visible_to``.
"""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from align.people.models import SalesRole, User
from strategy.models.objectives import Behavior, Revision


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> Self:
        """A round is for those who were asked in it and those who write the draft.

        For everybody else there is no such draft, not even after it was published: words that
        never took force stay between those who spoke about them.
        """
        if not user.is_active:
            return self.none()
        asked = Participant.objects.filter(person=user).values("round")
        writes = Q(revision__objective__owner=user) | Q(revision__objective__strategy__lead=user)
        return self.filter(Q(pk__in=asked) | writes)

    def open(self, *, now: datetime) -> Self:
        return self.filter(closed_at=None, closes_at__gt=now, revision__state=Revision.State.DRAFT)


class Round(models.Model):
    """One draft as it was shared: its text does not change while people answer it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    # The paragraphs as they were shared, see strategy.text.Paragraph.
    text = models.JSONField(default=list)
    edits = models.PositiveIntegerField()  # the count of saves this text is of
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "-number"]
        constraints = [
            models.UniqueConstraint(name="round_number_once", fields=["revision", "number"]),
            models.UniqueConstraint(
                name="round_one_open", fields=["revision"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="round_closes_after_it_opens", condition=Q(closes_at__gt=F("opened_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.number}"

    def get_absolute_url(self) -> str:
        return f"/consultations/{self.pk}/"

    def is_open(self, *, now: datetime) -> bool:
        return self.closed_at is None and now < self.closes_at

    @property
    def last_day(self) -> date:
        """The last day on which it can be answered, where the strategy is in force."""
        last = self.closes_at - timedelta(microseconds=1)
        return last.astimezone(self.revision.objective.strategy.zone).date()


class Participant(models.Model):
    """Somebody who is asked in a round."""

    class As(models.TextChoices):
        TRAINER = "trainer", "Trainer"
        MANAGER = "manager", "Manager"
        OTHER = "other", "Asked by name"

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_as = models.CharField(max_length=7, choices=As)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["round", "person__name", "pk"]
        constraints = [
            models.UniqueConstraint(name="participant_once_a_round", fields=["round", "person"])
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.round_id}"


class PositionQuerySet(models.QuerySet["Position"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(participant__round__in=Round.objects.visible_to(user))

    def newest(self, revision: Revision) -> Self:
        """Where each person stands on a draft now: their answer in the last round they gave one."""
        return (
            self.filter(participant__round__revision=revision)
            .order_by("participant__person_id", "-participant__round__number")
            .distinct("participant__person_id")
        )


class Position(models.Model):
    """Where one person stands in one round. It may change while the round is open."""

    class Stance(models.TextChoices):
        READY = "ready", "Ready to teach it"
        CHANGES = "changes", "Ready with changes"
        CANNOT = "cannot", "Cannot teach it as written"

    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="position"
    )
    stance = models.CharField(max_length=7, choices=Stance)
    why = models.TextField("why the company does this, in your own words", max_length=2000)
    note = models.TextField("what would have to change", blank=True, max_length=2000)
    at = models.DateTimeField()

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["participant"]
        constraints = [
            models.CheckConstraint(name="position_says_why", condition=~Q(why="")),
            models.CheckConstraint(
                name="position_says_what_to_change", condition=Q(stance="ready") | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_stance_display()


class ConcernQuerySet(models.QuerySet["Concern"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(round__in=Round.objects.visible_to(user))

    def of(self, revision: Revision) -> Self:
        return self.filter(round__revision=revision)

    def unanswered(self) -> Self:
        return self.filter(answer="")


class Concern(models.Model):
    """A failure somebody predicts, with the day on which everybody can see whether it came."""

    class Answer(models.TextChoices):
        CHANGED = "changed", "Changed"
        KEPT = "kept", "Kept because"
        TESTING = "testing", "Testing"
        NOT_OURS = "not ours", "Not ours"

    class Outcome(models.TextChoices):
        CAME_TRUE = "came true", "Came true"
        DID_NOT = "did not", "Did not"

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="concerns")
    paragraph = models.PositiveIntegerField()
    quote = models.TextField()  # the paragraph as it read then
    behavior = models.ForeignKey(
        Behavior, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    symptom = models.TextField("what will happen", max_length=2000)
    check_on = models.DateField("look on")
    seen = models.PositiveIntegerField("seen in", null=True, blank=True)
    visits = models.PositiveIntegerField("of visits", null=True, blank=True)
    reports = ArrayField(models.UUIDField(), default=list, blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    raised_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answer_text = models.TextField("answer in words", blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    settled = models.BooleanField(null=True, blank=True)  # the raiser's word on the answer
    settled_at = models.DateTimeField(null=True, blank=True)
    # What the two of them saw on the day:
    lead_outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    lead_note = models.TextField(blank=True, max_length=2000)
    lead_looked_at = models.DateTimeField(null=True, blank=True)
    raiser_outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    raiser_note = models.TextField(blank=True, max_length=2000)
    raiser_looked_at = models.DateTimeField(null=True, blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        ordering = ["round", "pk"]
        indexes = [
            models.Index(name="concern_unanswered", fields=["round"], condition=Q(answer="")),
            models.Index(name="concern_check_on", fields=["check_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="concern_visits_have_a_base",
                condition=Q(seen=None, visits=None)
                | Q(seen__isnull=False, visits__gt=0, seen__lte=F("visits")),
            ),
            models.CheckConstraint(
                name="concern_answer_is_whole",
                condition=Q(answer="", answer_text="", answered_at=None, settled=None)
                | (~Q(answer="") & ~Q(answer_text="") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.symptom

    def get_absolute_url(self) -> str:
        return f"/concerns/{self.pk}/"


class ConcernFile(models.Model):
    """A file shown as evidence. It lies in the database, so that one backup holds everything."""

    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="file")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=100)  # the media type found in the bytes
    size = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="concern_file_is_small", condition=Q(size__gt=0, size__lte=10 * 1024 * 1024)
            )
        ]

    def __str__(self) -> str:
        return self.name


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(round__in=Round.objects.visible_to(user))


class Comment(models.Model):
    """A remark on a paragraph, or a reply to one."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="comments")
    paragraph = models.PositiveIntegerField()
    quote = models.TextField()  # the paragraph as it read then
    thread = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    text = models.TextField(max_length=2000)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(name="comment_by_paragraph", fields=["round", "paragraph", "at"])]

    def __str__(self) -> str:
        return self.text


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(round__in=Round.objects.visible_to(user))


class Suggestion(models.Model):
    """A behavior somebody consulted names for the draft. The lead takes it in, or says why not."""

    class State(models.TextChoices):
        OPEN = "open", "Suggested"
        TAKEN = "taken", "Taken into the draft"
        DECLINED = "declined", "Not taken"

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="suggestions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    sales_role = models.ForeignKey(SalesRole, on_delete=models.PROTECT, related_name="+")
    statement = models.CharField("what a manager can see", max_length=400)
    occasion = models.CharField("when it shows", max_length=200, blank=True)
    standard = models.CharField("done well means", max_length=400, blank=True)
    critical = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.CheckConstraint(
                name="suggestion_declined_with_a_reason",
                condition=~Q(state="declined") | ~Q(answer=""),
            )
        ]

    def __str__(self) -> str:
        return self.statement
