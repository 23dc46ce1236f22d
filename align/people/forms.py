"""What may be typed about people."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from align.people.models import Role, SalesRole, Team, User, known_zones


def zones() -> list[tuple[str, str]]:
    """The zones people live in, as area and city; the many old names are left out."""
    cities = sorted(
        name
        for name in known_zones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
    )
    return [(name, name.replace("_", " ")) for name in ["UTC", *cities]]


def show_errors(form: forms.BaseForm, errors: Mapping[str, str]) -> None:
    """Put what an action refused at its fields; what has no field stands above the form."""
    for field, message in errors.items():
        form.add_error(field if field in form.fields else None, message)


def choose(form: forms.BaseForm, name: str, rows: Any) -> None:
    """Offer these rows, and accept no others."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class Profile(forms.ModelForm):  # type: ignore[type-arg]  # no generics at run time
    zone = forms.ChoiceField(
        label="Time zone", choices=zones, help_text="Times are shown in this zone."
    )

    class Meta:
        model = User
        fields = ["name", "zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        if self.instance.zone not in dict(zones()):  # set by an import or an admin: keep it
            field.choices = [(self.instance.zone, self.instance.zone), *zones()]


class Roles(forms.Form):
    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one role."},
    )

    def clean_roles(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]


class Invitation(Roles):
    email = forms.EmailField(label="E-mail address", max_length=254)
    name = forms.CharField(max_length=120)
    team = forms.ModelChoiceField(
        Team.objects.all(),
        required=False,
        empty_label="None",
        help_text="Reps and managers need one.",
    )
    sales_role = forms.ModelChoiceField(
        SalesRole.objects.all(),
        required=False,
        empty_label="None",
        help_text="What the person sells as.",
    )
    begins = forms.DateField(
        label="In this team since",
        initial=lambda: timezone.localdate(),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="People count in figures after 30 days in sales.",
    )

    field_order = ["email", "name", "roles", "team", "sales_role", "begins"]


class Move(forms.Form):
    team = forms.ModelChoiceField(Team.objects.all(), empty_label="Choose")
    sales_role = forms.ModelChoiceField(SalesRole.objects.all(), required=False, empty_label="None")
    on = forms.DateField(
        label="From",
        initial=lambda: timezone.localdate(),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
