"""What a new revision does to training: the mappings it turns suspect."""

from django.db.models import Q, QuerySet

from align.people.models import User
from strategy import impact
from strategy.impact import Change, Counter, Row
from training.models import Mapping


def register() -> None:
    """Let the preview of publishing count what training has to look at again."""
    impact.register(MAPPINGS)


def turning(change: Change) -> QuerySet[Mapping]:
    """Return the mappings that hold before a change and do not after it."""
    touched = Q()
    for behavior_id, reviewed in change.before.items():
        lost = reviewed - {change.after.get(behavior_id, "")}
        if lost:
            touched |= Q(behavior=behavior_id, reviewed_fingerprint__in=sorted(lost))
    return Mapping.objects.counted().filter(touched) if touched else Mapping.objects.none()


def _count(change: Change) -> int:
    return turning(change).count()


def _rows(change: Change, user: User) -> list[Row]:
    visible = (
        Mapping.objects.visible_to(user)
        .filter(pk__in=turning(change).values("pk"))
        .select_related("version__module__owner", "behavior", "audience")
        .order_by("behavior", "version__title", "pk")
    )
    return [
        Row(
            text=row.version.title,
            note=f"claims {row.behavior.code} for {row.audience}; {row.version.module.owner}",
            link=row.version.module.get_absolute_url(),
        )
        for row in visible
    ]


MAPPINGS = Counter(
    name="mappings suspect",
    title="Mappings that turn suspect",
    will=("1 mapping turns suspect", "{} mappings turn suspect"),
    did=("1 mapping turned suspect", "{} mappings turned suspect"),
    count=_count,
    rows=_rows,
)
