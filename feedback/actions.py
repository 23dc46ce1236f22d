"""What can be done with reports. Each verb is one transaction."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.text import Truncator

from align.notices import actions as notices
from align.people.models import Membership, User
from feedback.models import NEGATIVE, Answer, Decision, Report, Stance
from strategy import actions as strategy
from strategy import outbox
from strategy.models import Barrier, Behavior, BehaviorRevision, Objective
from training.models import Module, ModuleVersion

LONGEST_TEXT = 4000
LONGEST_OCCASION = 200
LONGEST_REASON = 2000
LONGEST_ACTION = 400
QUOTED = 80  # letters of somebody's own report in the notice that it is answered
TRAINABLE = {Barrier.SKILL, Barrier.WHY}  # what training can answer by itself


class Invalid(Exception):
    """Something is missing or wrong; ``errors`` names each field with a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = dict(errors)


class KeyReused(Exception):
    """The same key came with another text: a different report, not a repetition."""


class AlreadyAnswered(Exception):
    """Somebody answered one of these reports meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a report says, as it is compared with a repetition of it."""

    stance: str
    barriers: list[str]
    text: str
    occasion: str
    objective_id: int | None
    behavior_id: int | None
    module_id: int | None
    for_manager: bool

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


@transaction.atomic
def submit(
    *,
    author: User,
    client_key: uuid.UUID,
    stance: str,
    barriers: Sequence[str],
    text: str,
    occasion: str,
    objective: Objective | None,
    behavior: Behavior | None,
    module: Module | None,
    for_manager: bool,
    now: datetime,
) -> tuple[Report, bool]:
    """Keep one report from the field, exactly once; return it and whether it is new.

    The same author and key again is the same report; with another content KeyReused. Raises
    Invalid with each wrong field, and then keeps nothing.
    """
    content = Content(
        stance=stance,
        barriers=sorted(set(barriers)),
        text=text.strip(),
        occasion=occasion.strip(),
        objective_id=objective.pk if objective else None,
        behavior_id=behavior.pk if behavior else None,
        module_id=module.pk if module else None,
        for_manager=for_manager,
    )
    known = Report.objects.filter(author=author, client_key=client_key).first()
    if known is None:
        revision_id = _check(author, content)
        known, created = _keep(author, client_key, content, revision_id, now=now)
        if created:
            return known, True
    if known.body_hash != content.hash:
        raise KeyReused("This key belongs to another report.")
    return known, False


def _check(author: User, content: Content) -> int | None:
    """Raise Invalid with everything that is wrong; return the revision the report is about."""
    errors: dict[str, str] = {}
    if content.stance not in Stance.values:
        errors["stance"] = "Choose how it goes with customers."
    errors |= _wrong_words("text", content.text, LONGEST_TEXT)
    errors |= _wrong_words("occasion", content.occasion, LONGEST_OCCASION)
    if not content.text and content.stance != Stance.WORKS:
        errors.setdefault("text", "Say in a sentence what happened.")
    errors |= _wrong_barriers(content)
    revision_id = _revision_in_force(author, content.objective_id)
    errors |= _wrong_subject(author, content, revision_id)
    if errors:
        raise Invalid(errors)
    return revision_id


def _wrong_words(field: str, text: str, longest: int) -> dict[str, str]:
    if len(text) > longest:
        return {field: f"Keep it under {longest:,} characters; this has {len(text):,}."}
    if "\x00" in text or any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        return {field: "This holds a character that cannot be stored. Type it again."}
    return {}


def _wrong_barriers(content: Content) -> dict[str, str]:
    if set(content.barriers) - set(Barrier.values):
        return {"barriers": "Choose from the list what stands in the way."}
    if content.barriers and content.stance == Stance.WORKS:
        return {"barriers": "Nothing stands in the way of what works. Leave this empty."}
    return {}


