"""What may be typed about modules."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import URLValidator

from align.people.forms import choose
from training.models import Kind, Module, ModuleVersion, Program

WORDS = ("title", "kind", "hours", "content", "link", "video", "pass_mark")
PASS_MARK = 80


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
        help_text="In Markdown. On a phone each “## Heading” begins a page of its own. "
        "Leave it empty if the module lives elsewhere.",
    )
    link = forms.URLField(
        label="External link",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Where it is, if not here.",
    )
    video = forms.URLField(
        label="Link to a video",
        required=False,
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="It is linked, not played here: another server would learn who watches.",
    )
    pass_mark = forms.IntegerField(
        label="Pass mark of the quiz, in per cent",
        required=False,
        min_value=1,
        max_value=100,
        initial=PASS_MARK,
        help_text="Left empty: 80. Without questions below there is no quiz.",
    )

    def clean_pass_mark(self) -> int:
        return self.cleaned_data["pass_mark"] or PASS_MARK

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WORDS}


class NewModule(Words):
    code = forms.CharField(max_length=20, help_text="Short, such as NEG-3.")
    program = forms.ModelChoiceField(Program.objects.all(), required=False, empty_label="Choose")
    new_program = forms.CharField(
        label="or a new program", max_length=120, required=False, help_text="Such as Negotiation."
    )

    field_order = ["code", "title", "program", "new_program", *WORDS[1:]]

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


class Picture(forms.Form):
    """A picture for the content of a module; what it is its bytes say."""

    picture = forms.FileField(
        label="Add a picture",
        required=False,
        help_text="PNG, JPEG, WebP or GIF, at most 2 MB. Say in its name what it shows.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )


class Retirement(forms.Form):
    """Why a module ends, and what takes its place."""

    successor = forms.ModelChoiceField(
        Module.objects.none(),
        label="What takes its place",
        required=False,
        empty_label="Nothing",
        help_text="Who comes to learn this one is led there.",
    )
    reason = forms.CharField(
        label="Why it ends",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, successors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "successor", successors)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.label_from_instance = _named  # type: ignore[assignment]


def _named(module: Any) -> str:
    return f"{module.current.title} ({module.code})"


class CheckedClaims(forms.Form):
    """Which of the suspect claims the new version holds up; each by its own words."""

    def __init__(self, *args: Any, claims: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.claims = [row.claim.pk for row in claims]
        for row in claims:
            pk = row.claim.pk
            self.fields[f"checked_{pk}"] = forms.BooleanField(
                label=f"This version teaches it as it is now: {row.statement}", required=False
            )
            self.fields[f"part_{pk}"] = forms.CharField(
                label=f"The part that does it, for {row.code}",
                required=False,
                max_length=400,
                initial=row.claim.rationale,
                help_text="Needed where you tick the box above.",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for pk in self.claims:
            if given.get(f"checked_{pk}") and not given.get(f"part_{pk}", "").strip():
                self.add_error(f"part_{pk}", "Say which part of the new version does it.")
        return given

    def checked(self) -> dict[int, str]:
        given = self.cleaned_data
        return {pk: given[f"part_{pk}"] for pk in self.claims if given[f"checked_{pk}"]}


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
