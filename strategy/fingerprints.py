"""What makes two states of a behavior the same for training."""

import hashlib
import json
from collections.abc import Iterable

from strategy.models import BehaviorRevision, Revision


def of_behavior(
    *, revision: Revision, behavior: BehaviorRevision, audience_keys: Iterable[str]
) -> str:
    """Return the fingerprint of a behavior's substantive fields and its objective's choice.

    64 hexadecimal digits. White space does not count; every other change of a word does.
    """
    return digest(
        revision.we_will,
        revision.we_stop,
        revision.segment,
        behavior.sales_role_id,
        behavior.statement,
        behavior.occasion,
        behavior.standard,
        [behavior.level_1, behavior.level_2, behavior.level_3, behavior.level_4],
        behavior.critical,
        int(behavior.required_depth),
        sorted(audience_keys),
        behavior.needs,
        behavior.stops,
    )


def of_why(revision: Revision) -> str:
    """Return the fingerprint of the business case, 64 hexadecimal digits."""
    return digest(revision.why)


def digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps([folded(part) for part in parts]).encode()).hexdigest()


def folded(part: object) -> object:
    if isinstance(part, str):
        return " ".join(part.split())
    if isinstance(part, list):
        return [folded(item) for item in part]
    return part