def _revision_in_force(author: User, objective_id: int | None) -> int | None:
    """Read it now: the objective in the caller's hand may be older than a publication."""
    if objective_id is None:
        return None
    found = Objective.objects.visible_to(author).in_force().filter(pk=objective_id)
    return found.order_by().values_list("current_id", flat=True).first()


def _wrong_subject(author: User, content: Content, revision_id: int | None) -> dict[str, str]:
    """What the author may not see is answered like what is not there."""
    errors: dict[str, str] = {}
    if content.objective_id is not None and revision_id is None:
        errors["objective"] = "This objective is not in force."
    if content.behavior_id is not None and not (
        revision_id is not None
        and BehaviorRevision.objects.filter(
            revision=revision_id, behavior=content.behavior_id
        ).exists()
    ):
        errors["behavior"] = "This behavior is not part of the objective."
    if (
        content.module_id is not None
        and not Module.objects.visible_to(author).filter(pk=content.module_id).exists()
    ):
        errors["module"] = "This module is not there."
    return errors


def _keep(
    author: User,
    client_key: uuid.UUID,
    content: Content,
    revision_id: int | None,
    *,
    now: datetime,
) -> tuple[Report, bool]:
    """Insert the report and its outbox row; of two that race one is kept."""
    membership = Membership.objects.on(now.date()).filter(user=author).order_by().first()
    report = Report(
        author=author,
        client_key=client_key,
        team_id=membership.team_id if membership else None,
        revision_id=revision_id,
        body_hash=content.hash,
        created_at=now,
        **asdict(content),
    )
    # One statement that loses a race quietly; reading it back says who won.
    Report.objects.bulk_create([report], ignore_conflicts=True)
    kept = Report.objects.get(author=author, client_key=client_key)
    created = kept.ref == report.ref
    if created and kept.objective_id is not None:
        outbox.touch([kept.objective_id], now=now)
    return kept, created


@transaction.atomic
def acknowledge(*, report: Report, by: User, now: datetime) -> Report:
    """Say that a report was read. The first one who says so counts."""
    Report.objects.filter(pk=report.pk, state=Report.State.RECEIVED).update(
        state=Report.State.ACKNOWLEDGED, acknowledged_at=now
    )
    report.refresh_from_db()
    return report


@transaction.atomic
def decide(
    *,
    reports: Sequence[Report],
    kind: str,
    reason: str,
    by: User,
    now: datetime,
    action: str = "",
    version: ModuleVersion | None = None,
    same_as: Decision | None = None,
) -> Decision:
    """Answer reports about one objective; each author is told exactly once.

    “Change the strategy” opens the objective's draft, which points back. Raises Invalid with each
    wrong field, AlreadyAnswered where somebody was quicker; then nothing is answered at all.
    """
    errors = _wrong_decision(reports, kind, reason, action, version, same_as, by)
    if errors:
        raise Invalid(errors)
    objective = reports[0].objective
    decision = Decision(
        ref=uuid.uuid4(),
        kind=kind,
        reason=reason.strip(),
        action=action.strip(),
        objective=objective,
        version=version,
        same_as=same_as,
        author=by,
        decided_at=now,
    )
    if kind == Decision.Kind.STRATEGY and objective is not None:
        decision.revision = strategy.open_draft(
            objective=objective, by=by, now=now, answers=[decision.ref]
        )
    decision.save()
    _answer(decision, reports, now=now)
    return decision


def _answer(decision: Decision, reports: Sequence[Report], *, now: datetime) -> None:
    ids = {report.pk for report in reports}
    answered = Report.objects.waiting().filter(pk__in=ids).update(state=Report.State.DECIDED)
    if answered != len(ids):
        raise AlreadyAnswered("One of these reports was answered meanwhile.")
    Answer.objects.bulk_create(Answer(decision=decision, report_id=pk) for pk in sorted(ids))
    # Each author hears once, with the newest of their own words and nobody else's.
    said = {
        report.author_id: report
        for report in sorted(reports, key=lambda report: (report.created_at, report.pk))
    }
    notices.send(
        [
            notices.Message(
                person_id=author_id,
                key=f"decision:{decision.ref}",
                text=told(report, decision),
                link=decision.get_absolute_url(),
                at_once=True,
            )
            for author_id, report in sorted(said.items())
        ],
        now=now,
    )


