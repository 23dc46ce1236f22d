"""The trainer's workbench: what is not shown as deep as the strategy needs, worst first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, DecimalField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Ceil, Greatest, Least
from django.urls import reverse

from align.people.models import User
from strategy import config as thresholds
from strategy.config import Config
from strategy.models import BehaviorRevision, Depth, Flag, Objective
from training import coverage, models, suggestions, voices
from training.models import (
    DEEPEST_CLAIM,
    BarrierCase,
    CellState,
    Driver,
    Kind,
    Module,
)
from training.suggestions import Suggestion
from training.voices import Voice

GAPS_A_PAGE = 25
SUGGESTIONS = 4
TITLE_AT_MOST = 160  # of a module that is planned from a gap
FRESH = timedelta(days=30)  # so long a change is told beside the gap


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to."""

    mine: bool = False
    critical: bool = False
    objective: int | None = None

    @property
    def address(self) -> str:
        """The filters as the address says them, to stay chosen from page to page."""
        said = {"mine": "on" if self.mine else "", "critical": "on" if self.critical else ""}
        said["objective"] = str(self.objective or "")
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One line of the list."""

    cell: CellState
    code: str
    statement: str
    audience: str
    depth: int
    shown: int
    said: str  # “Explained, never practiced”
    people: int
    since: datetime | None
    critical: bool
    refused: bool  # the field says no
    changed: bool  # revised a short while ago
    barrier: bool  # something else stands in the way
    link: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the ladder: what teaches the behavior so deep."""

    depth: int
    word: str
    on: bool
    required: bool
    modules: str


@dataclass(frozen=True, kw_only=True)
class OutOfDate:
    claim: models.Mapping
    link: str


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the right side says about one gap."""

    gap: Gap
    words: BehaviorRevision
    objective: Objective
    required: str
    shown: str  # “Named”, “nothing”
    anchors: tuple[tuple[int, str], ...]
    steps: tuple[Step, ...]
    suspect: tuple[OutOfDate, ...]
    breaks: tuple[str, ...]
    voices: tuple[Voice, ...]
    suggestions: tuple[Suggestion, ...]
    barriers: tuple[BarrierCase, ...]
    missing_drivers: int
    kind: str  # of a module that would be deep enough
    plan: str  # the address of a new module of this kind


@dataclass(frozen=True, kw_only=True)
class Workbench:
    page: Page[CellState]
    gaps: tuple[Gap, ...]
    chosen: Chosen | None
    total: int
    shallow: int  # not trained deep enough; the others are trained, and not shown
    address: str
    picked: bool  # the address names a gap: on a phone it is the page


def workbench(
    *,
    user: User,
    gap: int | None,
    page: str | None,
    now: datetime,
    filters: Filters | None = None,
) -> Workbench:
    """Read the gaps a person may see, and one of them in full."""
    chosen, config = filters or Filters(), thresholds.current()
    rows = narrowed(found(user), user, chosen)
    shown = Paginator(rows, GAPS_A_PAGE).get_page(page)
    address = chosen.address
    listed = _rows(list(shown), now=now, config=config, address=address)
    picked = next((row for row in listed if row.cell.pk == gap), None)
    if picked is None and gap is not None:
        one = list(found(user).filter(pk=gap))
        picked = next(iter(_rows(one, now=now, config=config, address=address)), None)
    first = picked or next(iter(listed), None)
    return Workbench(
        page=shown,
        gaps=tuple(listed),
        chosen=_chosen(first, user, now, config) if first else None,
        total=shown.paginator.count,
        shallow=rows.filter(depth__lt=F("required")).count(),
        address=address,
        picked=picked is not None,
    )


# What the evidence of a cell can show at most is in training.coverage; here it is as a condition.
NOT_SHOWN = (
    Q(depth__lt=F("required"))
    | Q(evidence__lt=CellState.Evidence.REACHED, people__gt=0)
    | Q(required=Depth.PRACTICED, evidence__lt=CellState.Evidence.DEMONSTRATED, people__gt=0)
    | Q(required=Depth.REINFORCED, evidence__lt=CellState.Evidence.SEEN, people__gt=0)
)
# Enough were observed, and fewer than half of them at standard.
NOT_STICKING = Q(observed__gte=F("needed"), observed__gt=2 * F("at_standard"))


def found(user: User) -> QuerySet[CellState]:
    """Return the cells that are not shown as deep as they need, or do not stick: worst first.

    Critical ones first; then what is not trained deep enough before what is trained and not
    shown; then the shallowest, the least shown, and the most people.
    """
    config = thresholds.current()
    in_force = Objective.objects.visible_to(user).in_force()
    number = DecimalField(max_digits=20, decimal_places=4)  # 0.2 × 15 is 3, not 3.0000000000000004
    share = Value(Decimal(str(config.seen_people_share)), output_field=number)
    part = Ceil(ExpressionWrapper(Cast("people", number) * share, output_field=number))
    least = Greatest(Value(Decimal(config.seen_people), output_field=number), part)
    return (
        CellState.objects.filter(objective__in=in_force)
        .annotate(needed=Least(Cast("people", number), least))
        .filter(NOT_SHOWN | NOT_STICKING)
        .annotate(trained=Case(When(depth__lt=F("required"), then=Value(0)), default=Value(1)))
        .select_related("objective__current", "audience")
        .order_by("-critical", "trained", "depth", "evidence", "-people", "pk")
    )


def untrained(user: User) -> QuerySet[CellState]:
    """Return those of them that are not trained as deep as they need."""
    return found(user).filter(depth__lt=F("required"))


def narrowed(cells: QuerySet[CellState], user: User, filters: Filters) -> QuerySet[CellState]:
    """Keep the gaps of one objective, the critical ones, or those near one's own modules."""
    if filters.critical:
        cells = cells.filter(critical=True)
    if filters.objective:
        cells = cells.filter(objective=filters.objective)
    if filters.mine:
        own = models.Mapping.objects.alive().filter(version__module__owner=user)
        cells = cells.filter(objective__in=own.values("behavior__objective"))
    return cells


