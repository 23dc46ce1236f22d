"""What can be done to a strategy. Each verb is one transaction."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.text import slugify

from align.people.models import Audience, SalesRole, Team, User
from strategy import effect, fingerprints, observable, outbox
from strategy.models import (
    Behavior,
    BehaviorRevision,
    Depth,
    Flag,
    FlagEvent,
    Objective,
    Revision,
    Strategy,
    Theme,
)


class Invalid(Exception):
    """Something is missing or wrong. ``errors`` names each field with a sentence.

    A behavior's own fields are named ``behaviors.<code>``.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = dict(errors)


class StaleDraft(Exception):
    """Somebody saved this draft meanwhile. ``revision`` has their text."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(f"Draft {revision.pk} was saved meanwhile.")
        self.revision = revision


class NotADraft(Exception):
    """This revision is published, or gone."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """The text of an objective, as a revision holds it."""

    title: str
    we_will: str = ""
    we_stop: str = ""
    segment: str = ""
    hypothesis: str = ""
    why: str = ""
    measure: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""
    measure_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class BehaviorWords:
    """One behavior of a draft. The code is its identity within the objective."""

    code: str
    sales_role: SalesRole
    statement: str
    occasion: str = ""
    standard: str = ""
    levels: tuple[str, str, str, str] = ("", "", "", "")
    critical: bool = False
    required_depth: Depth | None = None
    audiences: tuple[Audience, ...] = ()
    needs: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()

    @property
    def depth(self) -> Depth:
        """What is required: Practiced for a critical behavior, Explained otherwise."""
        if self.required_depth is not None:
            return Depth(self.required_depth)
        return Depth.PRACTICED if self.critical else Depth.EXPLAINED


WORDS = [field.name for field in fields(Words)]
MUST_SAY = {
    "title": "Give the objective a title.",
    "we_will": "Say what we will do.",
    "we_stop": "Say what we stop doing. A choice that stops nothing is a wish.",
    "segment": "Say for which customers.",
    "hypothesis": "Say why it should work: because …",
    "why": "Write the business case, so that people can carry it on.",
}


# Strategies and themes


@transaction.atomic
def create_strategy(
    *,
    name: str,
    lead: User,
    now: datetime,
    cycle: str = "",
    statement: str = "",
    teams: Sequence[Team] = (),
    example: bool = False,
) -> Strategy:
    """Make a strategy, as a draft only its lead can see."""
    made = Strategy.objects.create(
        name=name,
        slug=_free_slug(name),
        cycle=cycle,
        statement=statement,
        lead=lead,
        example=example,
        created_at=now,
    )
    made.teams.set(teams)
    return made


def _free_slug(name: str) -> str:
    slug = slugify(name)[:50] or "strategy"
    taken = set(Strategy.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    if slug not in taken and slug != "new":
        return slug
    return next(f"{slug}-{n}" for n in range(2, len(taken) + 4) if f"{slug}-{n}" not in taken)


@transaction.atomic
def edit_strategy(
    *, strategy: Strategy, name: str, cycle: str, statement: str, teams: Sequence[Team]
) -> Strategy:
    """Change what stands above the objectives; the address stays.

    Whom the objectives in force ask stays too: their audiences were named when they were
    published, and the next revision names them anew. Raises Invalid.
    """
    if strategy.state == Strategy.State.ACTIVE and not teams:
        raise Invalid({"teams": "A strategy in force is for somebody; name the teams."})
    strategy.name, strategy.cycle, strategy.statement = name, cycle, statement
    strategy.save(update_fields=["name", "cycle", "statement"])
    strategy.teams.set(teams)
    return strategy


@transaction.atomic
def activate(*, strategy: Strategy, now: datetime) -> Strategy:
    """Put a strategy in force. It needs teams, or nobody would be asked for anything."""
    if not strategy.teams.exists():
        raise Invalid({"teams": "Name the teams this strategy is for."})
    changed = Strategy.objects.filter(pk=strategy.pk, state=Strategy.State.DRAFT).update(
        state=Strategy.State.ACTIVE
    )
    strategy.refresh_from_db()
    if changed:
        outbox.touch(strategy.objectives.values_list("pk", flat=True), now=now)
    return strategy


@transaction.atomic
def add_theme(*, strategy: Strategy, name: str) -> Theme:
    """Return the theme of this name, made at the end where it is new."""
    last = strategy.themes.aggregate(last=Max("position"))["last"] or 0
    theme, _ = Theme.objects.get_or_create(
        strategy=strategy, name=name, defaults={"position": last + 1}
    )
    return theme


# Drafts


@transaction.atomic
def add_objective(
    *,
    strategy: Strategy,
    theme: Theme,
    code: str,
    owner: User | None,
    words: Words,
    by: User | None,
    now: datetime,
    behaviors: Sequence[BehaviorWords] = (),
) -> Objective:
    """Make an objective with its first draft. Raises Invalid with each wrong field."""
    _check_draft(words, behaviors)
    try:
        with transaction.atomic():
            objective = Objective.objects.create(
                strategy=strategy, theme=theme, code=code, owner=owner, created_at=now
            )
    except IntegrityError as error:
        raise Invalid({"code": f"“{code}” is taken in this strategy."}) from error
    draft = Revision.objects.create(
        objective=objective, number=1, author=by, created_at=now, **asdict(words)
    )
    _write_behaviors(draft, behaviors)
    return objective


@transaction.atomic
def open_draft(
    *,
    objective: Objective,
    by: User | None,
    now: datetime,
    answers: Sequence[uuid.UUID] = (),
) -> Revision:
    """Return the objective's draft; where there is none, a copy of the current revision.

    ``answers`` are the decisions the draft is to carry out; it points back to them.
    """
    Objective.objects.select_for_update(of=("self",)).get(pk=objective.pk)
    draft = Revision.objects.drafts().filter(objective=objective).first()
    if draft is None:
        draft = _copy_of_current(objective, by, now)
    if answers:
        draft.answers = [*draft.answers, *(ref for ref in answers if ref not in draft.answers)]
        draft.save(update_fields=["answers"])
    return draft


def _copy_of_current(objective: Objective, by: User | None, now: datetime) -> Revision:
    latest = Revision.objects.filter(objective=objective).published().first()
    if latest is None:
        raise NotADraft("An objective without a published revision has its draft already.")
    draft = Revision.objects.create(
        objective=objective,
        number=latest.number + 1,
        author=by,
        created_at=now,
        **{name: getattr(latest, name) for name in WORDS},
    )
    _write_behaviors(draft, behavior_words(latest))
    return draft


def behavior_words(revision: Revision) -> list[BehaviorWords]:
    """Read the behaviors of a revision as they would be written again."""
    rows = revision.behaviors.select_related("behavior", "sales_role").prefetch_related("audiences")
    return [
        BehaviorWords(
            code=row.behavior.code,
            sales_role=row.sales_role,
            statement=row.statement,
            occasion=row.occasion,
            standard=row.standard,
            levels=(row.level_1, row.level_2, row.level_3, row.level_4),
            critical=row.critical,
            required_depth=Depth(row.required_depth),
            audiences=tuple(row.audiences.all()),
            needs=tuple(row.needs),
            stops=tuple(row.stops),
        )
        for row in rows
    ]


@transaction.atomic
def edit_draft(
    *,
    revision: Revision,
    words: Words,
    behaviors: Sequence[BehaviorWords],
    edits: int,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> Revision:
    """Save a draft whole. ``edits`` is the count the writer started from.

    Raises Invalid with each wrong field; StaleDraft where somebody saved meanwhile; NotADraft.
    """
    _check_draft(words, behaviors)
    saved = Revision.objects.filter(pk=revision.pk, state=Revision.State.DRAFT, edits=edits).update(
        edits=F("edits") + 1, reason=reason, **asdict(words)
    )
    if not saved:
        raise _why_not_saved(revision)
    revision.refresh_from_db()
    _write_behaviors(revision, behaviors)
    return revision


def _why_not_saved(revision: Revision) -> StaleDraft | NotADraft:
    now = Revision.objects.drafts().filter(pk=revision.pk).first()
    return StaleDraft(now) if now else NotADraft("This draft is published or discarded.")


def _check_draft(words: Words, behaviors: Sequence[BehaviorWords]) -> None:
    errors: dict[str, str] = {}
    if not words.title.strip():
        errors["title"] = MUST_SAY["title"]
    codes = [behavior.code for behavior in behaviors]
    for behavior in behaviors:
        refused = observable.refusal(behavior.statement)
        if not behavior.statement.strip():
            errors[f"behaviors.{behavior.code}"] = "Say what a manager can see."
        elif refused:
            errors[f"behaviors.{behavior.code}"] = refused
        elif codes.count(behavior.code) > 1:
            errors[f"behaviors.{behavior.code}"] = f"“{behavior.code}” is there twice."
    if errors:
        raise Invalid(errors)


def _write_behaviors(draft: Revision, behaviors: Sequence[BehaviorWords]) -> None:
    """Make the draft's behaviors these. Identities stay; those only this draft knew may go."""
    known = {row.code: row for row in Behavior.objects.filter(objective=draft.objective_id)}
    missing = [words.code for words in behaviors if words.code not in known]
    made = Behavior.objects.bulk_create(
        Behavior(objective_id=draft.objective_id, code=code) for code in missing
    )
    known |= {row.code: row for row in made}
    draft.behaviors.all().delete()
    rows = BehaviorRevision.objects.bulk_create(
        _behavior_row(draft, known[words.code], place, words)
        for place, words in enumerate(behaviors, start=1)
    )
    BehaviorRevision.audiences.through.objects.bulk_create(
        BehaviorRevision.audiences.through(behaviorrevision_id=row.pk, audience_id=audience.pk)
        for row, words in zip(rows, behaviors, strict=True)
        for audience in words.audiences
    )
    Behavior.objects.filter(objective=draft.objective_id, revisions=None).delete()


