"""Who completed a module."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from align.people.forms import choose
from align.people.models import User

LINES_AT_MOST = 500


class People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # none at run time
    """People to tick, each with what is known of them already."""

    taken: Mapping[int, date] = {}

    def label_from_instance(self, obj: Any) -> str:
        day = self.taken.get(obj.pk)
        return f"{obj.name}, took it {day.day} {day:%b %Y}" if day else str(obj.name)


class Took(forms.Form):
    """Who took a module on a day: ticked, or pasted by e-mail address."""

    day = forms.DateField(
        label="On",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=timezone.localdate,
    )
    people = People(User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple)
    emails = forms.CharField(
        label="Or paste e-mail addresses",
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="One a line.",
    )

    def __init__(self, *args: Any, members: Any, taken: Mapping[int, date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "people", members)
        people = self.fields["people"]
        assert isinstance(people, People)
        people.taken = taken

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError("A completion cannot lie in the future.")
        return day

    def clean_emails(self) -> list[User]:
        return people_in(self.cleaned_data["emails"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not given.get("people") and not given.get("emails"):
            self.add_error("people", "Tick who took it, or paste their e-mail addresses.")
        return given

    def everybody(self) -> list[User]:
        chosen: Iterable[User] = (*self.cleaned_data["people"], *self.cleaned_data["emails"])
        return list({person.pk: person for person in chosen}.values())

    def completed_at(self, *, now: datetime) -> datetime:
        """Noon of the day in the zone of who records it; today it is now."""
        day: date = self.cleaned_data["day"]
        if day == timezone.localdate(now):
            return now
        return datetime.combine(day, time(12), timezone.get_current_timezone())


def people_in(text: str) -> list[User]:
    """Find everybody named; say of each line that names nobody which one it is."""
    lines = _lines(text)
    if len(lines) > LINES_AT_MOST:
        raise forms.ValidationError(f"At most {LINES_AT_MOST} lines at once.")
    found = User.objects.filter(email__in={email for _, email in lines}, is_active=True)
    people = {person.email: person for person in found}
    unknown = [
        forms.ValidationError(f"Line {number}: nobody here has the address “{email[:80]}”.")
        for number, email in lines
        if email not in people
    ]
    if unknown:
        raise forms.ValidationError(unknown)
    return list(people.values())


def _lines(text: str) -> list[tuple[int, str]]:
    """“Rosa <rosa@example.com>;” and “rosa@example.com” are both an address."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip().strip(",;").strip()
        inside = re.search(r"<([^<>]+)>$", bare)
        email = (inside.group(1) if inside else bare).strip().lower()
        if email:
            found.append((number, email))
    return found


NO_CHANCE = "none"