def objectives(user: User) -> QuerySet[Objective]:
    """Return the objectives to narrow the list to."""
    return Objective.objects.visible_to(user).in_force().select_related("current").order_by("code")


def _rows(cells: Sequence[CellState], *, now: datetime, config: Config, address: str) -> list[Gap]:
    words = _words(cells)
    refused = set(
        Flag.objects.open()
        .filter(rule="negative", objective__in={cell.objective_id for cell in cells})
        .values_list("objective", flat=True)
    )
    blocked = set(
        BarrierCase.objects.all()
        .standing()
        .filter(behavior__in={cell.behavior_id for cell in cells})
        .values_list("behavior", flat=True)
    )
    return [
        _row(
            coverage.Cell.of(cell, now=now, config=config),
            cell,
            words[cell.behavior_id],
            refused,
            blocked,
            address,
        )
        for cell in cells
    ]


def _words(cells: Iterable[CellState]) -> dict[int, BehaviorRevision]:
    words = BehaviorRevision.objects.in_force().filter(
        behavior__in={cell.behavior_id for cell in cells}
    )
    return {row.behavior_id: row for row in words.select_related("behavior", "revision")}


def _row(
    judged: coverage.Cell,
    cell: CellState,
    words: BehaviorRevision,
    refused: set[int],
    blocked: set[int],
    address: str,
) -> Gap:
    since = words.fingerprint_since
    return Gap(
        cell=cell,
        code=cell.objective.code,
        statement=words.statement,
        audience=cell.audience.name,
        depth=cell.depth,
        shown=judged.shown,
        said=why(judged),
        people=cell.people,
        since=since,
        critical=cell.critical,
        refused=cell.objective_id in refused,
        changed=words.revision.number > 1 and since is not None and since > judged.now - FRESH,
        barrier=cell.behavior_id in blocked,
        link=f"?{address + '&' if address else ''}gap={cell.pk}#gap",
    )


def said(cell: CellState | coverage.Cell) -> str:
    """Say in words why it is not trained deep enough: “Explained, never practiced”."""
    if cell.suspect_depth > cell.depth:
        return f"{Depth(cell.suspect_depth).label} before it changed, not checked since"
    if cell.depth == Depth.NONE:
        return "No training"
    if cell.depth == Depth.NAMED:
        return "Named only"
    return f"{Depth(cell.depth).label}, never {Depth(cell.required).label.lower()}"


def why(cell: coverage.Cell) -> str:
    """Say in words why it is a gap, by its depth or else by its evidence: “Only claimed: …”."""
    if cell.depth < cell.required:
        return said(cell)
    if cell.enough_observed and 2 * cell.at_standard < cell.observed:
        return f"Not sticking: seen at standard {cell.at_standard} of {cell.observed}"
    return _only_claimed(cell)


