"""What Align told a person: a list, a way to the place, and nothing of anybody else's."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from align.notices.models import Notice, NoticeQuerySet
from align.people.models import User

NOTICES_A_PAGE = 50


class Place(NamedTuple):
    """The last notice of a page, and in which half of the list it stood."""

    read: bool
    pk: int

    def __str__(self) -> str:
        return f"{'read' if self.read else 'unread'}-{self.pk}"

    @classmethod
    def of(cls, text: str) -> "Place | None":
        half, _, pk = text.partition("-")
        known = half in {"read", "unread"} and pk.isascii() and pk.isdigit() and len(pk) < 19
        return cls(half == "read", int(pk)) if known else None


def of(request: HttpRequest) -> NoticeQuerySet:
    user = request.user
    assert isinstance(user, User)  # every page but the sign-in needs one
    return Notice.objects.visible_to(user)


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    mine = of(request)
    rows = list(after(mine, Place.of(request.GET.get("after", "")))[: NOTICES_A_PAGE + 1])
    shown = rows[:NOTICES_A_PAGE]
    more = len(rows) > len(shown)
    context = {
        "unread": [notice for notice in shown if notice.read_at is None],
        "read": [notice for notice in shown if notice.read_at is not None],
        "next": str(Place(shown[-1].read_at is not None, shown[-1].pk)) if more else "",
    }
    return render(request, "notices/list.html", context)


def after(notices: NoticeQuerySet, place: Place | None) -> NoticeQuerySet:
    last = notices.filter(pk=place.pk).first() if place else None
    if place and last:
        notices = notices.after(read=place.read, created_at=last.created_at, pk=last.pk)
    return notices.unread_first()


@require_POST
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice read and go where it points: an address of this site, nowhere else."""
    notice = get_object_or_404(of(request), pk=pk)
    of(request).filter(pk=pk).read(now=timezone.now())
    if url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None):
        return HttpResponseRedirect(notice.link)
    return redirect("notices:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    of(request).read(now=timezone.now())
    messages.success(request, "All read.")
    return redirect("notices:list")
