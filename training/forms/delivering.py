"""What may be typed about sessions and due dates."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from align.people.forms import choose
from align.people.models import Audience, Role, User
from training import actions
from training.forms.completions import people_in
from training.models import Delivery

TYPED = "%Y-%m-%dT%H:%M"
CLOCK = forms.DateTimeInput(format=TYPED, attrs={"type": "datetime-local", "step": "60"})


class Session(forms.Form):
    """When, where, by whom and for whom; times in the zone of who types them."""

    audience = forms.ModelChoiceField(Audience.objects.none(), label="For", empty_label="Choose")
    trainer = forms.ModelChoiceField(User.objects.none(), label="Given by")
    starts_at = forms.DateTimeField(label="Starts", widget=CLOCK)
    ends_at = forms.DateTimeField(label="Ends", widget=CLOCK)
    place = forms.CharField(max_length=200, required=False)
    link = forms.URLField(
        label="Link to join",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="Shown to those who are expected.",
    )
    capacity = forms.IntegerField(
        label="Seats",
        required=False,
        min_value=1,
        max_value=10_000,
        help_text="Empty: everybody of the audience is expected, without taking a seat.",
    )
    note = forms.CharField(label="What to bring or read before", max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "audience", Audience.objects.all())
        choose(self, "trainer", User.objects.with_role(Role.TRAINER))
        zone = timezone.get_current_timezone_name()
        self.fields["starts_at"].help_text = f"In your time zone, {zone}."

    def plan(self) -> actions.Plan:
        return actions.Plan(
            **{name: self.cleaned_data[name] for name in actions.Plan.__dataclass_fields__}
        )


class EditSession(Session):
    """A session, and the count of edits its writer began with."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)


def edit_session(found: Delivery, data: Any = None) -> EditSession:
    names = (*actions.Plan.__dataclass_fields__, "edits")
    return EditSession(data, initial={name: getattr(found, name) for name in names})


class CallOff(forms.Form):
    reason = forms.CharField(
        label="Why", max_length=400, help_text="Those who wanted to come read it."
    )


class Guests(forms.Form):
    """People to expect, by e-mail address."""

    emails = forms.CharField(
        label="E-mail addresses",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line.",
    )

    def clean_emails(self) -> list[User]:
        return people_in(self.cleaned_data["emails"])


class Attendance(forms.Form):
    """Who of those expected came, and who came besides."""

    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="They were there",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    emails = forms.CharField(
        label="Others who came, by e-mail address",
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line.",
    )

    def __init__(self, *args: Any, expected: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "people", expected)

    def clean_emails(self) -> list[User]:
        return people_in(self.cleaned_data["emails"])

    def came(self) -> list[User]:
        return [*self.cleaned_data["people"], *self.cleaned_data["emails"]]


class DueDate(forms.Form):
    audience = forms.ModelChoiceField(Audience.objects.none(), label="For", empty_label="Choose")
    due_on = forms.DateField(
        label="Due by the end of",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "audience", Audience.objects.all())

    def due(self) -> date:
        day: date = self.cleaned_data["due_on"]
        return day