def _only_claimed(cell: coverage.Cell) -> str:
    if not (cell.reached_holds or cell.waived):
        return f"Only claimed: {cell.reached} of {cell.people} reached"
    if not (cell.demonstrated_holds or cell.waived):
        return f"Reached, not demonstrated: {cell.demonstrated} of {cell.people}"
    return f"Demonstrated, not seen yet: {cell.observed} of {cell.needed} observed"


def _chosen(gap: Gap, user: User, now: datetime, config: Config) -> Chosen:
    words = _words([gap.cell])[gap.cell.behavior_id]
    claims = list(
        models.Mapping.objects.counted()
        .with_suspect()
        .filter(behavior=gap.cell.behavior_id)
        .select_related("version__module__owner", "audience")
    )
    kind = next(kind for kind, deepest in DEEPEST_CLAIM.items() if deepest >= gap.cell.required)
    judged = coverage.Cell.of(gap.cell, now=now, config=config)
    return Chosen(
        gap=gap,
        words=words,
        objective=gap.cell.objective,
        required=str(Depth(gap.cell.required).label),
        shown=str(Depth(gap.shown).label) if gap.shown else "nothing",
        anchors=tuple(_anchors(words)),
        steps=tuple(_steps(gap, [claim for claim in claims if not _suspect(claim)])),
        suspect=tuple(_out_of_date([claim for claim in claims if _suspect(claim)], user)),
        breaks=tuple(_breaks(judged)),
        voices=tuple(voices.about(words.behavior, user=user)),
        suggestions=tuple(suggestions.likely(gap.cell, user=user, limit=SUGGESTIONS, words=words)),
        barriers=tuple(
            BarrierCase.objects.visible_to(user)
            .standing()
            .filter(behavior=words.behavior)
            .select_related("owner")
        ),
        missing_drivers=_missing_drivers(words) if gap.critical else 0,
        kind=kind,
        plan=_plan(kind, words),
    )


def _anchors(words: BehaviorRevision) -> Iterable[tuple[int, str]]:
    for level in range(1, 5):
        if text := getattr(words, f"level_{level}"):
            yield level, text


def _missing_drivers(words: BehaviorRevision) -> int:
    named = Driver.objects.all().standing().filter(behavior=words.behavior).count()
    return len(Driver.Kind) - named


def _plan(kind: Kind, words: BehaviorRevision) -> str:
    """Return the address of a new module that would be deep enough, with its title begun."""
    title = words.statement[:TITLE_AT_MOST]
    return f"{reverse('training:add_module')}?{urlencode({'kind': kind.value, 'title': title})}"


def _breaks(cell: coverage.Cell) -> Iterable[str]:
    """Say where it stops, step by step, each with its base: counts of people, no percentages."""
    yield f"Trained: {cell.reached} of {cell.people} people."
    if cell.waived:
        yield "The lead signed that they practice it already."
    if cell.reached:
        yield (
            f"Shown in an assessment: {cell.demonstrated} of {cell.people}."
            if cell.assessed
            else "Nobody was assessed."
        )
    if not cell.observed:
        yield "No visit has looked for this."
        return
    yield f"Seen at standard: {cell.at_standard} of {cell.observed} observed."
    if not cell.enough_observed:
        yield f"Not enough yet to say: {cell.needed} have to be observed."


def _out_of_date(claims: Sequence[models.Mapping], user: User) -> Iterable[OutOfDate]:
    """Link to where a claim is checked, for who may; for others to the module it is on."""
    mine = set(
        models.Mapping.objects.editable_by(user)
        .filter(pk__in=[claim.pk for claim in claims])
        .values_list("pk", flat=True)
    )
    for claim in claims:
        check = reverse("training:clear_mapping", kwargs={"pk": claim.pk})
        here = claim.version.module.get_absolute_url()
        yield OutOfDate(claim=claim, link=check if claim.pk in mine else here)


def _suspect(claim: models.Mapping) -> bool:
    return bool(claim.suspect)  # type: ignore[attr-defined]  # annotated


def _steps(gap: Gap, claims: Sequence[models.Mapping]) -> Iterable[Step]:
    for depth in Depth:
        if depth == Depth.NONE:
            continue
        titles = dict.fromkeys(claim.version.title for claim in claims if claim.depth == depth)
        yield Step(
            depth=depth,
            word=str(depth.label),
            on=depth <= gap.depth,
            required=depth == gap.cell.required,
            modules=", ".join(titles) or "nothing yet",
        )


def of_module(user: User) -> int:
    """Count the modules a trainer owns that are not retired."""
    return Module.objects.filter(owner=user).exclude(state=Module.State.RETIRED).count()
