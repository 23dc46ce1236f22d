"""What the forms of training offer, grouped as people think of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from align.people.models import User
from strategy.models import BehaviorRevision
from training.models import Mapping, ModuleVersion


@dataclass(frozen=True, kw_only=True)
class Choice:
    pk: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Group:
    label: str
    choices: tuple[Choice, ...]


def behaviors(user: User) -> QuerySet[BehaviorRevision]:
    """The words one can teach: in force, or published and not in force yet."""
    return (
        BehaviorRevision.objects.visible_to(user)
        .to_teach()
        .select_related("behavior__objective", "revision__objective", "sales_role")
        .prefetch_related("audiences")
    )


def versions(user: User) -> QuerySet[ModuleVersion]:
    """The versions one can map: those in use, one's own modules and everybody else's."""
    return (
        ModuleVersion.objects.visible_to(user)
        .in_use()
        .select_related("module__program", "module__owner")
    )


def by_program(user: User) -> list[Group]:
    rows = versions(user).order_by("module__program__position", "module__program__name", "title")
    return grouped(
        (str(row.module.program), Choice(pk=row.pk, label=_module(row, user))) for row in rows
    )


def _module(version: ModuleVersion, user: User) -> str:
    owner = "you" if version.module.owner_id == user.pk else version.module.owner.name
    return f"{version.title} ({version.get_kind_display().lower()}, {owner})"


def by_objective(words: Iterable[BehaviorRevision]) -> list[Group]:
    """Group behaviors by their objective, in the order of its code."""
    ordered = sorted(
        words, key=lambda row: (row.revision.objective.code, row.position, row.behavior_id)
    )
    return grouped(
        (
            f"{row.revision.objective.code} {row.revision.title}",
            Choice(pk=row.behavior_id, label=row.statement),
        )
        for row in ordered
    )


def grouped(pairs: Iterable[tuple[str, Choice]]) -> list[Group]:
    groups: dict[str, list[Choice]] = {}
    for label, choice in pairs:
        groups.setdefault(label, []).append(choice)
    return [Group(label=label, choices=tuple(rows)) for label, rows in groups.items()]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of a behavior or its objective, as it was reviewed and as it is."""

    name: str
    before: str
    after: str


FIELDS = {
    "statement": "What a manager can see",
    "occasion": "When it shows",
    "standard": "Done well means",
    "level_1": "Level 1",
    "level_2": "Level 2",
    "level_3": "Level 3",
    "level_4": "Level 4",
    "critical": "Critical",
    "required_depth": "Training must reach",
    "needs": "Needs",
    "stops": "Stops",
    "audiences": "Asked of",
    "sales_role": "Sales role",
    "we_will": "We will",
    "we_stop": "We stop",
    "segment": "For which customers",
}


def changes(mapping: Mapping) -> Sequence[Change]:
    """Return what changed in the behavior since the claim was last reviewed."""
    states = (
        BehaviorRevision.objects.filter(behavior=mapping.behavior_id)
        .select_related("revision", "sales_role")
        .prefetch_related("audiences")
    )
    before = states.filter(fingerprint=mapping.reviewed_fingerprint).order_by("-pk").first()
    after = states.to_teach().first()
    if before is None or after is None:
        return ()
    old, new = _fields(before), _fields(after)
    return [
        Change(name=label, before=old[name], after=new[name])
        for name, label in FIELDS.items()
        if old[name] != new[name]
    ]


def _fields(words: BehaviorRevision) -> dict[str, str]:
    plain = {
        name: str(getattr(words, name))
        for name in FIELDS
        if name.startswith(("statement", "occasion", "standard", "level_"))
    }
    return plain | {
        "critical": "Yes" if words.critical else "No",
        "required_depth": words.get_required_depth_display(),
        "needs": ", ".join(words.needs),
        "stops": ", ".join(words.stops),
        "audiences": ", ".join(sorted(str(audience) for audience in words.audiences.all())),
        "sales_role": str(words.sales_role),
        "we_will": words.revision.we_will,
        "we_stop": words.revision.we_stop,
        "segment": words.revision.segment,
    }
