"""The catalog of modules: the list, and everything one module's page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value

from align.people.models import User
from strategy.models import BehaviorRevision, Depth
from training import quiz
from training.models import Completion, Kind, Mapping, Module, ModuleVersion

MODULES_A_PAGE = 50
NEWEST = 8  # completions listed by name


@dataclass(frozen=True, kw_only=True)
class ModuleRow:
    """One line of the list: the module with what was counted of it, and its kind in words."""

    module: Module
    kind: str


@dataclass(frozen=True, kw_only=True)
class Catalog:
    page: Page[Module]
    rows: Sequence[ModuleRow]


def modules(*, user: User, chosen: dict[str, Any], page: str | None) -> Catalog:
    """Find modules by the filters of the list; each with its words, claims and completions."""
    words = _words(user)
    claims = Mapping.objects.counted().filter(version=OuterRef("current"))
    found = (
        Module.objects.visible_to(user)
        .select_related("program", "owner")
        .annotate(
            title=Subquery(words.values("title")[:1]),
            kind=Subquery(words.values("kind")[:1]),
            has_draft=Exists(words.filter(state=ModuleVersion.State.DRAFT)),
            behaviors=_count(claims, "behavior"),
            suspect=_count(claims.with_suspect().filter(Q(suspect=True)), "behavior"),
            deepest=Subquery(claims.order_by("-depth").values("depth")[:1]),
            people=_count(Completion.objects.filter(version__module=OuterRef("pk")), "user"),
        )
        .order_by("program__position", "program__name", "code")
    )
    shown = Paginator(_narrowed(found, user, chosen), MODULES_A_PAGE).get_page(page)
    rows = [ModuleRow(module=row, kind=_kind(row)) for row in shown]
    return Catalog(page=shown, rows=rows)


def _kind(module: Module) -> str:
    return str(Kind(module.kind).label)  # type: ignore[attr-defined]  # annotated


def _words(user: User) -> QuerySet[ModuleVersion]:
    """The words a list shows of each module: those in use, else the draft."""
    return (
        ModuleVersion.objects.visible_to(user)
        .filter(module=OuterRef("pk"))
        .order_by("-state", "-number")  # “published” sorts after “draft”
    )


def _count(rows: QuerySet[Any], what: str) -> Subquery:
    counted = rows.order_by().annotate(one=Value(1)).values("one")
    return Subquery(counted.annotate(count=Count(what, distinct=True)).values("count"))


def _narrowed(
    found: QuerySet[Module, Any], user: User, chosen: dict[str, Any]
) -> QuerySet[Module, Any]:
    for name in ("program", "kind", "state"):
        if chosen.get(name):
            found = found.filter(**{name: chosen[name]})
    if not chosen.get("state"):
        found = found.exclude(state=Module.State.RETIRED)
    if chosen.get("mine"):
        found = found.filter(owner=user)
    if query := chosen.get("q", ""):
        found = found.filter(
            Q(title__icontains=query)
            | Q(code__icontains=query)
            | Q(program__name__icontains=query)
            | Q(owner__name__icontains=query)
        )
    return found


@dataclass(frozen=True, kw_only=True)
class ClaimRow:
    """One claim of a version, with the words of the behavior in force."""

    claim: Mapping
    statement: str
    code: str
    needs: str
    suspect: bool
    in_force: bool
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class ModulePage:
    module: Module
    version: ModuleVersion
    current: bool  # the version shown is the one in use
    draft: ModuleVersion | None
    history: Sequence[ModuleVersion]
    claims: Sequence[ClaimRow]
    people: int
    completions: Sequence[Completion]  # that this person may see by name
    deepest: str
    quiz: quiz.Quiz
    sees_answers: bool  # the right ones, before passing
    owns: bool
    may_map: bool
    may_record: bool
    may_take: bool
    sees_figures: bool


def module(*, user: User, module: Module, number: int | None) -> ModulePage | None:
    """Read a module's page; None where this version is not there for this person."""
    versions = list(
        ModuleVersion.objects.visible_to(user).filter(module=module).order_by("-number")
    )
    shown = _shown(module, versions, number)
    if shown is None:
        return None
    taken = Completion.objects.filter(version__module=module)
    in_use = module.state == Module.State.PUBLISHED
    current = shown.pk == module.current_id
    return ModulePage(
        module=module,
        version=shown,
        current=current,
        draft=next((row for row in versions if row.state == ModuleVersion.State.DRAFT), None),
        history=versions,
        claims=claims(shown, user=user),
        people=taken.aggregate(people=Count("user", distinct=True))["people"],
        completions=list(
            taken.filter(pk__in=Completion.objects.visible_to(user).values("pk"))
            .select_related("user", "team", "version")
            .order_by("-completed_at", "-pk")[:NEWEST]
        ),
        deepest=str(Kind(shown.kind).deepest.label),
        quiz=quiz.parse(shown.quiz),
        sees_answers=user.is_trainer,
        owns=user.is_trainer and module.owner_id == user.pk,
        may_map=user.is_trainer and in_use and current,
        may_record=user.is_trainer and in_use,
        may_take=user.is_rep and in_use,
        sees_figures=user.is_trainer or user.is_lead or user.is_manager,
    )


def _shown(
    module: Module, versions: Sequence[ModuleVersion], number: int | None
) -> ModuleVersion | None:
    """The version asked for; else the one in use; else the newest."""
    if number is not None:
        return next((row for row in versions if row.number == number), None)
    in_use = next((row for row in versions if row.pk == module.current_id), None)
    return in_use or next(iter(versions), None)


def claims(version: ModuleVersion, *, user: User | None = None) -> list[ClaimRow]:
    """Return what a version claims to teach, the deepest first."""
    found = list(
        Mapping.objects.alive()
        .with_suspect()
        .filter(version=version)
        .select_related("audience", "behavior__objective", "version__module")
        .order_by("-depth", "behavior__objective__code", "behavior__code", "pk")
    )
    words = {
        row.behavior_id: row
        for row in BehaviorRevision.objects.to_teach().filter(
            behavior__in={claim.behavior_id for claim in found}
        )
    }
    return [_claim(claim, words.get(claim.behavior_id), user) for claim in found]


def _claim(claim: Mapping, words: BehaviorRevision | None, user: User | None) -> ClaimRow:
    answers = user is not None and user.is_trainer
    its_own = user is not None and user.pk in {claim.version.module.owner_id, claim.author_id}
    return ClaimRow(
        claim=claim,
        statement=words.statement if words else "No longer asked",
        code=claim.behavior.code,
        needs=str(Depth(words.required_depth).label) if words else "",
        suspect=words is not None and bool(claim.suspect),  # type: ignore[attr-defined]
        in_force=words is not None,
        may_change=answers and its_own,
    )


def newest_completions(module: Module, people: QuerySet[User]) -> dict[int, Any]:
    """Return the day on which each of these people last took the version in use."""
    rows = Completion.objects.filter(version=module.current_id, user__in=people).order_by()
    return dict(rows.values_list("user").annotate(day=Max("completed_at__date")))
