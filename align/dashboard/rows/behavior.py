"""One behavior: the words in force, its cells, and the rows behind the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from align.dashboard import words as plain_words
from align.dashboard.rows import snapshot
from align.dashboard.rows.cell import CellRow, cell_rows
from align.dashboard.rows.objective import guarded, sees_figures
from align.people.models import User
from strategy.config import Config
from strategy.models import Behavior, BehaviorRevision, Depth, Objective, Revision
from training.models import Mapping, Observation


@dataclass(frozen=True, kw_only=True)
class MappingRow:
    pk: int
    module: str
    code: str
    version: int
    link: str
    program: str
    owner: str
    audience: str
    depth: int
    rationale: str
    cleared_reason: str
    suspect: bool
    may_clear: bool


@dataclass(frozen=True, kw_only=True)
class BehaviorPage:
    behavior: Behavior
    words: BehaviorRevision
    objective: Objective
    title: str
    in_force: bool
    anchors: tuple[tuple[int, str], ...]
    cells: tuple[CellRow, ...]
    mappings: tuple[MappingRow, ...]
    visits: int
    no_chance: int
    since: datetime | None
    days: int
    may_map: bool
    may_observe: bool
    may_see_coverage: bool
    required_word: str

    @property
    def draft(self) -> bool:
        return self.words.revision.state == Revision.State.DRAFT

    @property
    def visits_said(self) -> str:
        if not self.visits:
            return "No visit has looked for this."
        looked = plain_words.counted(self.visits, "observation")
        said = f"{looked} of these words in {self.days} days."
        missed = plain_words.number(self.no_chance)
        return f"{said} In {missed} there was no chance to see it." if self.no_chance else said


def page(*, user: User, words: BehaviorRevision, now: datetime, config: Config) -> BehaviorPage:
    """Read one behavior in nine queries."""
    behavior = words.behavior
    objective = behavior.objective
    in_force = (
        objective.state == Objective.State.IN_FORCE and words.revision_id == objective.current_id
    )
    sees = sees_figures(user)
    visits = list(
        Observation.objects.recent(now=now, days=config.seen_window_days)
        .filter(
            behavior_revision__behavior=behavior,
            behavior_revision__fingerprint=words.fingerprint,
            correction=None,
        )
        .values_list("level", flat=True)
    )
    return BehaviorPage(
        behavior=behavior,
        words=words,
        objective=objective,
        title=words.revision.title,
        in_force=in_force,
        anchors=_anchors(words),
        cells=_cells(behavior, words, now=now, config=config, guard=not sees) if in_force else (),
        may_see_coverage=sees,
        mappings=tuple(_mappings(user, behavior)),
        visits=len(visits),
        no_chance=visits.count(None),
        since=words.fingerprint_since,
        days=config.seen_window_days,
        may_map=in_force and user.is_trainer,
        may_observe=in_force and user.is_manager,
        required_word=str(Depth(words.required_depth).label),
    )


def _anchors(words: BehaviorRevision) -> tuple[tuple[int, str], ...]:
    levels = (words.level_1, words.level_2, words.level_3, words.level_4)
    return tuple((place, text) for place, text in enumerate(levels, start=1) if text)


def _cells(
    behavior: Behavior, words: BehaviorRevision, *, now: datetime, config: Config, guard: bool
) -> tuple[CellRow, ...]:
    """Return the behavior's cells, the weakest audience first."""
    found = snapshot.of_one(behavior.objective, words.revision, now=now, config=config)
    own = [cell for cell in found.cells if cell.behavior_id == behavior.pk]
    rows = cell_rows(own, found) if own else []
    return tuple(guarded(row) if guard else row for row in rows)


def _mappings(user: User, behavior: Behavior) -> Sequence[MappingRow]:
    """Return the claims of published versions, the deepest first; drafts claim nothing yet."""
    mappings = (
        Mapping.objects.counted()
        .with_suspect()
        .filter(behavior=behavior)
        .select_related("version__module__program", "version__module__owner", "audience")
    )
    mine = set(
        Mapping.objects.editable_by(user).filter(behavior=behavior).values_list("pk", flat=True)
    )
    return [
        MappingRow(
            pk=mapping.pk,
            module=mapping.version.title,
            code=mapping.version.module.code,
            version=mapping.version.number,
            link=mapping.version.module.get_absolute_url(),
            program=mapping.version.module.program.name,
            owner=mapping.version.module.owner.name,
            audience=mapping.audience.name,
            depth=mapping.depth,
            rationale=mapping.rationale,
            cleared_reason=mapping.cleared_reason,
            suspect=mapping.suspect,  # type: ignore[attr-defined]
            may_clear=mapping.pk in mine,
        )
        for mapping in mappings.order_by("-depth", "version__title")
    ]
