"""What may be typed about drivers, and about audiences that practice a behavior already."""

from typing import Any

from django import forms

from align.people.forms import choose
from align.people.models import Audience, User
from strategy.models import BehaviorRevision
from training import sticking


class SetDriver(forms.Form):
    text = forms.CharField(
        label="Who does what, how often",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say who does what, and how often."},
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="Who answers for it",
        empty_label="Choose",
        error_messages={"required": "Choose who answers for it."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", sticking.owners())


class WaiveDriver(forms.Form):
    because = forms.CharField(
        label="Nobody has to, because",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Everyone can read it, with your name.",
        error_messages={"required": "Say why nobody has to."},
    )


class WaiveCell(forms.Form):
    """“They practice it already”, and what shows it."""

    audience = forms.ModelChoiceField(
        Audience.objects.none(), label="Who practices it already", empty_label="Choose"
    )
    evidence = forms.CharField(
        label="What shows it",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as “12 visits in October, 10 at standard, before any training”.",
        error_messages={"required": "Say what shows that they practice it already."},
    )

    def __init__(self, *args: Any, words: BehaviorRevision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "audience", words.audiences.all())
