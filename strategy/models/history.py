"""What was done to strategies: written once, never changed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from align.people.models import User
from strategy.models.consultation import Round
from strategy.models.objectives import Objective, Revision, Strategy


class HistoryQuerySet(models.QuerySet["History"]):
    def visible_to(self, user: User) -> Self:
        """What happened to a draft is for its writers, in a round for those asked in it."""
        if not user.is_active:
            return self.none()
        writes = Q(objective__owner=user) | Q(strategy__lead=user)
        own = Q(shown_to=History.ShownTo.ACTOR)
        known = Q(objective=None, strategy__in=Strategy.objects.visible_to(user)) | Q(
            objective__in=Objective.objects.visible_to(user)
        )
        everyone = Q(shown_to=History.ShownTo.EVERYONE) & known
        asked = Q(shown_to=History.ShownTo.ROUND, round__in=Round.objects.visible_to(user))
        return self.filter(everyone | asked | (writes & ~own) | (own & Q(actor=user)))


class History(models.Model):
    """One change of state: who, when, and the values before and after.

    A database trigger holds that a row never changes; what it is about may go.
    """

    class ShownTo(models.TextChoices):
        EVERYONE = "everyone", "Everyone who sees the objective"
        ROUND = "round", "Those asked in the round"
        WRITERS = "writers", "Those who write the draft"
        ACTOR = "actor", "Only who did it"  # what they read and know; leads see teams

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="+")
    objective = models.ForeignKey(
        Objective, null=True, blank=True, on_delete=models.SET_NULL, related_name="history"
    )
    revision = models.ForeignKey(
        Revision, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    round = models.ForeignKey(
        Round, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    shown_to = models.CharField(max_length=8, choices=ShownTo)
    what = models.CharField(max_length=60)  # “published”, “concern answered” …
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    objects = HistoryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "history"
        indexes = [models.Index(name="history_of_objective", fields=["objective", "-at"])]

    def __str__(self) -> str:
        return self.what
