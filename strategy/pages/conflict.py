"""What two people wrote into one draft, where it differs: their saved words and mine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.http import QueryDict

from strategy import compare, forms
from strategy.models import Revision


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field: what is only theirs is struck, what is only mine inserted."""

    head: str
    link: str
    pieces: Sequence[compare.Piece]


def differences(
    theirs: Revision | None, form: forms.Draft, rows: forms.BaseBehaviors
) -> list[Difference]:
    """Compare what is saved now with a form that was sent; nothing of theirs is left out."""
    return [*_words(theirs, form), *_behaviors(theirs, rows)]


def _words(theirs: Revision | None, form: forms.Draft) -> Iterable[Difference]:
    form.is_valid()
    for name in [*forms.WORDS, "reason"]:
        bound = form[name]
        old = _plain(getattr(theirs, name)) if theirs else ""
        new = _plain(form.cleaned_data.get(name, bound.value()))
        if old != new:
            yield _difference(str(bound.label), bound.auto_id, old, new)


def _behaviors(theirs: Revision | None, rows: forms.BaseBehaviors) -> Iterable[Difference]:
    saved = (
        {row["code"]: row for row in map(forms.as_typed, forms.rows_of(theirs))} if theirs else {}
    )
    sent = rows.data
    assert isinstance(sent, QueryDict)  # as it came in the request
    for row in rows.kept():
        mine = forms.as_sent(row, sent)
        before = saved.pop(mine["code"], None)
        yield from _fields(row, before or {}, mine, code=mine["code"] or "A new behavior")
    for code, gone in saved.items():
        head = f"{code}, which yours does not have"
        yield _difference(head, "behaviors", _plain(gone["statement"]), "")


def _fields(
    row: forms.Behavior, before: Mapping[str, Any], mine: Mapping[str, Any], *, code: str
) -> Iterable[Difference]:
    """Compare one behavior field by field; of a new one the statement says enough."""
    names = [*forms.FIRST, *forms.MORE] if before else ["statement"]
    for name in names:
        field = row.fields[name]
        old, new = _said(field, before.get(name)), _said(field, mine[name])
        if old != new:
            yield _difference(f"{code}: {row[name].label}", row[name].auto_id, old, new)


def _said(field: django_forms.Field, value: Any) -> str:
    """Say a value as the form shows it."""
    if isinstance(field, django_forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, django_forms.ChoiceField):
        offered: Any = field.choices  # whatever widget shows them, also a hidden one
        labels = {str(key): str(label) for key, label in offered}
        values = value if isinstance(value, list) else [value or ""]
        return ", ".join(sorted(labels.get(str(one), "") for one in values))
    return _plain(value)


def _plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _difference(head: str, name: str, old: str, new: str) -> Difference:
    return Difference(head=head, link=f"#{name}", pieces=compare.words(old, new))
