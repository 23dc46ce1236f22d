"""The calendar of the example: days counted back from now, chance from a seed."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

SEED = "thornwick-27"


@dataclass(frozen=True)
class Calendar:
    """Turns “days ago” into moments. The same now gives the same moments."""

    now: datetime

    def at(self, days: float, *, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment of that day; never one that is still to come."""
        day = (self.now - timedelta(days=days)).date()
        moment = datetime.combine(day, time(hour, minute), tzinfo=self.now.tzinfo)
        return min(moment, self.now)

    def workday(self, days: float, chance: random.Random) -> datetime:
        """Return a moment in working hours near that day, not on a weekend."""
        moment = self.at(days, hour=chance.randint(7, 16), minute=chance.randrange(60))
        if moment.weekday() >= 5:
            moment -= timedelta(days=moment.weekday() - 4)
        return moment

    def day(self, days: float) -> date:
        return (self.now - timedelta(days=days)).date()


def chance(name: str) -> random.Random:
    """Return the dice of one part, so that a change of one part moves no other."""
    return random.Random(f"{SEED}:{name}")
