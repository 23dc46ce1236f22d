"""Making the flags what the rules found: one transaction, idempotent, a fixed cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from align.notices import actions as notices
from align.people.models import Role
from strategy.config import Config
from strategy.models import Flag, FlagEvent

Key = tuple[str, str, int]  # subject, scope, epoch
Kind = FlagEvent.Kind


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule says of one subject now.

    ``opens`` and ``clears`` are the two ends of the rule; between them an open flag stays open
    and a closed one closed, so that a figure at the edge does not flap. A subject that a rule no
    longer names has been superseded: its flag closes.
    """

    subject: str  # "objective:12"
    epoch: int
    strategy_id: int | None
    objective_id: int | None
    title: str  # what every list shows: “Field says no”
    label: str  # what it is about: “A4 Price on guaranteed uptime”
    link: str
    opens: bool
    clears: bool
    sentence: str  # the figures with their base
    clears_when: str
    act: str = ""  # the next step, “Map it”, and where it is
    act_link: str = ""
    act_for: tuple[Role, ...] = ()  # who may take it; else the owner
    evidence: dict[str, Any] = field(default_factory=dict)
    whom: tuple[int, ...] = ()  # people told at once
    owner_id: int | None = None
    stale: bool = False  # nobody spoke for long: ask the field again
    scope: str = ""

    @property
    def key(self) -> Key:
        return (self.subject, self.scope, self.epoch)


@dataclass
class _Changes:
    """What one sync will write."""

    created: list[Flag] = field(default_factory=list)
    changed: list[Flag] = field(default_factory=list)
    events: list[FlagEvent] = field(default_factory=list)
    told: list[tuple[FlagEvent, Finding]] = field(default_factory=list)


def sync(
    rule: str,
    findings: Sequence[Finding],
    *,
    objective_ids: Sequence[int] | None,
    now: datetime,
    config: Config,
) -> None:
    """Make the flags of a rule agree with its findings for the judged objectives.

    Running it again with the same findings changes nothing and tells nobody.
    """
    with transaction.atomic():
        judged = Flag.objects.filter(rule=rule)
        if objective_ids is not None:
            judged = judged.filter(objective__in=objective_ids)
        standing = {_key(flag): flag for flag in judged.open().select_for_update(of=("self",))}
        before = _recently_resolved(rule, findings, standing, now, config)
        changes = _Changes()
        for finding in findings:
            _compare(rule, finding, standing.pop(finding.key, None), before, changes, now, config)
        for flag in standing.values():
            _close(flag, Kind.SUPERSEDED, flag.evidence, changes, now)
        _write(changes, now)


def _key(flag: Flag) -> Key:
    return (flag.subject, flag.scope, flag.epoch)


def _recently_resolved(
    rule: str,
    findings: Sequence[Finding],
    standing: dict[Key, Flag],
    now: datetime,
    config: Config,
) -> dict[Key, Flag]:
    """The flags that would come back under their old number."""
    opening = [found.subject for found in findings if found.opens and found.key not in standing]
    since = now - timedelta(days=config.regressed_within_days)
    resolved = Flag.objects.filter(
        rule=rule, subject__in=opening, state=Flag.State.RESOLVED, resolved_at__gt=since
    ).order_by("resolved_at", "pk")
    return {_key(flag): flag for flag in resolved}


def _compare(
    rule: str,
    finding: Finding,
    flag: Flag | None,
    before: dict[Key, Flag],
    changes: _Changes,
    now: datetime,
    config: Config,
) -> None:
    if flag is None:
        if finding.opens:
            _open(rule, finding, before.get(finding.key), changes, now, config)
    elif finding.clears and not finding.opens:
        _describe(flag, finding, config)
        _close(flag, Kind.RESOLVED, finding.evidence, changes, now)
    else:
        _refresh(flag, finding, changes, now, config)


