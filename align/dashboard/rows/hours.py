"""Aligned hours: how much of the training people took serves what is in force."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Hours:
    """Hours taken through mappings that count, of all hours taken."""

    aligned: Decimal
    all: Decimal

    @property
    def percent(self) -> int | None:
        """Return whole per cent, half up; None while nobody took anything."""
        if not self.all:
            return None
        return int((200 * self.aligned + self.all) // (2 * self.all))

    @property
    def said(self) -> str:
        """Return “61%”, or “not yet” while nobody took anything."""
        return "not yet" if self.percent is None else f"{self.percent}%"

    def __str__(self) -> str:
        return f"{_plain(self.aligned)} of {_plain(self.all)}"


def _plain(hours: Decimal) -> str:
    return f"{hours.normalize():,f}"
