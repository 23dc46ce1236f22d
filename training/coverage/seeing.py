"""When enough of the people were reached, assessed or seen: the thresholds of DOMAIN section 4.

Whole people are compared, never rounded shares: 80 % of 5 people are 4 people, exactly.
"""

from datetime import datetime, timedelta
from math import ceil

from strategy import statistics
from strategy.config import Config, exact
from strategy.statistics import Bounds

HOLDS, PARTLY, BROKEN, NOT_YET = "ok", "partly", "broken", "not yet"


def least(share: float, people: int) -> int:
    """Return how many people make this share of them, exactly: 0.8 of 5 is 4."""
    return ceil(exact(share) * people)


def holds(share: float, part: int, people: int) -> bool:
    """Return whether so many are that share of the people; of nobody nothing holds."""
    return bool(people) and part >= least(share, people)


def needed(people: int, config: Config) -> int:
    """Return how many people have to be observed before Seen can be judged.

    Max(5, 20 %) of them, all of them where they are fewer than five.
    """
    if people < config.seen_people:
        return people
    return max(config.seen_people, least(config.seen_people_share, people))


def bounds(*, observed: int, at_standard: int, config: Config) -> Bounds:
    """Return the Wilson interval of the share at standard; of nobody the whole range."""
    share = at_standard / observed if observed else 0.0
    return statistics.wilson(share, observed, config.seen_z)


def seen(*, people: int, observed: int, at_standard: int, config: Config) -> bool:
    """Return whether Seen holds: enough observed, and the lower bound is at least a half."""
    enough = observed > 0 and observed >= needed(people, config)
    lower = bounds(observed=observed, at_standard=at_standard, config=config).lower
    return enough and lower >= config.seen_lower


def seen_state(*, people: int, observed: int, at_standard: int, config: Config) -> str:
    """Say how what was seen holds, in the words of pages: ok, partly, broken, not yet."""
    if not observed:
        return NOT_YET
    if observed < needed(people, config):
        return PARTLY
    found = bounds(observed=observed, at_standard=at_standard, config=config)
    if found.lower >= config.seen_lower:
        return HOLDS
    return BROKEN if found.upper < config.seen_lower else PARTLY


def windows(now: datetime, config: Config) -> tuple[datetime, datetime]:
    """Return where the earlier and the later of the two windows that end now begin."""
    window = timedelta(days=config.sustained_window_days)
    return now - 2 * window, now - window
