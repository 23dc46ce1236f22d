"""What may be typed about files of completions."""

from typing import Any

from django import forms

from training import importing
from training.importing import FIELDS, Columns, Table

ORDERS = [("day", "the day: 31/12/2026"), ("month", "the month: 12/31/2026")]


class NewImport(forms.Form):
    """A file, or rows pasted from a spreadsheet."""

    source = forms.CharField(
        label="Where it comes from",
        max_length=40,
        help_text="Such as LMS. Use the same word next time: what came before is known by it.",
    )
    file = forms.FileField(
        required=False,
        help_text="CSV, up to 10 MB; the first line names the columns.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    pasted = forms.CharField(
        label="Or paste rows",
        required=False,
        max_length=900_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="With the line that names the columns.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        file, pasted = given.get("file"), given.get("pasted", "")
        if self.errors:
            return given
        if bool(file) == bool(pasted.strip()):
            said = "Choose one of the two." if file else "Choose a file, or paste its rows."
            self.add_error("file", said)
            return given
        try:
            given["text"] = importing.decode(file.read()) if file else pasted
        except importing.Unreadable as refused:
            self.add_error("file", str(refused))
        return given

    def name(self) -> str:
        file = self.cleaned_data.get("file")
        return str(file.name)[:120] if file else "Pasted rows"


class Match(forms.Form):
    """Which column of the file is what."""

    def __init__(self, data: Any = None, *, table: Table, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        columns = [(str(at), _named(table, at)) for at in range(len(table.header))]
        for name, label in FIELDS.items():
            needed = name in importing.NEEDED
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                required=needed,
                choices=[("", "Choose" if needed else "Not in the file"), *columns],
                coerce=int,
                empty_value=None,
                help_text=HINTS.get(name, ""),
            )
        self.fields["order"] = forms.ChoiceField(
            label="Days with slashes begin with", choices=ORDERS, widget=forms.RadioSelect
        )

    def columns(self) -> Columns:
        given = self.cleaned_data
        return Columns(**{name: given[name] for name in FIELDS}, day_first=given["order"] == "day")


HINTS = {
    "external_id": "Without one, a person takes a module once a day.",
    "status": "Only rows that are completed or passed are taken.",
}


def _named(table: Table, at: int) -> str:
    """“3 Email: rosa@example.com”: two columns of one name can be told apart."""
    sample = next((cell for cell in table.sample(at) if cell), "")
    name = table.header[at][:60] or "without a name"
    return f"{at + 1} {name}: {sample[:40]}" if sample else f"{at + 1} {name}"
