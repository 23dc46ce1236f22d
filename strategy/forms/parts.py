"""What several forms do alike."""

from collections.abc import Mapping
from typing import Any

from django import forms


def show_errors(form: forms.BaseForm, errors: Mapping[str, str]) -> None:
    """Put what an action refused at its fields; what has no field stands above the form."""
    for field, message in errors.items():
        form.add_error(field if field in form.fields else None, message)


def choose(form: forms.BaseForm, name: str, rows: Any) -> None:
    """Offer these rows, and accept no others."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
