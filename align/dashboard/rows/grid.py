"""What stands in the cells of the matrix: the deepest training, as shown, as claimed, out of date.

Claims come from the engine, one a cell of coverage and module; here they are folded into what is
drawn. Depths are taken as they are, the deepest of a kind; nothing is averaged.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from align.dashboard.rows.snapshot import Known, Snapshot
from strategy.models import BehaviorRevision, Depth
from training import coverage
from training.coverage import Evidence
from training.coverage.cell import SHOWS
from training.models import Module

COLUMNS = 24  # drawn at once
Key = tuple[int, int]  # row and column


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """The training of one objective in one column."""

    shown: int = 0
    claimed: int = 0
    outdated: int = 0
    sustained: bool = False
    unknown: bool = False  # claimed for people of whom nothing can be told
    behavior: int | None = None  # where a cell is one behavior

    def __or__(self, other: "MatrixCell") -> "MatrixCell":
        """Take the deepest of both."""
        return MatrixCell(
            shown=max(self.shown, other.shown),
            claimed=max(self.claimed, other.claimed),
            outdated=max(self.outdated, other.outdated),
            sustained=self.sustained or other.sustained,
            unknown=_known_of(self, other),
        )


def _known_of(one: MatrixCell, other: MatrixCell) -> bool:
    """Nothing can be told only where nothing can be told of any claim."""
    claims = [cell.unknown for cell in (one, other) if cell.claimed]
    return bool(claims) and all(claims)


@dataclass(frozen=True, kw_only=True)
class ThemeCell:
    """How the objectives of a theme stand in one column, as far as it is shown."""

    ladder: tuple[int, ...]  # objectives at Named … Reinforced in this column
    claimed: int  # objectives of which there is only a claim
    outdated: int
    objectives: int  # of the whole theme


@dataclass(frozen=True, kw_only=True)
class Column:
    pk: int
    name: str
    link: str = ""  # what it opens to


@dataclass(frozen=True, kw_only=True)
class Mark:
    objective: int
    module: int
    cell: MatrixCell


def marks(found: Snapshot, claims: Iterable[coverage.Claim]) -> list[Mark]:
    """Return what each module does for each objective."""
    ids = set(found.ids)
    states = {(cell.behavior_id, cell.audience_id): cell for cell in found.cells}
    folded: dict[Key, MatrixCell] = {}
    for claim in claims:
        if claim.objective_id not in ids:
            continue
        state = states.get((claim.behavior_id, claim.audience_id))
        cell = _marked(claim, state, few=state is None or found.few(state))
        key = (claim.objective_id, claim.module_id)
        folded[key] = folded[key] | cell if key in folded else cell
    return [
        Mark(objective=objective, module=module, cell=cell)
        for (objective, module), cell in folded.items()
    ]


def _marked(claim: coverage.Claim, state: coverage.Cell | None, *, few: bool) -> MatrixCell:
    if state is None or few or not state.people:
        unknown = bool(claim.depth)
        return MatrixCell(claimed=claim.depth, outdated=claim.suspect_depth, unknown=unknown)
    shown = min(claim.depth, SHOWS[state.evidence])
    return MatrixCell(
        shown=shown,
        claimed=claim.depth,
        outdated=claim.suspect_depth,
        sustained=shown == Depth.REINFORCED and state.evidence == Evidence.SUSTAINED,
    )


@dataclass(frozen=True, kw_only=True)
class Taught:
    """One module that teaches something here."""

    pk: int
    title: str
    program: int
    program_name: str


def taught(found: Iterable[Mark]) -> dict[int, Taught]:
    """Return the modules of these marks, in the order of their programs. One query."""
    rows = (
        Module.objects.filter(pk__in={mark.module for mark in found})
        .order_by("program__position", "program__name", "code")
        .values_list("pk", "current__title", "code", "program", "program__name")
    )
    return {
        pk: Taught(pk=pk, title=title or code, program=program, program_name=name)
        for pk, title, code, program, name in rows
    }


def by_program(found: Iterable[Mark], modules: Mapping[int, Taught]) -> dict[Key, MatrixCell]:
    return _folded((mark.objective, modules[mark.module].program, mark.cell) for mark in found)


def by_module(found: Iterable[Mark]) -> dict[Key, MatrixCell]:
    return _folded((mark.objective, mark.module, mark.cell) for mark in found)


def _folded(rows: Iterable[tuple[int, int, MatrixCell]]) -> dict[Key, MatrixCell]:
    cells: dict[Key, MatrixCell] = {}
    for row, column, cell in rows:
        key = (row, column)
        cells[key] = cells[key] | cell if key in cells else cell
    return cells


def by_behavior(found: Snapshot, known: Sequence[Known]) -> dict[Key, MatrixCell]:
    """Return the behaviors of each objective in their order, each by its weakest audience."""
    words = {row.words.pk: row.objective.pk for row in known}
    places: dict[int, list[int]] = defaultdict(list)
    rows = BehaviorRevision.objects.filter(revision__in=words).order_by("position", "pk")
    for revision, behavior in rows.values_list("revision", "behavior"):
        places[words[revision]].append(behavior)
    cells: dict[int, list[coverage.Cell]] = defaultdict(list)
    for cell in found.cells:
        cells[cell.behavior_id].append(cell)
    return {
        (objective, place): _weakest(
            behavior, cells[behavior], few=any(map(found.few, cells[behavior]))
        )
        for objective, behaviors in places.items()
        for place, behavior in enumerate(behaviors, start=1)
        if cells[behavior]
    }


def _weakest(behavior: int, cells: Sequence[coverage.Cell], *, few: bool) -> MatrixCell:
    claimed = min(cell.depth for cell in cells)
    outdated = max(cell.suspect_depth for cell in cells if cell.depth == claimed)
    unknown = few or any(not cell.people for cell in cells)
    shown = min(cell.shown for cell in cells)
    return MatrixCell(
        shown=0 if unknown else shown,
        claimed=claimed,
        outdated=outdated,
        sustained=not unknown
        and all(cell.evidence == Evidence.SUSTAINED for cell in cells)
        and shown == Depth.REINFORCED,
        unknown=unknown and bool(claimed),
        behavior=behavior,
    )


def by_theme(
    cells: Mapping[Key, MatrixCell], *, theme_of: Mapping[int, int]
) -> dict[Key, ThemeCell]:
    """Return how the objectives of each theme stand in each column."""
    objectives = Counter(theme_of.values())
    ladders: dict[Key, list[int]] = defaultdict(lambda: [0] * len(Depth))
    claimed: Counter[Key] = Counter()
    outdated: Counter[Key] = Counter()
    for (objective, column), cell in cells.items():
        if objective not in theme_of:
            continue
        key = (theme_of[objective], column)
        ladders[key][cell.shown] += 1
        claimed[key] += bool(cell.claimed and not cell.shown)
        outdated[key] += bool(cell.outdated and not cell.claimed)
    return {
        key: ThemeCell(
            ladder=tuple(ladder[1:]),
            claimed=claimed[key],
            outdated=outdated[key],
            objectives=objectives[key[0]],
        )
        for key, ladder in ladders.items()
    }


def programs(modules: Mapping[int, Taught]) -> list[Column]:
    names = {row.program: row.program_name for row in modules.values()}
    return [Column(pk=pk, name=name) for pk, name in names.items()]


def of_program(modules: Mapping[int, Taught], program: int | None) -> list[Column]:
    """Return the modules as columns: of one program, or of all."""
    return [
        Column(pk=row.pk, name=row.title, link=f"/training/modules/{row.pk}/")
        for row in modules.values()
        if program in (None, row.program)
    ]


def places(cells: Mapping[Key, MatrixCell]) -> list[Column]:
    """Return as many columns as the objective with the most behaviors has."""
    most = max((place for _, place in cells), default=0)
    return [Column(pk=place, name=f"Behavior {place}") for place in range(1, most + 1)]


def opening(columns: Sequence[Column], address: Mapping[int, str]) -> list[Column]:
    """Give each column the address it opens to."""
    return [replace(column, link=address.get(column.pk, column.link)) for column in columns]
