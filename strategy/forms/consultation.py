"""What may be typed in a consultation."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from align.people.models import SalesRole, User
from strategy import consultation, evidence, models
from strategy.models import Revision

WORDS_AT_MOST = 2000
A_YEAR = timedelta(days=366)
REPORTS_AT_MOST = 50
REF = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def show_errors(form: forms.BaseForm, errors: Mapping[str, str]) -> None:
    """Put what was refused at its field; what nobody can see stands above the form."""
    for name, sentence in errors.items():
        field = form.fields.get(name)
        at = name if field is not None and not field.widget.is_hidden else None
        form.add_error(at, sentence)


def words(rows: int = 3, **given: Any) -> forms.CharField:
    return forms.CharField(
        max_length=WORDS_AT_MOST, widget=forms.Textarea(attrs={"rows": rows}), **given
    )


def day(**given: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, validators=[within_years], **given)


def within_years(value: date) -> None:
    """Refuse days nobody can mean, and that no calendar can count on from."""
    if abs(value - timezone.localdate()) > 10 * A_YEAR:
        raise forms.ValidationError("Choose a day within ten years.")


class Said(forms.Form):
    """A form of the page. There are several, so that each names its fields for itself.

    ``about`` is the number of what it is about, where there are several of its kind.
    """

    key = ""

    def __init__(self, *args: Any, about: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.key}{about or ''}_%s")
        super().__init__(*args, **kwargs)
        self.about = about

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, to be shown where it could not be kept."""
        return [
            (str(field.label), str(field.value()))
            for field in self.visible_fields()
            if field.value() and not isinstance(field.field, forms.FileField)
        ]


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    label: str
    meaning: str
    chosen: bool


STANCES = models.Position.Stance
MEANINGS = {
    STANCES.READY: "I understand why and can say it in my words",
    STANCES.CHANGES: "Name the changes below",
    STANCES.CANNOT: "Say below what you have seen",
}


class Position(Said):
    key = "stand"

    stance = forms.ChoiceField(
        label="Can you teach this?",
        choices=STANCES.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you can teach it."},
    )
    why = words(
        label="Why is the company doing this? In your words",
        error_messages={"required": "Write in your own words why the company does this."},
    )
    note = words(
        label="What would have to change",
        required=False,
        rows=2,
    )

    def options(self) -> list[Option]:
        chosen = self["stance"].value()
        return [
            Option(
                value=stance.value,
                label=str(stance.label),
                meaning=MEANINGS[stance],
                chosen=stance.value == chosen,
            )
            for stance in STANCES
        ]


class Concern(Said):
    key = "concern"

    paragraph = forms.IntegerField(widget=forms.HiddenInput)
    symptom = words(
        label="What will happen?",
        help_text="What everybody could see, for example “Reps hide the discount in freight.”",
    )
    check_on = day(label="Look on", help_text="The day by which it shows, or does not.")
    visits = forms.IntegerField(
        label="Visits you were on", required=False, min_value=0, max_value=1_000_000
    )
    seen = forms.IntegerField(
        label="Seen in how many of them", required=False, min_value=0, max_value=1_000_000
    )
    reports = forms.CharField(
        label="Reports from the field",
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Their addresses, one a line.",
    )
    file = forms.FileField(
        required=False, max_length=200, help_text=f"{evidence.KINDS}, up to 10 MB."
    )

    def clean_reports(self) -> list[UUID]:
        lines = [line for line in self.cleaned_data["reports"].splitlines() if line.strip()]
        refs = [REF.findall(line) for line in lines]
        if not all(refs):
            line = lines[refs.index([])].strip()[:80]
            raise forms.ValidationError(f"“{line}” is not the address of a report.")
        found = [UUID(ref) for line in refs for ref in line]
        if len(found) > REPORTS_AT_MOST:
            raise forms.ValidationError(f"Name at most {REPORTS_AT_MOST} reports.")
        return found

    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        sent = given.pop("file")
        file = consultation.File(name=sent.name, body=sent.read()) if sent else None
        return given | {"file": file}


class Comment(Said):
    key = "comment"

    paragraph = forms.IntegerField(widget=forms.HiddenInput)
    thread = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62
    )
    text = words(
        label="Your comment",
        error_messages={"required": "Write your comment."},
    )


class Answer(Said):
    key = "answer"

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[("", "Choose"), *models.Concern.Answer.choices],
        error_messages={"required": "Choose an answer."},
    )
    answer_text = words(
        label="In words",
        rows=2,
        error_messages={"required": "Say it in words; the one who raised it reads them."},
    )


