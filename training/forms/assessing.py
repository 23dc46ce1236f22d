"""How people did a behavior, by its anchors."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone

from align.people.models import User
from strategy.models import BehaviorRevision
from training import seeing
from training.actions import Judged
from training.forms.visits import When
from training.models import Assessment

NOT_TODAY = ""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One person of the page and the two questions about them."""

    person: User
    level: BoundField
    note: BoundField


class Assessing(forms.Form):
    """One behavior, several people; who gets no level is not recorded."""

    assessed_at = When(label="When", help_text="When they did it, not when you type it.")
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, people: Sequence[User], now: datetime) -> None:
        initial = {"client_key": uuid.uuid4(), "assessed_at": timezone.localtime(now)}
        super().__init__(data, initial=initial)
        self.now = now
        self.people = people
        self.judged: list[Judged] = []
        for person in people:
            self.fields[f"level_{person.pk}"] = forms.ChoiceField(
                label=person.name,
                choices=[(NOT_TODAY, "Skip"), *((str(level), str(level)) for level in range(1, 5))],
                required=False,
                widget=forms.RadioSelect,
                initial=NOT_TODAY,
            )
            self.fields[f"note_{person.pk}"] = forms.CharField(
                label=f"One line about {person.name}", max_length=400, required=False
            )

    @property
    def rows(self) -> list[PersonRow]:
        return [
            PersonRow(
                person=person, level=self[f"level_{person.pk}"], note=self[f"note_{person.pk}"]
            )
            for person in self.people
        ]

    def clean_assessed_at(self) -> datetime:
        return When.check(self.cleaned_data["assessed_at"], now=self.now, what="assessment")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for person in self.people:
            level = given.get(f"level_{person.pk}", "")
            note = given.get(f"note_{person.pk}", "")
            if level:
                self.judged.append(Judged(user=person, level=int(level), note=note))
            elif note:
                self.add_error(f"level_{person.pk}", "Choose a level, or take the line back.")
        if not self.judged and not self.errors:
            raise forms.ValidationError("Choose a level for one person at least.")
        return given


class AssessmentCorrection(forms.Form):
    """The level that should have stood there."""

    level = forms.ChoiceField(label="How was it done?", widget=forms.RadioSelect)
    note = forms.CharField(label="One line", max_length=400, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, assessment: Assessment) -> None:
        initial = {
            "level": str(assessment.level),
            "note": assessment.note,
            "client_key": uuid.uuid4(),
        }
        super().__init__(data, initial=initial)
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        words: BehaviorRevision = assessment.behavior_revision
        field.choices = [(str(level), f"{level} {text}") for level, text in seeing.anchors(words)]
