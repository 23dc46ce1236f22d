"""Showing what a flag rests on: its figures in words, and the thresholds it was judged by."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from strategy.config import Config
from strategy.models import Flag

Rows = list[tuple[str, str]]
SHARES = {"share", "lower", "upper", "bound", "threshold"}  # names whose figures are shares


def rows(evidence: Mapping[str, Any]) -> Rows:
    """Write the evidence of a flag as names and figures, in the order the rule gave them."""
    return [(words(name), figure(value, name)) for name, value in evidence.items()]


def thresholds(flag: Flag) -> Rows:
    """Write the thresholds a flag was judged by: those saved then, or the defaults."""
    saved = flag.config.values if flag.config else {}
    prefix = flag.rule.replace("-", "_") + "_"
    return [
        (words(name.removeprefix(prefix)), figure(saved.get(name, value), name))
        for name, value in asdict(Config()).items()
        if name.startswith(prefix)
    ]


def words(name: str) -> str:
    """“clears_when” and “low-reach” as people read them."""
    text = name.replace("_", " ").replace("-", " ")
    return text[:1].upper() + text[1:]


def figure(value: object, name: str = "") -> str:
    """Write a figure for people: shares as percent, days as days, lists with commas."""
    if value is None:
        return "not yet"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.0%}" if SHARES & set(words(name).lower().split()) else f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{words(key)}: {figure(one, key)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        between = "; " if any(isinstance(one, Mapping) for one in value) else ", "
        return between.join(figure(one, name) for one in value) or "none"
    return day(str(value))


def day(text: str) -> str:
    """“18 Nov 2026” for an ISO date or time; anything else as it is."""
    try:
        when: date = datetime.fromisoformat(text) if len(text) >= 10 else date.min
    except ValueError:
        return text
    return text if when == date.min else f"{when.day} {when:%b %Y}"