class Outcome(Said):
    key = "outcome"

    outcome = forms.ChoiceField(
        label="Did it come true?",
        choices=models.Concern.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it came true."},
    )
    note = words(label="What you saw", required=False, rows=2)


class Suggestion(Said):
    key = "suggest"

    sales_role = forms.ModelChoiceField(SalesRole.objects.all(), label="Who does it")
    statement = forms.CharField(
        label="What a manager could see",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    occasion = forms.CharField(label="When it shows", max_length=200, required=False)
    standard = forms.CharField(label="Done well means", max_length=400, required=False)
    critical = forms.BooleanField(
        label="The objective fails without it",
        required=False,
    )


class Decline(Said):
    key = "decline"

    answer = words(
        label="Why not",
        rows=2,
        error_messages={"required": "Say why not; the one who named it reads it."},
    )


class Settled(Said):
    """One of two buttons."""

    settled = forms.ChoiceField(
        choices=[("yes", "Settled"), ("no", "Not settled")],
        widget=forms.HiddenInput,
        error_messages={
            "required": "Say whether it is settled.",
            "invalid_choice": "Say whether it is settled.",
        },
    )


class Taken(Said):
    """A button alone."""


class Closed(Said):
    """A button alone."""


class Extend(Said):
    key = "extend"

    closes_on = day(label="Another last day")


# Whom to ask


def as_choices(people: Iterable[User]) -> list[tuple[int, str]]:
    return [(person.pk, f"{person.name}, {person.role_words.lower()}") for person in people]


class OneOfTwo(forms.TypedMultipleChoiceField):
    """A choice that may be left empty where another field says it; the page does not call it so."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class People(forms.Form):
    """Who else is asked."""

    people = forms.TypedMultipleChoiceField(
        label="Ask them, too",
        coerce=int,
        help_text="Trainers, managers and leads who were not asked in this round.",
        error_messages={"required": "Name at least one person to ask."},
    )

    def __init__(self, *args: Any, offered: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {person.pk: person for person in offered}
        offer(self, "people", as_choices(offered))

    def chosen(self) -> list[User]:
        return [self.offered[key] for key in self.cleaned_data["people"]]


class Open(forms.Form):
    """Whom to ask about a draft, and until when."""

    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10_000_000)
    others_edits = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    people = OneOfTwo(
        label="Whom to ask",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Every trainer of the audience, and a manager of each team it asks.",
    )
    more = forms.TypedMultipleChoiceField(
        label="Ask others, too",
        coerce=int,
        required=False,
        help_text="Other trainers, managers and leads.",
    )
    closes_on = day(label="Last day", help_text="They are reminded two days before.")
    also = forms.TypedMultipleChoiceField(
        label="Ask about these drafts, too",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The same people, until the same day.",
    )

    def __init__(
        self,
        *args: Any,
        usual: Sequence[User],
        others: Sequence[User],
        drafts: Sequence[Revision],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {person.pk: person for person in (*usual, *others)}
        self.drafts = {draft.pk: draft for draft in drafts}
        self.fields["others_edits"].initial = " ".join(f"{d.pk}:{d.edits}" for d in drafts)
        offer(self, "people", as_choices(usual))
        offer(self, "more", as_choices(others))
        offer(self, "also", [(d.pk, f"{d.objective.code} {d.title}") for d in drafts])

    def chosen(self) -> list[User]:
        given = self.cleaned_data
        return [self.offered[key] for key in dict.fromkeys([*given["people"], *given["more"]])]

    def shared(self, draft: Revision) -> list[consultation.Shared]:
        """The drafts to share, each with the count of saves the page was made of."""
        given = self.cleaned_data
        pairs = re.findall(r"(\d{1,9}):(\d{1,9})", given["others_edits"])
        seen = {int(key): int(edits) for key, edits in pairs}
        first = consultation.Shared(revision=draft, edits=given["edits"])
        return [first] + [
            consultation.Shared(revision=self.drafts[key], edits=seen.get(key, -1))
            for key in given["also"]
        ]


def offer(form: forms.BaseForm, name: str, choices: Sequence[tuple[int, str]]) -> None:
    """Offer these, and leave out a field that has nothing to offer."""
    field = form.fields[name]
    assert isinstance(field, forms.TypedMultipleChoiceField)
    field.choices = choices
    if not choices:
        field.widget = forms.MultipleHiddenInput()
