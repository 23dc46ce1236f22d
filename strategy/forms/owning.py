"""What may be typed when a choice is carried to the field."""

from collections.abc import Sequence
from typing import Any

from django import forms

from align.people.forms import choose
from strategy.models import BehaviorRevision, Revision


class Reason(forms.Form):
    """The lead's slot of a brief."""

    text = forms.CharField(
        label="Why the company does this",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="In your words, short enough to be said aloud. Your name stands under it.",
        error_messages={"required": "Say why the company does this."},
    )


class ForTeam(forms.Form):
    """The manager's slot of a brief."""

    text = forms.CharField(
        label="What it means for us",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="For your customers, your week. Your name stands under it.",
        error_messages={"required": "Say what it means for them."},
    )
    behavior = forms.ModelChoiceField(
        BehaviorRevision.objects.none(),
        label="One behavior to begin with",
        required=False,
        empty_label="The first critical one",
    )
    question = forms.CharField(
        label="One question to the team",
        max_length=300,
        required=False,
        help_text="For the huddle. For example: with whom do you try it this week?",
    )

    def __init__(self, *args: Any, words: Revision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "behavior", words.behaviors.select_related("behavior"))


class Recall(forms.Form):
    recalled = forms.CharField(
        label="In your own words",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text="A few words are enough. If nothing comes back, leave it empty.",
    )


class Choice(forms.Form):
    chosen = forms.TypedChoiceField(
        label="Which reason is it?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose one of these reasons.",
            "invalid_choice": "Choose one of these reasons.",
        },
    )

    def __init__(self, *args: Any, options: Sequence[Revision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["chosen"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(row.pk, row.hypothesis) for row in options]


class Explain(forms.Form):
    """A teach-back."""

    text = forms.CharField(
        label="The why, as you would tell it",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="As if a rep asked you. Not copied: the lead reads whether it is yours.",
        error_messages={"required": "Explain why the company does this, as you would tell it."},
    )


class Answer(forms.Form):
    """The lead's answer to a teach-back."""

    answer = forms.CharField(
        label="Your answer",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when you give it back: say what is missing.",
    )
