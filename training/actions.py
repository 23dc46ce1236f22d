"""What can be done with modules, claims and evidence. Each verb is one transaction."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from align.people.models import Audience, Membership, User
from strategy import outbox
from strategy.models import Behavior, BehaviorRevision, Depth
from training.models import (
    Completion,
    Kind,
    Mapping,
    Module,
    ModuleVersion,
    Observation,
    Program,
)


class Invalid(Exception):
    """Something is missing or wrong; ``errors`` names each field with a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = errors


class StaleVersion(Exception):
    """Somebody saved this draft meanwhile. ``version`` has their text."""

    def __init__(self, version: ModuleVersion) -> None:
        super().__init__(f"Version {version.pk} was saved meanwhile.")
        self.version = version


class NotADraft(Exception):
    """This module version is published, or gone."""


class CannotMap(Exception):
    """A claim that is refused; the text says why."""


class TooDeep(CannotMap):
    """The kind of the module does not allow so deep a claim."""


class AlreadyMapped(CannotMap):
    """This version claims this behavior for this audience already."""


class NotInForce(CannotMap):
    """The behavior is not in force, so there is nothing to teach yet."""


class NotPublished(CannotMap):
    """The module has no published version, or is retired."""


class KeyReused(Exception):
    """The same key came with another content: a different record, not a repetition."""


# Modules


def program(*, name: str) -> Program:
    """Return the program of this name, made where it is new."""
    made, _ = Program.objects.get_or_create(name=name.strip())
    return made


@transaction.atomic
def add_module(
    *,
    code: str,
    program: Program,
    title: str,
    kind: str,
    hours: Decimal,
    content: str,
    link: str,
    owner: User,
    now: datetime,
    example: bool = False,
) -> Module:
    """Make a module with its first draft version. Raises Invalid where the code is taken."""
    try:
        with transaction.atomic():
            module = Module.objects.create(
                code=code, program=program, owner=owner, example=example, created_at=now
            )
    except IntegrityError as error:
        raise Invalid({"code": f"“{code}” is taken by another module."}) from error
    ModuleVersion.objects.create(
        module=module,
        title=title,
        kind=kind,
        hours=hours,
        content=content,
        link=link,
        author=owner,
        created_at=now,
    )
    return module


@transaction.atomic
def edit_module(
    *,
    version: ModuleVersion,
    title: str,
    kind: str,
    hours: Decimal,
    content: str,
    link: str,
    edits: int,
    now: datetime,
) -> ModuleVersion:
    """Save a draft version. Raises StaleVersion where somebody saved meanwhile; NotADraft."""
    saved = ModuleVersion.objects.filter(
        pk=version.pk, state=ModuleVersion.State.DRAFT, edits=edits
    ).update(title=title, kind=kind, hours=hours, content=content, link=link, edits=F("edits") + 1)
    if not saved:
        raise _why_not_saved(version)
    version.refresh_from_db()
    return version


def _why_not_saved(version: ModuleVersion) -> StaleVersion | NotADraft:
    draft = ModuleVersion.objects.filter(pk=version.pk, state=ModuleVersion.State.DRAFT).first()
    return StaleVersion(draft) if draft else NotADraft("This version is published already.")


@transaction.atomic
def publish_module(*, module: Module, by: User | None, now: datetime) -> ModuleVersion:
    """Publish a module's draft version; it never changes again.

    The claims of the version before are made again on the new one, only as deep as its kind
    allows, and end on the old one. Completions stay with the version they were made on.
    """
    module = Module.objects.select_for_update(of=("self",)).get(pk=module.pk)
    draft = module.versions.filter(state=ModuleVersion.State.DRAFT).first()
    if draft is None:
        raise NotADraft("This module has no draft to publish.")
    errors = missing(draft)
    if errors:
        raise Invalid(errors)
    before = module.current
    ModuleVersion.objects.filter(pk=draft.pk, state=ModuleVersion.State.DRAFT).update(
        state=ModuleVersion.State.PUBLISHED, published_at=now, author=by or draft.author
    )
    draft.refresh_from_db()
    module.current, module.state = draft, Module.State.PUBLISHED
    module.save(update_fields=["current", "state"])
    if before is not None:
        _carry_claims(before, draft, by=by, now=now)
    return draft


