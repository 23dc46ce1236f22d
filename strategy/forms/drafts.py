"""The words of a draft."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from django import forms

from align.people.forms import show_errors
from strategy.actions import Words
from strategy.drafting import Start
from strategy.forms.behaviors import BaseBehaviors
from strategy.models import Revision

WORDS = [field.name for field in fields(Words)]


class Draft(forms.Form):
    """The words of an objective, and where its writer began."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=100_000)
    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)
    # Which window this is typed in, for what is kept unsaved. A reload is another window.
    window = forms.CharField(
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False, max_length=40
    )
    title = forms.CharField(max_length=160)
    we_will = forms.CharField(
        label="We will",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    we_stop = forms.CharField(
        label="We stop",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A choice that stops nothing is a wish.",
    )
    segment = forms.CharField(label="For which customers", max_length=300, required=False)
    hypothesis = forms.CharField(
        label="Because",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why it should work.",
    )
    why = forms.CharField(
        label="The business case",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What trainers carry on in their own words.",
    )
    measure = forms.CharField(label="Measured by", max_length=200, required=False)
    baseline = forms.DecimalField(label="Today", max_digits=14, decimal_places=2, required=False)
    target = forms.DecimalField(max_digits=14, decimal_places=2, required=False)
    unit = forms.CharField(max_length=30, required=False, help_text="For example % or EUR.")
    measure_by = forms.DateField(
        label="Until",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label="Reason for the change",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The field reads it. Needed from the second revision on.",
    )

    def start(self) -> Start:
        return Start(number=self.cleaned_data["number"], edits=self.cleaned_data["edits"])

    def words(self) -> Words:
        return Words(**{name: self.cleaned_data[name] for name in WORDS})


def draft(*, text: Revision | None, start: Start, data: Any = None) -> Draft:
    words = {name: getattr(text, name) for name in WORDS} if text else {}
    carried = {"reason": text.reason} if text and text.state == Revision.State.DRAFT else {}
    return Draft(data, initial=words | carried | asdict(start))


def show_draft_errors(form: Draft, rows: BaseBehaviors, errors: Mapping[str, str]) -> None:
    """Put what was refused at the words, or at the row of its behavior."""
    by_code = {f"behaviors.{row.cleaned_data['code']}": row for row in rows.kept()}
    show_errors(form, {name: text for name, text in errors.items() if name not in by_code})
    for name, row in by_code.items():
        if name in errors:
            row.add_error("statement", errors[name])
