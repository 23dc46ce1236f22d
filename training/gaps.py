"""The trainer's workbench: behaviors below the depth they need, worst first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from align.people.models import User
from strategy.models import BehaviorRevision, Depth, Flag, Objective
from training.models import DEEPEST_CLAIM, CellState, Kind, Mapping, Module, ModuleVersion

GAPS_A_PAGE = 25
SUGGESTIONS = 4
FRESH = timedelta(days=30)  # so long a change is told beside the gap


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One line of the list."""

    cell: CellState
    code: str
    statement: str
    audience: str
    depth: int
    said: str  # “Explained, never practiced”
    people: int
    since: datetime | None
    critical: bool
    refused: bool  # the field says no
    changed: bool  # revised a short while ago


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the ladder: what teaches the behavior so deep."""

    depth: int
    word: str
    on: bool
    required: bool
    modules: str


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    version: ModuleVersion
    meta: str
    why: str


@dataclass(frozen=True, kw_only=True)
class OutOfDate:
    claim: Mapping
    link: str


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the right side says about one gap."""

    gap: Gap
    words: BehaviorRevision
    objective: Objective
    required: str
    steps: tuple[Step, ...]
    suspect: tuple[OutOfDate, ...]
    suggestions: tuple[Suggestion, ...]
    kind: str  # of a module that would be deep enough


@dataclass(frozen=True, kw_only=True)
class Workbench:
    page: Page[CellState]
    gaps: tuple[Gap, ...]
    chosen: Chosen | None
    total: int


def workbench(*, user: User, gap: int | None, page: str | None, now: datetime) -> Workbench:
    """Read the gaps a person may see, and one of them in full."""
    shown = Paginator(found(user), GAPS_A_PAGE).get_page(page)
    rows = _rows(list(shown), now=now)
    picked = next((row for row in rows if row.cell.pk == gap), None)
    if picked is None and gap is not None:
        picked = next(iter(_rows(list(found(user).filter(pk=gap)), now=now)), None)
    picked = picked or next(iter(rows), None)
    return Workbench(
        page=shown,
        gaps=tuple(rows),
        chosen=_chosen(picked, user) if picked else None,
        total=shown.paginator.count,
    )


def found(user: User) -> QuerySet[CellState]:
    """Return the cells below what they need: critical first, then shallowest, then most people."""
    in_force = Objective.objects.visible_to(user).in_force()
    return (
        CellState.objects.filter(depth__lt=F("required"), objective__in=in_force)
        .select_related("objective__current", "audience")
        .order_by("-critical", "depth", "-people", "pk")
    )


def _rows(cells: Sequence[CellState], *, now: datetime) -> list[Gap]:
    words = _words(cells)
    refused = set(
        Flag.objects.open()
        .filter(rule="negative", objective__in={cell.objective_id for cell in cells})
        .values_list("objective", flat=True)
    )
    return [_row(cell, words[cell.behavior_id], refused, now) for cell in cells]


def _words(cells: Iterable[CellState]) -> dict[int, BehaviorRevision]:
    words = BehaviorRevision.objects.in_force().filter(
        behavior__in={cell.behavior_id for cell in cells}
    )
    return {row.behavior_id: row for row in words.select_related("behavior", "revision")}


def _row(cell: CellState, words: BehaviorRevision, refused: set[int], now: datetime) -> Gap:
    since = words.fingerprint_since
    return Gap(
        cell=cell,
        code=cell.objective.code,
        statement=words.statement,
        audience=cell.audience.name,
        depth=cell.depth,
        said=said(cell),
        people=cell.people,
        since=since,
        critical=cell.critical,
        refused=cell.objective_id in refused,
        changed=words.revision.number > 1 and since is not None and since > now - FRESH,
    )


def said(cell: CellState) -> str:
    """Say in words why it is a gap: “Explained, never practiced”."""
    if cell.suspect_depth > cell.depth:
        return f"{Depth(cell.suspect_depth).label} before it changed, not checked since"
    if cell.depth == Depth.NONE:
        return "No training"
    if cell.depth == Depth.NAMED:
        return "Named only"
    return f"{Depth(cell.depth).label}, never {Depth(cell.required).label.lower()}"


