"""Writing, publishing and retiring modules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from align.people.models import User
from strategy import outbox
from strategy.models import BehaviorRevision
from training import models, quiz
from training.actions.words import Invalid, NotADraft, NotPublished, StaleVersion
from training.models import Kind, Module, ModuleVersion, Program

PASS_MARK = 80  # per cent


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
    video: str = "",
    questions: quiz.Quiz = (),
    pass_mark: int = PASS_MARK,
    example: bool = False,
) -> Module:
    """Make a module with its first draft version.

    Raises Invalid where the code is taken or the quiz is not one.
    """
    _check(questions, pass_mark)
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
        video=video,
        quiz=quiz.as_json(questions),
        pass_mark=pass_mark,
        author=owner,
        created_at=now,
    )
    return module


def _check(questions: quiz.Quiz, pass_mark: int) -> None:
    errors = quiz.problems(questions)
    if not 1 <= pass_mark <= 100:
        errors["pass_mark"] = "Give the pass mark as a per cent, from 1 to 100."
    if errors:
        raise Invalid(errors)


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
    video: str | None = None,
    questions: quiz.Quiz | None = None,
    pass_mark: int | None = None,
) -> ModuleVersion:
    """Save a draft version; what is None stays as it is.

    Raises StaleVersion where somebody saved meanwhile; NotADraft; Invalid for the quiz.
    """
    _check(questions or (), PASS_MARK if pass_mark is None else pass_mark)
    besides = {
        "video": video,
        "quiz": None if questions is None else quiz.as_json(questions),
        "pass_mark": pass_mark,
    }
    saved = ModuleVersion.objects.filter(
        pk=version.pk, state=ModuleVersion.State.DRAFT, edits=edits
    ).update(
        title=title,
        kind=kind,
        hours=hours,
        content=content,
        link=link,
        edits=F("edits") + 1,
        **{name: value for name, value in besides.items() if value is not None},
    )
    if not saved:
        raise _why_not_saved(version)
    version.refresh_from_db()
    return version


def _why_not_saved(version: ModuleVersion) -> StaleVersion | NotADraft:
    draft = ModuleVersion.objects.filter(pk=version.pk, state=ModuleVersion.State.DRAFT).first()
    return StaleVersion(draft) if draft else NotADraft("This version is published already.")


@transaction.atomic
def publish_module(
    *,
    module: Module,
    by: User | None,
    now: datetime,
    checked: Mapping[int, str] | None = None,
) -> ModuleVersion:
    """Publish a module's draft version; it never changes again.

    The claims of the version before are made again on the new one, only as deep as its kind
    allows, and end on the old one. Completions stay with the version they were made on.
    What was suspect stays so, but for the claims in ``checked``: by id, the part of the new
    version that teaches the words in force. Raises NotADraft, Invalid.
    """
    module = Module.objects.select_for_update(of=("self",)).get(pk=module.pk)
    draft = module.versions.filter(state=ModuleVersion.State.DRAFT).first()
    if draft is None:
        raise NotADraft("This module has no draft to publish.")
    errors = missing(draft) | _unsaid(checked or {})
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
        _carry_claims(before, draft, checked or {}, by=by, now=now)
    return draft


def _unsaid(checked: Mapping[int, str]) -> dict[str, str]:
    """Each claim is checked by its own words; there is no ticking them all."""
    return {
        f"part_{pk}": "Say which part of the new version does it."
        for pk, part in checked.items()
        if not part.strip()
    }


def missing(draft: ModuleVersion) -> dict[str, str]:
    """Name what a draft version lacks before it can be published."""
    errors = {}
    if not draft.title.strip():
        errors["title"] = "Give the module a title."
    if not draft.content.strip() and not draft.link and not draft.video:
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
    depths = models.Mapping.objects.alive().filter(version=module.current_id).values_list("depth")
    deepest = Kind(draft.kind).deepest
    return Carried(claims=len(depths), capped=sum(depth > deepest for (depth,) in depths))


def _carry_claims(
    before: ModuleVersion,
    after: ModuleVersion,
    checked: Mapping[int, str],
    *,
    by: User | None,
    now: datetime,
) -> None:
    claims = list(models.Mapping.objects.alive().filter(version=before).select_related("behavior"))
    looked_at = [claim.behavior_id for claim in claims if claim.pk in checked]
    words = BehaviorRevision.objects.to_teach().filter(behavior__in=looked_at)
    today = dict(words.order_by("revision__number").values_list("behavior", "fingerprint"))
    models.Mapping.objects.bulk_create(
        models.Mapping(
            version=after,
            behavior=claim.behavior,
            audience_id=claim.audience_id,
            depth=min(claim.depth, Kind(after.kind).deepest),
            rationale=checked.get(claim.pk, claim.rationale).strip(),
            state=claim.state,
            reviewed_fingerprint=today.get(claim.behavior_id, claim.reviewed_fingerprint)
            if claim.pk in checked
            else claim.reviewed_fingerprint,
            author=by,
            created_at=now,
        )
        for claim in claims
    )
    models.Mapping.objects.filter(pk__in=[claim.pk for claim in claims]).update(
        state=models.Mapping.State.RETIRED, retired_at=now
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
        video=current.video,
        quiz=current.quiz,
        pass_mark=current.pass_mark,
        author=by,
        created_at=now,
    )


@transaction.atomic
def retire_module(
    *, module: Module, now: datetime, successor: Module | None = None, reason: str = ""
) -> Module:
    """End a module. Its claims count no longer; what people completed stays.

    Who still comes to learn it is led to its successor. Raises Invalid where that one is not in
    use itself.
    """
    if successor is not None and (
        successor.pk == module.pk or successor.state != Module.State.PUBLISHED
    ):
        raise Invalid({"successor": "Choose another module that is in use."})
    retired = Module.objects.filter(pk=module.pk, state=Module.State.PUBLISHED).update(
        state=Module.State.RETIRED,
        retired_at=now,
        successor=successor,
        retired_reason=reason.strip(),
    )
    module.refresh_from_db()
    if retired:
        outbox.touch(_objectives_of(module), now=now)
    return module


def _objectives_of(module: Module) -> Iterable[int]:
    claims = models.Mapping.objects.alive().filter(version__module=module)
    return claims.values_list("behavior__objective", flat=True)