def missing(draft: ModuleVersion) -> dict[str, str]:
    """Name what a draft version lacks before it can be published."""
    errors = {}
    if not draft.title.strip():
        errors["title"] = "Give the module a title."
    if not draft.content.strip() and not draft.link:
        errors["content"] = "Write the content here, or link to where it is."
    if draft.module.state == Module.State.RETIRED:
        errors["state"] = "This module is retired."
    return errors


@dataclass(frozen=True)
class Carried:
    """How many claims a new version takes over, and how many of them its kind makes shallower."""

    claims: int
    capped: int


def carried(*, module: Module, draft: ModuleVersion) -> Carried:
    """Say what publishing this draft does to the claims of the version before."""
    depths = Mapping.objects.alive().filter(version=module.current_id).values_list("depth")
    deepest = Kind(draft.kind).deepest
    return Carried(claims=len(depths), capped=sum(depth > deepest for (depth,) in depths))


def _carry_claims(
    before: ModuleVersion, after: ModuleVersion, *, by: User | None, now: datetime
) -> None:
    claims = list(Mapping.objects.alive().filter(version=before).select_related("behavior"))
    Mapping.objects.bulk_create(
        Mapping(
            version=after,
            behavior=claim.behavior,
            audience_id=claim.audience_id,
            depth=min(claim.depth, Kind(after.kind).deepest),
            rationale=claim.rationale,
            state=claim.state,
            reviewed_fingerprint=claim.reviewed_fingerprint,
            author=by,
            created_at=now,
        )
        for claim in claims
    )
    Mapping.objects.filter(pk__in=[claim.pk for claim in claims]).update(
        state=Mapping.State.RETIRED
    )
    outbox.touch([claim.behavior.objective_id for claim in claims], now=now)


@transaction.atomic
def new_version(*, module: Module, by: User | None, now: datetime) -> ModuleVersion:
    """Return the module's draft; where there is none, a copy of what is published."""
    module = Module.objects.select_for_update(of=("self",)).get(pk=module.pk)
    draft = module.versions.filter(state=ModuleVersion.State.DRAFT).first()
    if draft is not None:
        return draft
    current = module.current
    if current is None or module.state == Module.State.RETIRED:
        raise NotPublished("This module is retired or was never published.")
    return ModuleVersion.objects.create(
        module=module,
        number=current.number + 1,
        title=current.title,
        kind=current.kind,
        hours=current.hours,
        content=current.content,
        link=current.link,
        author=by,
        created_at=now,
    )


@transaction.atomic
def retire_module(*, module: Module, now: datetime) -> Module:
    """End a module. Its claims count no longer; what people completed stays."""
    retired = Module.objects.filter(pk=module.pk, state=Module.State.PUBLISHED).update(
        state=Module.State.RETIRED
    )
    module.refresh_from_db()
    if retired:
        outbox.touch(_objectives_of(module), now=now)
    return module


def _objectives_of(module: Module) -> Iterable[int]:
    claims = Mapping.objects.alive().filter(version__module=module)
    return claims.values_list("behavior__objective", flat=True)


# Mappings


@transaction.atomic
def map_behavior(
    *,
    version: ModuleVersion,
    behavior: Behavior,
    audiences: Sequence[Audience] | None,
    depth: int,
    rationale: str,
    by: User | None,
    now: datetime,
) -> list[Mapping]:
    """Claim that a version teaches a behavior this deep, to each audience.

    Without audiences: to everyone the behavior is asked of. Raises NotPublished, NotInForce,
    TooDeep, AlreadyMapped; then nothing is claimed at all.
    """
    words = _words_in_force(behavior)
    _check_claim(version, depth)
    wanted = list(words.audiences.all()) if audiences is None else list(audiences)
    try:
        with transaction.atomic():
            made = Mapping.objects.bulk_create(
                Mapping(
                    version=version,
                    behavior=behavior,
                    audience=audience,
                    depth=depth,
                    rationale=rationale,
                    reviewed_fingerprint=words.fingerprint,
                    author=by,
                    created_at=now,
                )
                for audience in wanted
            )
    except IntegrityError as error:
        raise AlreadyMapped(f"“{version.title}” is mapped to this behavior already.") from error
    outbox.touch([behavior.objective_id], now=now)
    return made


