"""Something Align tells a person, in the app and by mail."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from align.people.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(person=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def unread_first(self) -> Self:
        return self.annotate(is_read=Q(read_at__isnull=False)).order_by(
            "is_read", "-created_at", "-pk"
        )

    def after(self, *, read: bool, created_at: datetime, pk: int) -> Self:
        """What follows a place in the list, unread first, whatever was read meanwhile."""
        later = Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)
        if read:
            return self.filter(later, read_at__isnull=False)
        return self.filter(Q(read_at__isnull=False) | later)

    def to_mail(self) -> Self:
        return self.filter(at_once=True, mailed_at=None, person__is_active=True)

    def read(self, *, now: datetime) -> int:
        return self.unread().update(read_at=now)


class Notice(models.Model):
    """One event for one person, told once: the key names the event."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=300)
    at_once = models.BooleanField("by mail at once", default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="notice_once_a_person", fields=["person", "key"])
        ]
        indexes = [
            models.Index(name="notice_unread", fields=["person"], condition=models.Q(read_at=None)),
            models.Index(
                name="notice_to_mail",
                fields=["created_at"],
                condition=models.Q(at_once=True, mailed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.text
