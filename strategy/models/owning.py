"""Carrying a choice to the sales force: told, read, remembered, and explained back."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from align.people.models import Membership, Team, TeamTree, User
from strategy.models.objectives import BehaviorRevision, Objective, Revision


class BriefQuerySet(models.QuerySet["Brief"]):
    def visible_to(self, user: User) -> Self:
        """A brief goes with its objective; what a manager says to a team stays there.

        Leads and trainers read every slot, managers those of their teams, everybody that of
        their own team and the teams above it.
        """
        known = self.filter(revision__in=Revision.objects.visible_to(user).published())
        if user.is_lead or user.is_trainer:
            return known
        places = Membership.objects.on(timezone.now().date()).filter(user=user)
        above = TeamTree.objects.filter(team__in=places.values("team")).values("ancestor")
        managed = Team.objects.managed_by(user)
        return known.filter(Q(team=None) | Q(team__in=above) | Q(team__in=managed))

    def of(self, objective: Objective) -> Self:
        """What is signed since the objective is what it is: a mended comma asks for no new one.

        Of a slot signed again after an editorial revision the newest comes last.
        """
        return self.filter(
            revision__objective=objective,
            revision__epoch=F("revision__objective__current__epoch"),
        ).order_by("revision__number", "pk")


class Brief(models.Model):
    """One signed slot: the reason, by the lead (no team), or what it means for one team."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="briefs")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    text = models.TextField(max_length=2000)
    behavior = models.ForeignKey(
        BehaviorRevision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    question = models.CharField("one question to the team", max_length=300, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    signed_at = models.DateTimeField()

    objects = BriefQuerySet.as_manager()

    class Meta:
        ordering = ["revision", F("team").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                name="brief_one_a_slot", fields=["revision", "team"], nulls_distinct=False
            ),
            models.CheckConstraint(name="brief_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text


class AcknowledgmentQuerySet(models.QuerySet["Acknowledgment"]):
    def visible_to(self, user: User) -> Self:
        """Only one's own: leads see teams."""
        return self.filter(person=user) if user.is_active else self.none()

    def of(self, objective: Objective) -> Self:
        """Those that count: made since the last substantive revision."""
        return self.in_epoch().filter(revision__objective=objective)

    def in_epoch(self) -> Self:
        return self.filter(revision__epoch=F("revision__objective__current__epoch"))


class Acknowledgment(models.Model):
    """“I have read it”, once a revision. It never stands for having remembered."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="acknowledgments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = AcknowledgmentQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "pk"]
        constraints = [
            models.UniqueConstraint(name="acknowledged_once", fields=["revision", "person"])
        ]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.revision_id}"


class RecallCheckQuerySet(models.QuerySet["RecallCheck"]):
    def visible_to(self, user: User) -> Self:
        """Only one's own: leads see teams, never who forgot."""
        return self.filter(person=user) if user.is_active else self.none()


class RecallCheck(models.Model):
    """What a person still knows of the why, some days after reading it.

    The row is made when the first half, free recall, is answered; the choice comes after it.
    """

    class Day(models.IntegerChoices):
        TWO = 2
        TWENTY_ONE = 21
        SIXTY = 60

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.PositiveSmallIntegerField(choices=Day)
    recalled = models.TextField("in your own words", blank=True, max_length=1000)
    words_found = models.PositiveSmallIntegerField()
    words_asked = models.PositiveSmallIntegerField()
    recalled_at = models.DateTimeField()
    chosen = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    right = models.BooleanField(null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)

    objects = RecallCheckQuerySet.as_manager()

    class Meta:
        ordering = ["revision", "person", "day"]
        constraints = [
            models.UniqueConstraint(name="recall_once_a_day", fields=["revision", "person", "day"]),
            models.CheckConstraint(name="recall_day_known", condition=Q(day__in=[2, 21, 60])),
            models.CheckConstraint(
                name="recall_finds_what_it_asks", condition=Q(words_found__lte=F("words_asked"))
            ),
            models.CheckConstraint(
                name="recall_choice_is_whole",
                condition=Q(right=None, chosen_at=None)
                | Q(right__isnull=False, chosen_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"day {self.day}"


class TeachBackQuerySet(models.QuerySet["TeachBack"]):
    def visible_to(self, user: User) -> Self:
        """The trainer's own, and those of the objectives a lead answers for."""
        if not user.is_active:
            return self.none()
        leads = Q(revision__objective__owner=user) | Q(revision__objective__strategy__lead=user)
        mine = Q(trainer=user)
        return self.filter(mine | leads if user.is_lead else mine)

    def signed(self) -> Self:
        return self.filter(state=TeachBack.State.SIGNED)

    def alive(self) -> Self:
        """Signed ones and those that wait."""
        return self.exclude(state=TeachBack.State.RETURNED)

    def in_force(self) -> Self:
        """Those of the why in force: a changed why voids them, by itself."""
        return self.filter(
            revision__why_fingerprint=F("revision__objective__current__why_fingerprint")
        )

    def of_the_why(self, objective: Objective) -> Self:
        return self.in_force().filter(revision__objective=objective)

    def valid(self) -> Self:
        return self.signed().in_force()


class TeachBack(models.Model):
    """A trainer explains the why; the lead signs, or says what is missing."""

    class State(models.TextChoices):
        GIVEN = "given", "Waits for the lead"
        SIGNED = "signed", "Signed"
        RETURNED = "returned", "Given back"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="teach_backs")
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    text = models.TextField("the why, as you would tell it", max_length=4000)
    given_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.GIVEN)
    answer = models.TextField(blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TeachBackQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="teach_back_one_alive",
                fields=["revision", "trainer"],
                condition=~Q(state="returned"),
            ),
            models.CheckConstraint(
                name="teach_back_returned_with_a_reason",
                condition=~Q(state="returned") | ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainer} on {self.revision}"

    def get_absolute_url(self) -> str:
        return f"/teach-backs/{self.pk}/"


class UnsavedQuerySet(models.QuerySet["Unsaved"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(person=user)


class Unsaved(models.Model):
    """What somebody typed into a draft and has not saved: kept for them alone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+")
    data = models.TextField(max_length=400_000)  # the form as the browser sends it
    at = models.DateTimeField()

    objects = UnsavedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "unsaved"
        constraints = [models.UniqueConstraint(name="unsaved_once", fields=["person", "objective"])]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.objective_id}"
