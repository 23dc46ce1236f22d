"""What was seen on a visit."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from strategy.models import BehaviorRevision
from training import seeing
from training.actions import Look
from training.models import Observation

SKIP, SEEN, NOT_SEEN, NO_CHANCE = "", "seen", "not", "none"
CHOICES = [(SKIP, "Skip"), (SEEN, "Seen"), (NOT_SEEN, "Not seen"), (NO_CHANCE, "No chance")]
LINE = "What the rep said or did. The rep can read it."


class When(forms.DateTimeField):
    """A moment of the last year, not to come."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": "60"}
        )
        super().__init__(widget=widget, **kwargs)

    @staticmethod
    def check(when: datetime, *, now: datetime, what: str) -> datetime:
        if when > now:
            raise forms.ValidationError(f"An {what} cannot lie in the future.")
        if when < now - timedelta(days=366):
            raise forms.ValidationError("That is more than a year ago.")
        return when


@dataclass(frozen=True, kw_only=True)
class Row:
    """One behavior of the page: its words and its three questions."""

    words: BehaviorRevision
    anchors: list[tuple[int, str]]
    seen: BoundField
    level: BoundField
    line: BoundField

    @property
    def opened(self) -> bool:
        """Whether the levels are shown at once."""
        return bool(self.level.errors or self.level.value())


class Visit(forms.Form):
    """What a manager saw of several behaviors of one person; what is skipped is not recorded."""

    occasion = forms.CharField(
        label="Where",
        max_length=200,
        required=False,
        help_text="Such as first visit, quarterly review, price talk.",
    )
    observed_at = When(label="When", help_text="When it happened, not when you type it.")
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, words: Sequence[BehaviorRevision], now: datetime
    ) -> None:
        initial = {"client_key": uuid.uuid4(), "observed_at": timezone.localtime(now)}
        super().__init__(data, initial=initial)
        self.now = now
        self.words = words
        self.looks: list[Look] = []
        for row in words:
            self.fields |= _questions(row)

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                words=row,
                anchors=seeing.anchors(row),
                seen=self[f"seen_{row.behavior_id}"],
                level=self[f"level_{row.behavior_id}"],
                line=self[f"line_{row.behavior_id}"],
            )
            for row in self.words
        ]

    def clean_observed_at(self) -> datetime:
        return When.check(self.cleaned_data["observed_at"], now=self.now, what="observation")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for row in self.words:
            self._look(row, given)
        if not self.looks and not self.errors:
            raise forms.ValidationError("Say of one behavior at least what you saw.")
        return given

    def _look(self, row: BehaviorRevision, given: dict[str, Any]) -> None:
        """Read one behavior; say kindly where the answers contradict each other."""
        pk = row.behavior_id
        seen, chosen, line = (given.get(f"{name}_{pk}", "") for name in ("seen", "level", "line"))
        level = int(chosen) if chosen else None
        if seen == SKIP and level is None:
            if line:
                self.add_error(f"seen_{pk}", "Choose what you saw, or that there was no chance to.")
            return
        problem = contradiction(seen, level)
        if problem:
            self.add_error(f"level_{pk}", problem)
            return
        self.looks.append(Look(behavior=row.behavior, level=level_of(seen, level), evidence=line))


def _questions(row: BehaviorRevision) -> dict[str, forms.Field]:
    pk, name = row.behavior_id, row.statement[:60]
    levels = [(str(level), f"{level} {text}") for level, text in seeing.anchors(row)]
    return {
        f"seen_{pk}": forms.ChoiceField(
            label=name, choices=CHOICES, required=False, widget=forms.RadioSelect, initial=SKIP
        ),
        f"level_{pk}": forms.ChoiceField(
            label=f"Level of {name}",
            choices=[(SKIP, "No level"), *levels],
            required=False,
            widget=forms.RadioSelect,
            initial=SKIP,
        ),
        f"line_{pk}": forms.CharField(
            label="In one line, what happened", max_length=400, required=False
        ),
    }


def contradiction(seen: str, level: int | None) -> str:
    """Say why an answer and a level do not go together; nothing where they do."""
    if level is None or seen == SKIP:
        return ""
    if seen == NO_CHANCE:
        return f"No chance to see it and level {level} do not go together. Take one of them back."
    if seen == NOT_SEEN and level > 1:
        return f"Not seen and level {level} do not go together: level 1 is not doing it."
    if seen == SEEN and level == 1:
        return "Seen and level 1 do not go together: level 1 is not doing it."
    return ""


def level_of(seen: str, level: int | None) -> int | None:
    """Seen without a level is the standard; not seen is the lowest; no chance is none."""
    if level is not None or seen == NO_CHANCE:
        return level
    return Observation.STANDARD if seen == SEEN else 1


class Correction(forms.Form):
    """What should have stood there instead."""

    level = forms.ChoiceField(
        label="What did you see?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you saw, or that there was no chance to."},
    )
    evidence = forms.CharField(
        label="In one line, what happened", max_length=400, required=False, help_text=LINE
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, observation: Observation) -> None:
        level = NO_CHANCE if observation.level is None else str(observation.level)
        initial = {
            "level": level,
            "evidence": observation.evidence,
            "client_key": uuid.uuid4(),
        }
        super().__init__(data, initial=initial)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        words = observation.behavior_revision
        field.choices = [
            *((str(level), f"{level} {text}") for level, text in seeing.anchors(words)),
            (NO_CHANCE, "No chance to see it this time"),
        ]

    def seen(self) -> int | None:
        level: str = self.cleaned_data["level"]
        return None if level == NO_CHANCE else int(level)
