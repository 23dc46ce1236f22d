"""The rows behind one cell, and the cells behind one place of the matrix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from django.urls import NoReverseMatch, reverse
from django.utils import formats

from align.dashboard import words as plain_words
from align.dashboard.rows import snapshot
from align.dashboard.rows.figures import HIDDEN, Share, evidence_word
from align.dashboard.rows.filters import Filters
from align.dashboard.rows.snapshot import Known, Snapshot
from align.people.models import Audience, Membership, User
from strategy.config import Config, exact
from strategy.models import Behavior, BehaviorRevision, Depth
from training import coverage
from training.coverage import Cell, Evidence, proofs
from training.models import ModuleVersion, Program


@dataclass(frozen=True, kw_only=True)
class CellRow:
    """One cell with its figures ready; of too few people none."""

    behavior: int
    code: str
    statement: str
    audience: int
    audience_name: str
    critical: bool
    required: int
    depth: int
    shown: int | None
    late: bool  # deeper before the words changed
    covered: bool
    evidence: int | None
    reach: Share
    planned: int | None
    seen: Share
    needed: int  # people to observe before Seen can be judged
    earlier: Share  # in the earlier of the two windows that Sustained needs
    later: Share
    hidden: bool
    waived: bool
    seen_without_reached: bool

    @property
    def evidence_word(self) -> str:
        return HIDDEN if self.evidence is None else evidence_word(self.evidence)

    @property
    def required_word(self) -> str:
        return str(Depth(self.required).label)

    @property
    def sustained(self) -> bool:
        return self.evidence == Evidence.SUSTAINED

    @property
    def query(self) -> str:
        return f"behavior={self.behavior}&audience={self.audience}"

    @property
    def steps(self) -> tuple[tuple[str, bool, bool], ...]:
        """The six steps of evidence: the word, whether it holds, whether it is the highest."""
        at = -1 if self.evidence is None else self.evidence
        return tuple(
            (str(step.label), 0 < step <= at or step == at == 0, step == at) for step in Evidence
        )


@dataclass(frozen=True, kw_only=True)
class ClaimRow:
    module: str
    version: int
    link: str
    program: str
    depth: int
    audience: str
    cleared: bool
    reason: str  # why it does not count; empty: it does


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One person of a manager's teams: what is known of them here."""

    name: str
    reached_at: datetime | None
    planned: bool
    assessed: int | None
    observed: int | None
    link: str


@dataclass(frozen=True, kw_only=True)
class Todo:
    word: str
    link: str


@dataclass(frozen=True, kw_only=True)
class CellPage:
    """The cells behind one place of the matrix; with one of them alone, its proofs."""

    snapshot: Snapshot
    known: Known
    title: str
    what: str
    cells: tuple[CellRow, ...]
    proof: "ProofRows | None"


@dataclass(frozen=True, kw_only=True)
class ProofRows:
    cell: CellRow
    counting: tuple[ClaimRow, ...]
    others: tuple[ClaimRow, ...]
    missing: str
    assessed: Share
    demonstrated: Share
    without_training: str
    people: tuple[PersonRow, ...]
    not_named: int
    todos: tuple[Todo, ...]


def page(
    *,
    user: User,
    filters: Filters,
    config: Config,
    now: datetime,
    objective: int | None = None,
    behavior: int | None = None,
    audience: int | None = None,
    program: int | None = None,
    module: int | None = None,
) -> CellPage | None:
    """Read what stands behind one place, in a dozen queries; None where there is no such place."""
    asked = objective or _objective_of(behavior)
    if asked is None:
        return None
    found = snapshot.take(user=user, now=now, config=config, filters=filters, objective=asked)
    known = next(iter(found.known), None)
    if known is None:
        return None
    cells = [cell for cell in found.cells if behavior in (None, cell.behavior_id)]
    cells = [cell for cell in cells if audience in (None, cell.audience_id)]
    what, cells = _taught(cells, found, config=config, program=program, module=module)
    rows = cell_rows(cells, found)
    if behavior and not rows:
        return None
    return CellPage(
        snapshot=found,
        known=known,
        title=known.words.title,
        what=what,
        cells=tuple(rows),
        proof=_proof(cells[0], rows[0], found, user=user, config=config)
        if behavior and audience
        else None,
    )


def _objective_of(behavior: int | None) -> int | None:
    if behavior is None:
        return None
    return Behavior.objects.filter(pk=behavior).values_list("objective", flat=True).first()