def _behavior_row(
    draft: Revision, behavior: Behavior, place: int, words: BehaviorWords
) -> BehaviorRevision:
    return BehaviorRevision(
        revision=draft,
        behavior=behavior,
        position=place,
        sales_role=words.sales_role,
        statement=words.statement.strip(),
        occasion=words.occasion,
        standard=words.standard,
        level_1=words.levels[0],
        level_2=words.levels[1],
        level_3=words.levels[2],
        level_4=words.levels[3],
        critical=words.critical,
        required_depth=words.depth,
        needs=list(words.needs),
        stops=list(words.stops),
    )


@transaction.atomic
def discard_draft(*, revision: Revision, now: datetime) -> None:
    """Throw a draft away; an objective that never was anything else goes with it.

    Raises NotADraft where it is published, Invalid where a decision waits for it.
    """
    objective = Objective.objects.select_for_update(of=("self",)).get(pk=revision.objective_id)
    draft = Revision.objects.drafts().filter(pk=revision.pk).first()
    if draft is None:
        raise NotADraft("This draft is published or discarded.")
    if draft.answers:
        raise Invalid({"answers": "An answer to the field promises this change. Publish it."})
    if objective.current_id is None and not objective.revisions.published().exists():
        objective.delete()
        return
    draft.delete()
    Behavior.objects.filter(objective=objective, revisions=None).delete()


