"""What may be typed about training."""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from align.people.forms import choose
from align.people.models import Audience, User
from strategy.models import BehaviorRevision, Depth
from training.models import Kind, Module, ModuleVersion, Program

WORDS = ("title", "kind", "hours", "content", "link")
LINES_AT_MOST = 500


class Words(forms.Form):
    """The words of a module version."""

    title = forms.CharField(max_length=160)
    kind = forms.ChoiceField(
        choices=[
            ("", "Choose"),
            *((kind, f"{kind.label}, to {kind.deepest.label}") for kind in Kind),
        ],
        help_text="It decides how deep the module can claim to teach.",
    )
    hours = forms.DecimalField(
        min_value=Decimal("0.05"),
        max_value=400,
        max_digits=5,
        decimal_places=2,
        help_text="How long it takes one person, for example 0.75.",
    )
    content = forms.CharField(
        label="Content",
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="In Markdown. Leave it empty if the module lives elsewhere.",
    )
    link = forms.URLField(
        label="External link",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where it is, if not here.",
    )

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WORDS}


class NewModule(Words):
    code = forms.CharField(max_length=20, help_text="Short, such as NEG-3.")
    program = forms.ModelChoiceField(Program.objects.all(), required=False, empty_label="Choose")
    new_program = forms.CharField(
        label="or a new program", max_length=120, required=False, help_text="Such as Negotiation."
    )

    field_order = ["code", "title", "program", "new_program", "kind", "hours", "content", "link"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("program") and not given.get("new_program", "").strip():
            self.add_error("program", "Choose a program, or name a new one.")
        return given


class EditVersion(Words):
    """The words of a draft, and the count of edits its writer began with."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)


def edit_version(version: ModuleVersion, data: Any = None) -> EditVersion:
    initial = {name: getattr(version, name) for name in (*WORDS, "edits")}
    return EditVersion(data, initial=initial)


class Find(forms.Form):
    """What the list of modules is narrowed to; nonsense narrows nothing."""

    q = forms.CharField(required=False, max_length=100)
    program = forms.ModelChoiceField(Program.objects.all(), required=False)
    kind = forms.ChoiceField(choices=[("", "All"), *Kind.choices], required=False)
    state = forms.ChoiceField(choices=[("", "All"), *Module.State.choices], required=False)
    mine = forms.BooleanField(required=False)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class Claim(forms.Form):
    """The claim that a version teaches a behavior: how deep, to whom, by which part."""

    depth = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, label="How deep")
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.none(),
        label="For whom",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: everyone it is asked of.",
    )
    rationale = forms.CharField(
        label="The part that does it",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as “The second half: the three-move drill in pairs”.",
    )

    def __init__(
        self, *args: Any, version: ModuleVersion, words: BehaviorRevision, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(version.kind)
        depth = self.fields["depth"]
        assert isinstance(depth, forms.TypedChoiceField)
        depth.choices = [
            (deep.value, f"{deep.value} {deep.label}")
            for deep in Depth
            if Depth.NONE < deep <= kind.deepest
        ]
        depth.initial = min(words.required_depth, kind.deepest)
        depth.help_text = (
            f"{kind.label} modules can claim {kind.deepest.label} at most. "
            f"This behavior needs {Depth(words.required_depth).label}."
        )
        self.asked = list(words.audiences.all())
        choose(self, "audiences", words.audiences.all())
        if len(self.asked) < 2:  # nothing to choose
            self.fields["audiences"].widget = forms.MultipleHiddenInput()

    def for_whom(self) -> Sequence[Audience] | None:
        """Return those chosen, or None for everyone it is asked of."""
        return list(self.cleaned_data["audiences"]) or None


class NoImpact(forms.Form):
    reason = forms.CharField(
        label="No impact, because",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everyone who reads the figures can read it.",
    )


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
        """Find everybody named; say of each line that names nobody which one it is."""
        lines = _lines(self.cleaned_data["emails"])
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
