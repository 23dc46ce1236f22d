"""Where people stand on a draft."""

from datetime import datetime

from django.db import transaction

from align.people.models import User
from strategy import text
from strategy.actions import Invalid
from strategy.consultation.doors import asked, locked_round, record, tell_lead
from strategy.models import Position, Round

OWN_WORDS = 20  # characters; shorter is not a reason anybody could carry on


@transaction.atomic
def take_position(
    *, round_: Round, by: User, stance: str, why: str, note: str = "", now: datetime
) -> Position:
    """Say whether one can teach a draft, and why the company does it, in one's own words.

    Saying it again while the round is open changes it. Raises Invalid, RoundClosed, and
    PermissionDenied for somebody who was not asked.
    """
    found = locked_round(round_, now=now)
    participant = asked(found, by)
    why, note = why.strip(), note.strip()
    errors = _wrong_position(found, stance, why, note)
    if errors:
        raise Invalid(errors)
    before = Position.objects.filter(participant=participant).first()
    position, _ = Position.objects.update_or_create(
        participant=participant, defaults={"stance": stance, "why": why, "note": note, "at": now}
    )
    record(
        "position taken",
        round_=found,
        before=_stand(before) if before else {},
        after=_stand(position),
        by=by,
        now=now,
    )
    if stance == Position.Stance.CANNOT and (before is None or before.stance != stance):
        tell_lead(found, f"{by} cannot teach", f"cannot:{position.pk}:{now.timestamp()}", by, now)
    return position


def _stand(position: Position) -> dict[str, str]:
    return {"stance": position.stance, "why": position.why, "note": position.note}


def _wrong_position(round_: Round, stance: str, why: str, note: str) -> dict[str, str]:
    errors = {}
    if stance not in Position.Stance.values:
        errors["stance"] = "Choose whether you can teach it."
    if len(why) < OWN_WORDS:
        errors["why"] = "Write in your own words why the company does this."
    elif _copied(why, round_):
        errors["why"] = "That is the draft's own sentence. Say it as you would to a rep."
    if not note and stance == Position.Stance.CHANGES:
        errors["note"] = "Name the changes."
    if not note and stance == Position.Stance.CANNOT:
        errors["note"] = "Say what you have seen that makes it unteachable."
    return errors


def _copied(why: str, round_: Round) -> bool:
    said = " ".join(why.casefold().split()).rstrip(".")
    return any(
        said in " ".join(paragraph.text.casefold().split())
        for paragraph in text.thawed(round_.text)
    )
