"""Completions from a file: read, matched, checked, taken in, taken back."""

from training.importing.columns import FIELDS, NEEDED, Columns, guess, order_of_days
from training.importing.judging import Good, Judged, Problem, judge
from training.importing.reading import MOST_BYTES, MOST_ROWS, Table, Unreadable, decode, table
from training.importing.running import look_at, waiting

__all__ = [
    "FIELDS",
    "MOST_BYTES",
    "MOST_ROWS",
    "NEEDED",
    "Columns",
    "Good",
    "Judged",
    "Problem",
    "Table",
    "Unreadable",
    "decode",
    "guess",
    "judge",
    "look_at",
    "order_of_days",
    "table",
    "waiting",
]
