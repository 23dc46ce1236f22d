"""Thornwick Thermal, the example company: brought whole and taken out whole."""

from align.example.building import AlreadyTaken, build
from align.example.counting import Counts, counts, is_here
from align.example.removing import HasOthers, remove

__all__ = [
    "AlreadyTaken",
    "Counts",
    "HasOthers",
    "build",
    "counts",
    "is_here",
    "remove",
]
