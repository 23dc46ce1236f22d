"""A company from CSV files, through the same checks and actions as the pages."""

from align.load.loading import Outcome, load
from align.load.problems import Problem, Refused
from align.load.reading import Unreadable, read

__all__ = ["Outcome", "Problem", "Refused", "Unreadable", "load", "read"]
