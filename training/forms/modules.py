"""What may be typed about modules."""

from decimal import Decimal
from typing import Any

from django import forms

from training.models import Kind, Module, ModuleVersion, Program

WORDS = ("title", "kind", "hours", "content", "link")


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