def _words_in_force(behavior: Behavior) -> BehaviorRevision:
    words = BehaviorRevision.objects.to_teach().filter(behavior=behavior).first()
    if words is None:
        raise NotInForce("This behavior is not in force.")
    return words


def _check_claim(version: ModuleVersion, depth: int) -> None:
    published = version.state == ModuleVersion.State.PUBLISHED
    if not published or version.module.state != Module.State.PUBLISHED:
        raise NotPublished("Publish the module first; a draft teaches nobody.")
    kind = Kind(version.kind)
    if depth > kind.deepest:
        raise TooDeep(
            f"{kind.label} modules can claim {kind.deepest.label} at most, "
            f"not {Depth(depth).label}."
        )


@transaction.atomic
def clear_mapping(*, mapping: Mapping, reason: str, by: User | None, now: datetime) -> Mapping:
    """Say that a change of the behavior has no impact on this claim, and why.

    Completions from before the change count again. Raises Invalid without a reason, NotInForce.
    """
    if not reason.strip():
        raise Invalid({"reason": "Say why the change has no impact."})
    words = _words_in_force(mapping.behavior)
    mapping.reviewed_fingerprint = words.fingerprint
    mapping.cleared_reason, mapping.cleared_at, mapping.author = reason.strip(), now, by
    mapping.save(update_fields=["reviewed_fingerprint", "cleared_reason", "cleared_at", "author"])
    outbox.touch([mapping.behavior.objective_id], now=now)
    return mapping


@transaction.atomic
def retire_mapping(*, mapping: Mapping, now: datetime) -> Mapping:
    """Withdraw a claim."""
    if Mapping.objects.alive().filter(pk=mapping.pk).update(state=Mapping.State.RETIRED):
        outbox.touch([mapping.behavior.objective_id], now=now)
    mapping.refresh_from_db()
    return mapping


# Evidence


def teams_on(users: Iterable[User], day: date) -> dict[int, int]:
    """Return the team of each person on a day, by id; history never moves."""
    rows = Membership.objects.on(day).filter(user__in=list(users))
    return dict(rows.values_list("user_id", "team_id"))


@transaction.atomic
def complete(
    *,
    user: User,
    version: ModuleVersion,
    completed_at: datetime,
    source: str,
    external_id: str,
    now: datetime,
    score: Decimal | None = None,
) -> tuple[Completion, bool]:
    """Record one completion; the same source and id again is the same completion."""
    if completed_at > now:
        raise Invalid({"completed_at": "A completion cannot lie in the future."})
    made, created = Completion.objects.get_or_create(
        source=source,
        external_id=external_id,
        defaults={
            "user": user,
            "version": version,
            "team_id": teams_on([user], completed_at.date()).get(user.pk),
            "completed_at": completed_at,
            "score": score,
            "created_at": now,
        },
    )
    if created:
        _touch_taught([version.pk], now=now)
    return made, created


@dataclass(frozen=True)
class Recorded:
    """How many completions a list gave, and how many of them were there already."""

    made: int
    known: int


