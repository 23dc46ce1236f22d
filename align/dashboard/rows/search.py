"""Finding objectives, behaviors, modules and people by their words, within what one may see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Q, When
from django.db.models.fields.json import KT

from align.people.models import User
from strategy.models import BehaviorRevision, Objective, Round, Strategy
from training.models import Module

FOUND = 12  # of each kind; a narrower word finds the rest


@dataclass(frozen=True, kw_only=True)
class Hit:
    title: str
    link: str
    code: str = ""
    meta: str = ""
    serif: bool = False


@dataclass(frozen=True, kw_only=True)
class Found:
    name: str
    hits: tuple[Hit, ...]
    more: bool


def search(user: User, q: str) -> tuple[Found, ...]:
    """Return what matches, kind by kind, in five queries. An empty word finds nothing."""
    if not q:
        return ()
    kinds: tuple[tuple[str, Callable[[User, str], list[Hit]]], ...] = (
        ("Objectives", _objectives),
        ("Behaviors", _behaviors),
        ("Modules", _modules),
        ("Consultations", _consultations),
        ("People", _people),
    )
    found = [_group(name, find(user, q)) for name, find in kinds]
    return tuple(group for group in found if group.hits)


def _group(name: str, hits: Sequence[Hit]) -> Found:
    return Found(name=name, hits=tuple(hits[:FOUND]), more=len(hits) > FOUND)


def _objectives(user: User, q: str) -> list[Hit]:
    """Search the words in force. A draft is found on Today and on its strategy, never here."""
    words = (
        Q(code__iexact=q)
        | Q(current__title__icontains=q)
        | Q(current__we_will__icontains=q)
        | Q(current__we_stop__icontains=q)
        | Q(current__why__icontains=q)
    )
    named = Q(code__iexact=q) | Q(current__title__icontains=q)
    found = (
        Objective.objects.visible_to(user)
        .filter(words, current__isnull=False)
        .alias(place=Case(When(named, then=0), default=1))
        .exclude(strategy__state=Strategy.State.DRAFT)
        .select_related("current", "theme")
    )
    return [
        Hit(
            title=row.current.title if row.current else row.code,
            link=row.get_absolute_url(),
            code=row.code,
            meta=row.theme.name + ("" if row.state == "in force" else f" · {row.state}"),
            serif=True,
        )
        for row in found.order_by("place", "state", "code")[: FOUND + 1]
    ]


def _behaviors(user: User, q: str) -> list[Hit]:
    found = (
        BehaviorRevision.objects.visible_to(user)
        .in_force()
        .exclude(revision__objective__strategy__state=Strategy.State.DRAFT)
        .filter(Q(statement__icontains=q) | Q(occasion__icontains=q) | Q(behavior__code__iexact=q))
        .select_related("behavior", "sales_role", "revision__objective")
    )
    return [
        Hit(
            title=row.statement,
            link=row.behavior.get_absolute_url(),
            code=row.behavior.code,
            meta=f"{row.sales_role.name} · {row.revision.objective.code} {row.revision.title}",
            serif=True,
        )
        for row in found.order_by("behavior__code", "pk")[: FOUND + 1]
    ]


def _modules(user: User, q: str) -> list[Hit]:
    found = (
        Module.objects.visible_to(user)
        .filter(current__isnull=False)
        .filter(
            Q(code__iexact=q)
            | Q(current__title__icontains=q)
            | Q(current__content__icontains=q)
            | Q(program__name__icontains=q)
        )
        .select_related("current", "program")
        .order_by(F("current__title").asc(), "pk")
    )
    learns = not (user.is_trainer or user.is_lead or user.is_manager)
    return [
        Hit(
            title=row.current.title if row.current else row.code,
            link=f"/training/learn/{row.pk}/" if learns else row.get_absolute_url(),
            code=row.code,
            meta=row.program.name + (" · retired" if row.state == Module.State.RETIRED else ""),
        )
        for row in found[: FOUND + 1]
    ]


def _consultations(user: User, q: str) -> list[Hit]:
    """Search the titles as they were shared; what the working draft says now is its writers'."""
    found = (
        Round.objects.visible_to(user)
        .annotate(title=KT("text__0__text"))
        .filter(Q(title__icontains=q) | Q(revision__objective__code__iexact=q))
        .order_by("-opened_at", "-pk")
        .values("pk", "title", "number", "revision__number", "revision__objective__code")
    )
    return [
        Hit(
            title=row["title"],
            link=f"/consultations/{row['pk']}/",
            code=row["revision__objective__code"],
            meta=f"Draft {row['number']} of revision {row['revision__number']}",
            serif=True,
        )
        for row in found[: FOUND + 1]
    ]


def _people(user: User, q: str) -> list[Hit]:
    """People a person is responsible for; nobody else can be looked up."""
    if not (user.is_admin or user.is_manager):
        return []
    found = (
        User.objects.visible_to(user)
        .filter(Q(name__icontains=q) | Q(email__icontains=q), is_active=True)
        .order_by("name", "pk")
    )
    link = "/settings/people/" if user.is_admin else "/team/"
    return [
        Hit(title=row.name, link=link, meta=f"{row.email} · {row.role_words}")
        for row in found[: FOUND + 1]
    ]
