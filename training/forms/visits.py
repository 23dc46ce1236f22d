"""What was seen on a visit."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from strategy.models import BehaviorRevision

NO_CHANCE = "none"


class Visit(forms.Form):
    """What a manager saw of one behavior, or that there was no chance to see it."""

    level = forms.ChoiceField(
        label="What did you see?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you saw, or that there was no chance to."},
    )
    evidence = forms.CharField(
        label="In one line, what happened",
        max_length=400,
        required=False,
        help_text="What the rep said or did. The rep can read it.",
    )
    occasion = forms.CharField(
        label="Where",
        max_length=200,
        required=False,
        help_text="Such as first visit, quarterly review, price talk.",
    )
    observed_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "step": "60"}
        ),
        help_text="When it happened, not when you type it.",
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, words: BehaviorRevision, now: datetime) -> None:
        initial = {"client_key": uuid.uuid4(), "observed_at": timezone.localtime(now)}
        super().__init__(data, initial=initial)
        self.now = now
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)
        level.choices = [*_anchors(words), (NO_CHANCE, "No chance to see it this time")]

    def clean_observed_at(self) -> datetime:
        when: datetime = self.cleaned_data["observed_at"]
        if when > self.now:
            raise forms.ValidationError("An observation cannot lie in the future.")
        if when < self.now - timedelta(days=366):
            raise forms.ValidationError("That is more than a year ago.")
        return when

    def seen(self) -> int | None:
        level: str = self.cleaned_data["level"]
        return None if level == NO_CHANCE else int(level)


LEVELS = {
    1: "Did not do it",
    2: "Did part of it",
    3: "Did it as it should be",
    4: "Did it so that others could learn from it",
}


def _anchors(words: BehaviorRevision) -> list[tuple[str, str]]:
    written = (words.level_1, words.level_2, words.level_3, words.level_4)
    return [
        (str(level), f"{level} {text or LEVELS[level]}")
        for level, text in enumerate(written, start=1)
    ]