def _chosen(gap: Gap, user: User) -> Chosen:
    words = _words([gap.cell])[gap.cell.behavior_id]
    claims = list(
        Mapping.objects.counted()
        .with_suspect()
        .filter(behavior=gap.cell.behavior_id)
        .select_related("version__module__owner", "audience")
    )
    return Chosen(
        gap=gap,
        words=words,
        objective=gap.cell.objective,
        required=str(Depth(gap.cell.required).label),
        steps=tuple(_steps(gap.cell, [claim for claim in claims if not _suspect(claim)])),
        suspect=tuple(_out_of_date([claim for claim in claims if _suspect(claim)], user)),
        suggestions=tuple(_suggestions(gap.cell, user)),
        kind=next(kind for kind, deepest in DEEPEST_CLAIM.items() if deepest >= gap.cell.required),
    )


def _out_of_date(claims: Sequence[Mapping], user: User) -> Iterable[OutOfDate]:
    """Link to where a claim is checked, for who may; for others to the module it is on."""
    mine = set(
        Mapping.objects.editable_by(user)
        .filter(pk__in=[claim.pk for claim in claims])
        .values_list("pk", flat=True)
    )
    for claim in claims:
        check = reverse("training:clear_mapping", kwargs={"pk": claim.pk})
        here = claim.version.module.get_absolute_url()
        yield OutOfDate(claim=claim, link=check if claim.pk in mine else here)


def _suspect(claim: Mapping) -> bool:
    return bool(claim.suspect)  # type: ignore[attr-defined]  # annotated


def _steps(cell: CellState, claims: Sequence[Mapping]) -> Iterable[Step]:
    for depth in Depth:
        if depth == Depth.NONE:
            continue
        titles = dict.fromkeys(claim.version.title for claim in claims if claim.depth == depth)
        yield Step(
            depth=depth,
            word=str(depth.label),
            on=depth <= cell.depth,
            required=depth == cell.required,
            modules=", ".join(titles) or "nothing yet",
        )


def _suggestions(cell: CellState, user: User) -> list[Suggestion]:
    """Likely modules: deep enough, not mapped here; those near this behavior, then one's own."""
    deep_enough = [kind for kind, deepest in DEEPEST_CLAIM.items() if deepest > cell.depth]
    claims = Mapping.objects.alive().filter(version=OuterRef("pk"))
    near = claims.filter(behavior__objective=cell.objective_id)
    versions = (
        ModuleVersion.objects.in_use()
        .filter(kind__in=deep_enough)
        .exclude(Exists(claims.filter(behavior=cell.behavior_id, audience=cell.audience_id)))
        .annotate(near=Exists(near), claims=Count("mappings", filter=~Q(mappings__state="retired")))
        .select_related("module__program", "module__owner")
        .order_by(
            "-near",
            Case(When(module__owner=user, then=Value(0)), default=Value(1)),
            Case(When(kind__in=_enough(cell), then=Value(0)), default=Value(1)),
            "-claims",
            "title",
        )
    )
    return [_suggestion(version, user) for version in versions[:SUGGESTIONS]]


def _enough(cell: CellState) -> list[Kind]:
    return [kind for kind, deepest in DEEPEST_CLAIM.items() if deepest >= cell.required]


def _suggestion(version: ModuleVersion, user: User) -> Suggestion:
    owner = "you" if version.module.owner_id == user.pk else version.module.owner.name
    deepest = str(Kind(version.kind).deepest.label)
    near: Any = version.near  # type: ignore[attr-defined]  # annotated
    return Suggestion(
        version=version,
        meta=f"{version.module.program.name} · {version.length} · {owner}",
        why=f"Teaches a neighboring behavior; can claim {deepest}"
        if near
        else f"Can claim {deepest}",
    )


def of_module(user: User) -> int:
    """Count the modules a trainer owns that are not retired."""
    return Module.objects.filter(owner=user).exclude(state=Module.State.RETIRED).count()