def _taught(
    cells: Sequence[Cell],
    found: Snapshot,
    *,
    config: Config,
    program: int | None,
    module: int | None,
) -> tuple[str, list[Cell]]:
    """Keep the cells that a program or a module teaches, with its name."""
    if program is None and module is None:
        return "", list(cells)
    claims = coverage.claimed(found.ids, now=found.moment, config=config).claims
    if module is not None:
        version = ModuleVersion.objects.filter(module=module, module__current__isnull=False)
        name = version.order_by("-number").values_list("title", flat=True).first() or ""
        modules = {module}
    else:
        row = Program.objects.filter(pk=program or 0).first()
        name = row.name if row else ""
        modules = set(row.modules.values_list("pk", flat=True)) if row else set()
    taught = {
        (claim.behavior_id, claim.audience_id) for claim in claims if claim.module_id in modules
    }
    kept = [cell for cell in cells if (cell.behavior_id, cell.audience_id) in taught]
    return (name if kept else ""), kept


def cell_rows(cells: Iterable[Cell], found: Snapshot) -> list[CellRow]:
    """Return cells as rows, the weakest first. Two queries."""
    cells = list(cells)
    said = words_of(found.known)
    names = dict(
        Audience.objects.filter(pk__in={cell.audience_id for cell in cells}).values_list(
            "pk", "name"
        )
    )
    rows = [
        _row(cell, said[cell.behavior_id], names[cell.audience_id], found)
        for cell in cells
        if cell.behavior_id in said
    ]
    return sorted(rows, key=lambda row: (row.depth, row.evidence or 0, row.behavior, row.audience))


def words_of(known: Sequence[Known]) -> Mapping[int, BehaviorRevision]:
    """Return the words of each behavior at the moment of the snapshot."""
    rows = BehaviorRevision.objects.filter(revision__in=[row.words.pk for row in known])
    return {row.behavior_id: row for row in rows.select_related("behavior", "sales_role")}


def _row(cell: Cell, words: BehaviorRevision, audience: str, found: Snapshot) -> CellRow:
    hidden = found.few(cell)
    veil = Share(0, 0, hidden=True)
    row = CellRow(
        behavior=cell.behavior_id,
        code=words.behavior.code,
        statement=words.statement,
        audience=cell.audience_id,
        audience_name=audience,
        critical=cell.critical,
        required=cell.required,
        depth=cell.depth,
        shown=cell.shown,
        late=cell.suspect_depth > cell.depth,
        covered=cell.covered,
        evidence=cell.evidence,
        reach=Share(cell.reached, cell.people),
        planned=cell.planned,
        seen=Share(cell.at_standard, cell.observed),
        needed=cell.needed,
        earlier=Share(cell.earlier_at_standard, cell.earlier_observed),
        later=Share(cell.later_at_standard, cell.later_observed),
        hidden=hidden,
        waived=cell.waived,
        seen_without_reached=cell.seen_without_reached,
    )
    if not hidden:
        return row
    return replace(
        row,
        shown=None,
        evidence=None,
        reach=veil,
        planned=None,
        seen=veil,
        earlier=veil,
        later=veil,
        seen_without_reached=False,
    )


def _proof(
    cell: Cell, row: CellRow, found: Snapshot, *, user: User, config: Config
) -> ProofRows | None:
    behind = proofs.proof(
        objective_id=cell.objective_id,
        behavior_id=cell.behavior_id,
        audience_id=cell.audience_id,
        now=found.moment,
        config=config,
        team=found.team.pk if found.team else None,
    )
    if behind is None:
        return None
    claims = _claims(behind.claims, user)
    people = () if row.hidden else tuple(_people(behind.people, user, cell.behavior_id))
    veil = Share(0, 0, hidden=True)
    return ProofRows(
        cell=row,
        counting=tuple(claim for claim in claims if not claim.reason),
        others=tuple(claim for claim in claims if claim.reason),
        missing=HIDDEN if row.hidden else missing(cell),
        assessed=veil if row.hidden else Share(cell.assessed, cell.people),
        demonstrated=veil if row.hidden else Share(cell.demonstrated, cell.people),
        without_training=_without_training(row),
        people=people,
        not_named=len(behind.people) - len(people),
        todos=tuple(todos(row, user=user)) if found.live else (),
    )