@transaction.atomic
def record_completions(
    *,
    version: ModuleVersion,
    users: Sequence[User],
    completed_at: datetime,
    by: User,
    now: datetime,
) -> Recorded:
    """Record that these people completed a version on a day; once a person and day."""
    if version.state != ModuleVersion.State.PUBLISHED:
        raise NotPublished("Publish the module first; nobody can complete a draft.")
    if completed_at > now:
        raise Invalid({"completed_at": "A completion cannot lie in the future."})
    teams = teams_on(users, completed_at.date())
    keys = {user.pk: f"{version.pk}:{user.pk}:{completed_at.date()}" for user in users}
    known = Completion.objects.filter(source="by hand", external_id__in=keys.values()).count()
    Completion.objects.bulk_create(
        [
            Completion(
                user=user,
                version=version,
                team_id=teams.get(user.pk),
                completed_at=completed_at,
                source="by hand",
                external_id=keys[user.pk],
                created_at=now,
            )
            for user in users
        ],
        ignore_conflicts=True,
    )
    _touch_taught([version.pk], now=now)
    return Recorded(made=len(keys) - known, known=known)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One completion as another system tells it; source and external id are its name."""

    user: User
    version: ModuleVersion
    completed_at: datetime
    source: str
    external_id: str
    score: Decimal | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.external_id

    def is_kept_by(self, row: Completion) -> bool:
        return (row.user_id, row.version_id, row.completed_at, row.score) == (
            self.user.pk,
            self.version.pk,
            self.completed_at,
            self.score,
        )


@transaction.atomic
def complete_all(*, rows: Sequence[Taken], now: datetime) -> Recorded:
    """Record many completions in a fixed number of queries; each source and id once.

    Raises Invalid with each row that lies in the future, named by its place (``3.completed_at``);
    KeyReused where a source and id belong to another completion. Then nothing is recorded.
    """
    late = [at for at, row in enumerate(rows) if row.completed_at > now]
    if late:
        said = "A completion cannot lie in the future."
        raise Invalid({f"{at}.completed_at": said for at in late})
    kept = {
        (row.source, row.external_id): row
        for row in Completion.objects.filter(
            source__in={row.source for row in rows},
            external_id__in={row.external_id for row in rows},
        )
    }
    places = _places(rows)
    new: dict[tuple[str, str], Completion] = {}
    for row in rows:
        known = kept.get(row.key) or new.get(row.key)
        if known is None:
            new[row.key] = _completion(row, places, now=now)
        elif not row.is_kept_by(known):
            raise KeyReused(f"“{row.external_id}” of “{row.source}” is another completion.")
    Completion.objects.bulk_create(new.values(), ignore_conflicts=True)
    _touch_taught([row.version_id for row in new.values()], now=now)
    return Recorded(made=len(new), known=len(rows) - len(new))


def _places(rows: Sequence[Taken]) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    for place in Membership.objects.filter(user__in={row.user.pk for row in rows}):
        found.setdefault(place.user_id, []).append(place)
    return found


def _completion(row: Taken, places: dict[int, list[Membership]], *, now: datetime) -> Completion:
    """Make the row; its team is the person's team of that day."""
    day = row.completed_at.date()
    team = next(
        (
            place.team_id
            for place in places.get(row.user.pk, ())
            if place.begins <= day and (place.ends is None or day < place.ends)
        ),
        None,
    )
    return Completion(
        user=row.user,
        version=row.version,
        team_id=team,
        completed_at=row.completed_at,
        score=row.score,
        source=row.source,
        external_id=row.external_id,
        created_at=now,
    )


def _touch_taught(version_ids: Sequence[int], *, now: datetime) -> None:
    claims = Mapping.objects.alive().filter(version__in=version_ids)
    outbox.touch(claims.values_list("behavior__objective", flat=True), now=now)


@transaction.atomic
def observe(
    *,
    user: User,
    behavior: Behavior,
    observer: User,
    observed_at: datetime,
    level: int | None,
    client_key: uuid.UUID,
    now: datetime,
    occasion: str = "",
    evidence: str = "",
) -> tuple[Observation, bool]:
    """Record what was seen of a behavior, or that there was no chance to see it (level None).

    The same observer and key again is the same observation; with another content KeyReused.
    Raises Invalid, NotInForce.
    """
    errors = {}
    if user.pk == observer.pk:
        errors["user"] = "Somebody else has to see it."
    if observed_at > now:
        errors["observed_at"] = "An observation cannot lie in the future."
    if errors:
        raise Invalid(errors)
    words = _words_in_force(behavior)
    content = {
        "user_id": user.pk,
        "behavior_revision_id": words.pk,
        "observed_at": observed_at,
        "level": level,
        "occasion": occasion,
        "evidence": evidence,
    }
    made, created = Observation.objects.get_or_create(
        observer=observer,
        client_key=client_key,
        defaults={
            **content,
            "team_id": teams_on([user], observed_at.date()).get(user.pk),
            "created_at": now,
        },
    )
    if created:
        outbox.touch([behavior.objective_id], now=now)
    elif any(getattr(made, name) != value for name, value in content.items()):
        raise KeyReused("This key belongs to another observation.")
    return made, created