# Publishing


@transaction.atomic
def publish(
    *,
    revision: Revision,
    edits: int,
    by: User | None,
    now: datetime,
    effective_from: datetime | None = None,
) -> Objective:
    """Make a draft what the company says from a day on; from then on it never changes.

    Of two people who publish at once one wins: the row count of the update decides. Raises
    Invalid with each missing field, StaleDraft, NotADraft.
    """
    objective = Objective.objects.select_for_update(of=("self",)).get(pk=revision.objective_id)
    draft = Revision.objects.drafts().filter(pk=revision.pk, edits=edits).first()
    if draft is None:
        raise _why_not_saved(revision)
    errors = missing(draft)
    if errors:
        raise Invalid(errors)
    _name_audiences(draft)
    starts = effective_from or now
    last = objective.revisions.published().first()
    _seal(draft, last, by=by, now=now, starts=starts)
    effect.take_effect([objective.pk], now=now)
    outbox.touch([objective.pk], now=now)
    objective.refresh_from_db()
    return objective


def missing(draft: Revision) -> dict[str, str]:
    """Name everything a draft still lacks before it can be published."""
    errors = {
        name: sentence for name, sentence in MUST_SAY.items() if not getattr(draft, name).strip()
    }
    objective = draft.objective
    if objective.owner_id is None:
        errors["owner"] = "Name an owner."
    if not draft.behaviors.exists():
        errors["behaviors"] = "Nobody could see this yet. Name what a rep does differently."
    if draft.number > 1 and not draft.reason.strip():
        errors["reason"] = "Say why it changes; the field reads it."
    if objective.state == Objective.State.RETIRED:
        errors["state"] = "This objective is retired."
    if objective.strategy.state != Strategy.State.ACTIVE:
        errors["strategy"] = "Put the strategy in force first."
    return errors


