"""How many of the hours delivered went into what the strategy asks for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from strategy.config import Config
from training.coverage import steps
from training.coverage.cell import select


@dataclass(frozen=True)
class Hours:
    """Hours of completions: those of versions with a claim that counts, and all of them."""

    aligned: Decimal
    all: Decimal


def aligned_hours(*, now: datetime, config: Config) -> Hours:
    """Return the hours delivered until then, and the aligned ones among them. One statement."""
    ((aligned, delivered),) = select(steps.HOURS, None, now=now, config=config)
    return Hours(aligned=aligned, all=delivered)
