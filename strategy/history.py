"""Writing down what was done, in the transaction that does it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from align.people.models import User
from strategy.models import History, Objective, Revision, Round, Strategy

ShownTo = History.ShownTo


def write(
    what: str,
    *,
    by: User | None,
    now: datetime,
    strategy: Strategy | None = None,
    objective: Objective | None = None,
    revision: Revision | None = None,
    round_: Round | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    shown_to: History.ShownTo = ShownTo.EVERYONE,
) -> None:
    """Append one row. What it is about is taken from the narrowest thing named.

    Values may be texts, numbers, dates, booleans and lists of them. Values that stayed the same
    are left out where both sides have them.
    """
    revision = revision or (round_.revision if round_ else None)
    objective = objective or (revision.objective if revision else None)
    strategy = strategy or (objective.strategy if objective else None)
    if strategy is None:
        raise ValueError("Say what was changed.")
    old, new = plain(before or {}), plain(after or {})
    same = {name for name in old.keys() & new.keys() if old[name] == new[name]}
    History.objects.create(
        strategy=strategy,
        objective=objective,
        revision=revision,
        round=round_,
        shown_to=shown_to,
        what=what,
        before={name: value for name, value in old.items() if name not in same},
        after={name: value for name, value in new.items() if name not in same},
        actor=by,
        at=now,
    )


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in values.items()}


def plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):  # a datetime, too
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