def _claims(claims: Sequence[proofs.Mapped], user: User) -> list[ClaimRow]:
    """Return the claims on versions this person may see; drafts of others do not exist for them."""
    versions = (
        ModuleVersion.objects.visible_to(user)
        .select_related("module__program")
        .in_bulk([claim.version_id for claim in claims])
    )
    audiences = Audience.objects.in_bulk([claim.audience_id for claim in claims])
    return [
        ClaimRow(
            module=version.title,
            version=version.number,
            link=version.module.get_absolute_url(),
            program=version.module.program.name,
            depth=claim.depth,
            audience=audiences[claim.audience_id].name,
            cleared=claim.cleared,
            reason=claim.reason,
        )
        for claim in claims
        if (version := versions.get(claim.version_id)) is not None
    ]


def _people(rows: Sequence[proofs.Person], user: User, behavior: int) -> Iterable[PersonRow]:
    """Return the people of a manager's own teams; everybody else sees counts."""
    if not user.is_manager:
        return []
    mine = dict(Membership.objects.in_teams_of(user).values_list("user_id", "user__name"))
    named = sorted((mine[row.user_id], row) for row in rows if row.user_id in mine) if mine else []
    return [
        PersonRow(
            name=name,
            reached_at=row.reached_at,
            planned=row.planned,
            assessed=row.assessed_level,
            observed=row.observed_level,
            link=f"{reverse('training:visit')}?person={row.user_id}&behavior={behavior}",
        )
        for name, row in named
    ]


def _without_training(row: CellRow) -> str:
    if row.waived:
        return "The lead has signed that this audience practices it already."
    if row.seen_without_reached:
        return "Seen without reached: people do it whom no training here has reached."
    return ""


def todos(row: CellRow, *, user: User) -> Iterable[Todo]:
    """Yield the next steps this person may take from a cell."""
    if user.is_trainer:
        yield Todo(word="Map another", link=f"{reverse('training:map')}?{row.query}")
        yield from _when_there("Plan a session", "training:add_session", row)
        yield Todo(
            word="It cannot be trained",
            link=f"{reverse('training:add_barrier')}?behavior={row.behavior}",
        )
    if user.is_manager:
        yield Todo(word="Log a visit", link=f"{reverse('training:visit')}?behavior={row.behavior}")
    if user.is_lead and row.seen_without_reached and not row.waived:
        yield Todo(word="Already practiced: waive", link=f"{reverse('training:waive')}?{row.query}")


def _when_there(word: str, name: str, row: CellRow) -> Iterable[Todo]:
    try:
        yield Todo(word=word, link=f"{reverse(name)}?{row.query}")
    except NoReverseMatch:
        return


# What the next step of evidence needs


def missing(cell: Cell) -> str:
    """Say what the next step of the evidence needs, in people."""
    say = {
        Evidence.UNMAPPED: _to_mapped,
        Evidence.MAPPED: _to_reached,
        Evidence.REACHED: _to_demonstrated,
        Evidence.DEMONSTRATED: _to_seen,
        Evidence.SEEN: _to_sustained,
        Evidence.SUSTAINED: _nothing,
    }
    return say[cell.evidence](cell)


def _to_mapped(cell: Cell) -> str:
    return "Mapped needs one current mapping whose audience has everybody of this one."


def _to_reached(cell: Cell) -> str:
    if not cell.people:
        return "Reached needs people: nobody is in this audience today."
    need = ceil(exact(cell.config.reached_share) * cell.people)
    return f"Reached needs {need:,} of {cell.people:,} people; {need - cell.reached:,} are missing."


def _to_demonstrated(cell: Cell) -> str:
    need = ceil(exact(cell.config.demonstrated_share) * cell.people)
    return (
        f"Demonstrated needs {need:,} of {cell.people:,} people whose latest assessment is at "
        f"standard; {need - cell.demonstrated:,} are missing."
    )


def _to_seen(cell: Cell) -> str:
    if not cell.enough_observed:
        more = plain_words.counted(cell.needed - cell.observed, "more person", "more people")
        return f"Seen needs {cell.needed:,} people observed in 90 days: {more}."
    return (
        f"Seen needs more of the observed at standard: with {cell.at_standard:,} of "
        f"{cell.observed:,} the lower bound is {cell.bounds.lower:.2f}, and it has to be "
        f"{cell.config.seen_lower:.2f}."
    )


def _to_sustained(cell: Cell) -> str:
    days = cell.config.sustained_window_days
    half = formats.date_format(cell.median_at, "j M Y") if cell.median_at else ""
    when = f", which half of the people had by {half}" if half else ""
    return (
        f"Sustained needs Seen in two windows of {days} days in a row, the second beginning at "
        f"least {cell.config.sustained_after_days} days after the training{when}."
    )


def _nothing(cell: Cell) -> str:
    return "Every step holds. Keep looking: what nobody sees for 90 days falls back."
