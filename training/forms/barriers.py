"""What may be typed about what training cannot put right."""

from typing import Any

from django import forms

from align.people.forms import choose
from align.people.models import User
from strategy.models import Objective
from training import barriers

SAID = [(value, barriers.said(value)) for value, _ in barriers.NOT_TRAINING]


def day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose a day to come.", "invalid": "Choose a day to come."},
    )


def words(label: str, *, ask: str, longest: int = 1000) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": ask},
    )


def who() -> "forms.ModelChoiceField[User]":
    return forms.ModelChoiceField(
        User.objects.none(),
        label="Who has to remove it",
        empty_label="Choose",
        help_text="A lead, a manager or an admin: it is not for training.",
        error_messages={"required": "Choose who has to remove it."},
    )


class NewBarrier(forms.Form):
    """What stands in the way, and who has to remove it by when."""

    barrier = forms.ChoiceField(
        label="What stands in the way",
        choices=SAID,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what stands in the way."},
    )
    text = words(
        "What happens, and why training cannot change it",
        ask="Say what stands in the way, so that somebody can remove it.",
    )
    owner = who()
    due_on = day("To be removed by")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", barriers.owners(besides=by))


class Accept(forms.Form):
    """Nothing to type."""


class HandOn(forms.Form):
    owner = who()
    note = words("Why it is for them", ask="Say why it is for them.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", barriers.owners(besides=None))


class Move(forms.Form):
    due_on = day("The new day")
    reason = words("Why it takes another day", ask="Say why it takes another day.")


class Note(forms.Form):
    note = words("Note", ask="Say something.")


class Removed(forms.Form):
    outcome = words("What was done", ask="Say what was done.")


class Kept(forms.Form):
    outcome = words("Why it stays", ask="Say why it stays.")


class Withdraw(forms.Form):
    note = words(
        "Why nobody has to remove it any more",
        ask="Say why nobody has to remove it any more.",
    )


class Again(forms.Form):
    due_on = day("To be removed by")
    note = words("What stands in the way again", ask="Say what stands in the way again.")


class FindBarriers(forms.Form):
    """What the list of barriers is narrowed to; nonsense narrows nothing."""

    state = forms.ChoiceField(
        choices=[
            ("standing", "Standing"),
            ("late", "Late"),
            ("ended", "Ended"),
            ("all", "All"),
        ],
        required=False,
    )
    barrier = forms.ChoiceField(choices=[("", "All"), *SAID], required=False)
    objective = forms.ModelChoiceField(Objective.objects.none(), required=False)
    mine = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "objective", Objective.objects.visible_to(user).exclude(current=None))

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