def _open(
    rule: str,
    finding: Finding,
    old: Flag | None,
    changes: _Changes,
    now: datetime,
    config: Config,
) -> None:
    flag = old or Flag(
        rule=rule,
        subject=finding.subject,
        scope=finding.scope,
        epoch=finding.epoch,
        strategy_id=finding.strategy_id,
        objective_id=finding.objective_id,
    )
    flag.state, flag.opened_at, flag.resolved_at = Flag.State.OPEN, now, None
    flag.owner_id, flag.regressed = finding.owner_id, old is not None
    _describe(flag, finding, config)
    (changes.changed if old else changes.created).append(flag)
    event = _event(flag, Kind.REGRESSED if old else Kind.OPENED, finding.evidence, now)
    changes.events.append(event)
    changes.told.append((event, finding))


def _close(
    flag: Flag, kind: FlagEvent.Kind, evidence: dict[str, Any], changes: _Changes, now: datetime
) -> None:
    flag.state, flag.resolved_at = Flag.State.RESOLVED, now
    changes.changed.append(flag)
    changes.events.append(_event(flag, kind, evidence, now))


def _refresh(
    flag: Flag, finding: Finding, changes: _Changes, now: datetime, config: Config
) -> None:
    """Keep the figures of an open flag what the pages show; note when it falls silent."""
    before = _shown(flag)
    if finding.stale and flag.state in {Flag.State.OPEN, Flag.State.ACKNOWLEDGED}:
        flag.state = Flag.State.STALE
        changes.events.append(_event(flag, Kind.STALE, finding.evidence, now))
    elif flag.state == Flag.State.STALE and not finding.stale:
        flag.state = Flag.State.OPEN
        changes.events.append(_event(flag, Kind.HEARD, finding.evidence, now))
    _describe(flag, finding, config)
    if before != _shown(flag):
        changes.changed.append(flag)


def _shown(flag: Flag) -> tuple[Any, ...]:
    return (flag.title, flag.label, flag.sentence, flag.evidence, flag.act_link, flag.state)


def _describe(flag: Flag, finding: Finding, config: Config) -> None:
    flag.title = finding.title[:60]
    flag.label = finding.label[:200]
    flag.link = finding.link
    flag.sentence = finding.sentence[:400]
    flag.clears_when = finding.clears_when[:300]
    flag.act, flag.act_link = finding.act, finding.act_link
    flag.act_for = list(finding.act_for)
    flag.evidence = finding.evidence
    flag.config_id = config.version


def _event(flag: Flag, kind: FlagEvent.Kind, evidence: dict[str, Any], now: datetime) -> FlagEvent:
    return FlagEvent(flag=flag, kind=kind, at=now, evidence=evidence)


CHANGING = [
    "state",
    "opened_at",
    "resolved_at",
    "owner",
    "regressed",
    "title",
    "label",
    "link",
    "sentence",
    "clears_when",
    "act",
    "act_link",
    "act_for",
    "evidence",
    "config",
]


def _write(changes: _Changes, now: datetime) -> None:
    Flag.objects.bulk_create(changes.created)
    Flag.objects.bulk_update(changes.changed, CHANGING)
    for event in changes.events:
        event.flag = event.flag  # now that the new flags have their numbers
    FlagEvent.objects.bulk_create(changes.events)
    notices.send([message for told in changes.told for message in _messages(*told)], now=now)


def _messages(event: FlagEvent, finding: Finding) -> list[notices.Message]:
    """Tell whom the rule names at once, and the owner in any case."""
    people = dict.fromkeys(finding.whom, True)
    if finding.owner_id is not None:
        people.setdefault(finding.owner_id, False)
    again = " again" if event.kind == Kind.REGRESSED else ""
    return [
        notices.Message(
            person_id=person,
            key=f"flag-event:{event.pk}",
            text=f"{finding.title}{again}: {finding.label}. {finding.sentence}",
            link=event.flag.get_absolute_url(),
            at_once=at_once,
        )
        for person, at_once in people.items()
    ]