def told(report: Report, decision: Decision) -> str:
    """What the author of a report hears of its answer."""
    words = Truncator(" ".join(report.text.split())).chars(QUOTED) or report.get_stance_display()
    return f"You said “{words}”; answered: {decision.get_kind_display()}. {decision.reason}"


def _wrong_decision(
    reports: Sequence[Report],
    kind: str,
    reason: str,
    action: str,
    version: ModuleVersion | None,
    same_as: Decision | None,
    by: User,
) -> dict[str, str]:
    if not reports:
        return {"reports": "Choose the reports this answers."}
    errors: dict[str, str] = {}
    if len({report.objective_id for report in reports}) > 1:
        errors["reports"] = "Answer reports about one objective at a time."
    errors |= _wrong_words("reason", reason.strip(), LONGEST_REASON)
    errors |= _wrong_words("action", action.strip(), LONGEST_ACTION)
    if not reason.strip():
        errors["reason"] = "Write the answer; everybody who reported reads it."
    if kind not in Decision.Kind.values:
        return errors | {"kind": "Choose what will happen."}
    errors |= _wrong_outcome(reports[0].objective_id, kind, action, version, same_as)
    return errors | _wrong_person(reports[0].objective, kind, by) | _wrong_barrier(reports, kind)


def _wrong_outcome(
    objective_id: int | None,
    kind: str,
    action: str,
    version: ModuleVersion | None,
    same_as: Decision | None,
) -> dict[str, str]:
    """Each kind of answer names what comes of it."""
    kinds = Decision.Kind
    errors: dict[str, str] = {}
    if kind == kinds.TRAINING and version is None and not action.strip():
        errors["action"] = "Name the module, or say what will be taught."
    if version is not None and version.state != ModuleVersion.State.PUBLISHED:
        errors["version"] = "This version is a draft. Publish it first, or say what will be taught."
    if kind == kinds.SUPPORT and not action.strip():
        errors["action"] = "Say what will be done."
    if kind == kinds.DUPLICATE and same_as is None:
        errors["same_as"] = "Choose the answer this repeats."
    if same_as is not None and same_as.objective_id != objective_id:
        errors["same_as"] = "That answer is about something else."
    return errors


def _wrong_person(objective: Objective | None, kind: str, by: User) -> dict[str, str]:
    kinds = Decision.Kind
    if not by.is_lead and kind != kinds.TRAINING:
        return {"kind": "Trainers answer with training; a strategy lead decides the rest."}
    if kind != kinds.STRATEGY:
        return {}
    if objective is None:
        return {"kind": "These reports are about no objective that could change."}
    if objective.state != Objective.State.IN_FORCE:
        return {"kind": "This objective is not in force any more."}
    if not Objective.objects.editable_by(by).filter(pk=objective.pk).exists():
        return {"kind": f"{objective.owner or objective.strategy.lead} writes this objective."}
    return {}


def _wrong_barrier(reports: Sequence[Report], kind: str) -> dict[str, str]:
    """Training alone is no answer where something else stands in the way."""
    leading = leading_barrier(reports)
    if kind != Decision.Kind.TRAINING or leading is None or leading in TRAINABLE:
        return {}
    return {
        "kind": f"What stands in the way is “{leading.label}”. Training alone cannot change "
        "that; change the support or the strategy."
    }


def leading_barrier(reports: Sequence[Report]) -> Barrier | None:
    """Return the barrier most of the negative reports name; of two that tie the first listed."""
    named = Counter(
        barrier for report in reports if report.stance in NEGATIVE for barrier in report.barriers
    )
    if not named:
        return None
    return max(Barrier, key=lambda barrier: named[barrier])
