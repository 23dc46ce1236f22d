"""What is said when a draft is published."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from strategy import days
from strategy.models import Revision


class Publish(forms.Form):
    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)
    # The counts that were looked at, see strategy.impact.
    counted = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)
    reason = forms.CharField(
        label="Reason for the change",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The field reads it.",
    )
    effective_from = forms.DateField(
        label="In force from",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    override = forms.CharField(
        label="Reason to publish it all the same",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everyone can read it, for as long as this revision is known.",
    )

    def __init__(self, *args: Any, draft: Revision, may_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strategy = draft.objective.strategy
        day = self.fields["effective_from"]
        day.initial = self.today
        day.help_text = f"From the first moment of that day in {self.strategy.time_zone}."
        if draft.number == 1:
            del self.fields["reason"]  # nothing changes yet
        else:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = "Say why it changes."
        if not may_override:
            del self.fields["override"]

    @property
    def today(self) -> date:
        return days.day_of(timezone.now(), strategy=self.strategy)

    def show_state(self, *, edits: int, counted: str) -> None:
        """Send along what the page shows; what was typed against another draft stays refused."""
        if self.is_bound:
            # One by one: unpacking a QueryDict gives lists.
            self.data = {name: self.data[name] for name in self.data} | {"counted": counted}
        else:
            self.initial = {**self.initial, "edits": edits, "counted": counted}

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day < self.today:
            raise forms.ValidationError("Choose today or a later day.")
        return day

    def starts(self) -> datetime | None:
        """The first moment of the day in the strategy's zone; None when that is today."""
        return self._starts(self.cleaned_data["effective_from"])

    def asked(self) -> datetime | None:
        """The same of what was typed, as far as it is a day; today where it is none."""
        try:
            return self._starts(self.fields["effective_from"].clean(self["effective_from"].value()))
        except forms.ValidationError:
            return None

    def _starts(self, day: date) -> datetime | None:
        return days.first_moment(day, strategy=self.strategy) if day > self.today else None