def _name_audiences(draft: Revision) -> None:
    """Ask everyone of the sales role in the strategy's teams, where nobody else is named."""
    teams = list(draft.objective.strategy.teams.all())
    for row in draft.behaviors.filter(audiences=None).select_related("sales_role"):
        row.audiences.set([Audience.objects.of(sales_roles=[row.sales_role], teams=teams)])


def _seal(
    draft: Revision,
    last: Revision | None,
    *,
    by: User | None,
    now: datetime,
    starts: datetime,
) -> None:
    """Give the draft its fingerprints and publish it, behaviors first."""
    before = {row.behavior_id: row for row in last.behaviors.all()} if last else {}
    rows = list(draft.behaviors.prefetch_related("audiences"))
    for row in rows:
        row.fingerprint = fingerprints.of_behavior(
            revision=draft,
            behavior=row,
            audience_keys=[audience.key for audience in row.audiences.all()],
        )
        old = before.get(row.behavior_id)
        same = old is not None and old.fingerprint == row.fingerprint
        row.fingerprint_since = old.fingerprint_since if old is not None and same else starts
    why = fingerprints.of_why(draft)
    substantive = last is None or is_substantive(rows, list(before.values()), why, last)
    BehaviorRevision.objects.bulk_update(rows, ["fingerprint", "fingerprint_since"])
    published = Revision.objects.filter(pk=draft.pk, state=Revision.State.DRAFT).update(
        state=Revision.State.PUBLISHED,
        significance=(
            Revision.Significance.SUBSTANTIVE if substantive else Revision.Significance.EDITORIAL
        ),
        epoch=draft.number if substantive or last is None else last.epoch,
        why_fingerprint=why,
        published_at=now,
        effective_from=starts,
        author=by or draft.author,
    )
    if not published:
        raise NotADraft("This draft was published meanwhile.")


def is_substantive(
    rows: Sequence[BehaviorRevision],
    before: Sequence[BehaviorRevision],
    why: str,
    last: Revision,
) -> bool:
    """A revision is substantive exactly when a fingerprint changed, came or went."""
    return why != last.why_fingerprint or {(row.behavior_id, row.fingerprint) for row in rows} != {
        (row.behavior_id, row.fingerprint) for row in before
    }


@transaction.atomic
def hand_over(*, objective: Objective, owner: User, now: datetime) -> Objective:
    """Give an objective another owner, who is told with its next flag."""
    Objective.objects.filter(pk=objective.pk).update(owner=owner)
    outbox.touch([objective.pk], now=now)
    objective.refresh_from_db()
    return objective


@transaction.atomic
def retire(*, objective: Objective, now: datetime) -> Objective:
    """End an objective. Its history stays; its flags close with the next judgement."""
    retired = Objective.objects.filter(pk=objective.pk, state=Objective.State.IN_FORCE).update(
        state=Objective.State.RETIRED
    )
    objective.refresh_from_db()
    if retired:
        outbox.touch([objective.pk], now=now)
    return objective


# Flags


@transaction.atomic
def acknowledge_flag(*, flag: Flag, by: User, now: datetime) -> Flag:
    """Say “I have it”: the flag gets this owner. Somebody else's word stands."""
    taken = Flag.objects.filter(pk=flag.pk, state__in=[Flag.State.OPEN, Flag.State.STALE]).update(
        state=Flag.State.ACKNOWLEDGED, owner=by
    )
    if taken:
        FlagEvent.objects.create(
            flag=flag, kind=FlagEvent.Kind.ACKNOWLEDGED, at=now, actor=by, evidence=flag.evidence
        )
    flag.refresh_from_db()
    return flag
