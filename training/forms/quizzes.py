"""The quiz of a draft, as rows of questions; and the form in which one is taken."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from training import quiz
from training.models import ModuleVersion

PLACES = range(1, quiz.OPTIONS[1] + 1)
EMPTY_ROWS = 2


class QuestionRow(forms.Form):
    """One question of a draft. An empty row is no question."""

    template_name = "training/_question.html"

    question = forms.CharField(
        max_length=quiz.LONGEST_QUESTION, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in PLACES:
            self.fields[f"option_{place}"] = forms.CharField(
                label=f"Option {place}", max_length=quiz.LONGEST_OPTION, required=False
            )
            self.fields[f"right_{place}"] = forms.BooleanField(
                label=f"{place} is right", required=False
            )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"option_{place}"], self[f"right_{place}"]) for place in PLACES]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for place in PLACES:
            if given.get(f"right_{place}") and not given.get(f"option_{place}", "").strip():
                self.add_error(f"right_{place}", "What is right must be written.")
        return given

    def is_filled(self) -> bool:
        given = self.cleaned_data
        return any(value for name, value in given.items() if name != "DELETE")

    def written(self) -> quiz.Question:
        given = self.cleaned_data
        places = [place for place in PLACES if given.get(f"option_{place}", "").strip()]
        return quiz.Question(
            question=given.get("question", "").strip(),
            options=tuple(given[f"option_{place}"].strip() for place in places),
            right=tuple(at for at, place in enumerate(places) if given.get(f"right_{place}")),
        )


AT_FIELD = {"question": "question", "options": "option_1", "right": "right_1"}


class BaseQuestions(forms.BaseFormSet):  # type: ignore[type-arg]  # no generics at run time
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Take this question out"

    def clean(self) -> None:
        if any(form.errors for form in self.forms):
            return
        kept = self.kept()
        for name, sentence in quiz.problems(self.written()).items():
            _, *place = name.split(".")
            if not place:
                raise forms.ValidationError(sentence)
            kept[int(place[0])].add_error(AT_FIELD[place[1]], sentence)

    def kept(self) -> list[QuestionRow]:
        """The rows that hold a question: filled in, and not taken out."""
        return [
            form for form in self.forms if form.is_filled() and not form.cleaned_data.get("DELETE")
        ]

    def written(self) -> quiz.Quiz:
        return tuple(form.written() for form in self.kept())


def questions(version: ModuleVersion | None, data: Any = None) -> BaseQuestions:
    """Build the rows: those of a draft and two empty ones, or those that were sent."""
    kept = quiz.parse(version.quiz) if version else ()
    return rows([as_typed(question) for question in kept], extra=EMPTY_ROWS, data=data)


def questions_as_typed(data: QueryDict, *, more: int = 0) -> BaseQuestions:
    """Build the rows that were sent, without those taken out, and ``more`` empty ones."""
    sent = rows([], extra=0, data=data)
    typed = [as_sent(form, data) for form in sent.forms]
    kept = [row for row in typed if not row.pop("DELETE")]
    filled = [row for row in kept if any(row.values())]
    return rows(filled, extra=max(EMPTY_ROWS, len(kept) - len(filled)) + more)


def rows(initial: Sequence[dict[str, Any]], *, extra: int, data: Any = None) -> BaseQuestions:
    most = quiz.QUESTIONS + EMPTY_ROWS
    kind = forms.formset_factory(
        QuestionRow,
        formset=BaseQuestions,
        extra=max(0, min(extra, most - len(initial))),
        can_delete=True,
        max_num=most,
        absolute_max=most + 10,
    )
    made = kind(data, prefix="questions", initial=initial)
    assert isinstance(made, BaseQuestions)
    return made


def as_typed(question: quiz.Question) -> dict[str, Any]:
    shown: dict[str, Any] = {"question": question.question}
    for at, option in enumerate(question.options):
        shown[f"option_{at + 1}"] = option
        shown[f"right_{at + 1}"] = at in question.right
    return shown


def as_sent(form: forms.BaseForm, data: QueryDict) -> dict[str, Any]:
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


class Answers(forms.Form):
    """A quiz to be taken. The right answers are not in it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: quiz.Quiz, complete: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for at, question in enumerate(asked):
            self.fields[f"answer_{at}"] = _choice(at, question, required=complete)

    def ticks(self) -> dict[int, tuple[int, ...]]:
        return dict(self._ticked())

    def _ticked(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        for at, question in enumerate(self.asked):
            value = self.cleaned_data.get(f"answer_{at}")
            if value not in (None, "", []):
                yield at, tuple(value) if question.several else (value,)


def _choice(at: int, question: quiz.Question, *, required: bool) -> forms.Field:
    said: dict[str, Any] = {
        "label": f"{at + 1}. {question.question}",
        "choices": list(enumerate(question.options)),
        "coerce": int,
        "required": required,
        "error_messages": {"required": "Choose an answer."},
    }
    if question.several:
        return forms.TypedMultipleChoiceField(
            widget=forms.CheckboxSelectMultiple, help_text="More than one is right.", **said
        )
    return forms.TypedChoiceField(widget=forms.RadioSelect, empty_value=None, **said)


def answers(
    version: ModuleVersion, *, ticked: quiz.Ticks, data: Any = None, complete: bool = True
) -> Answers:
    """Build the form of a quiz, with what was ticked before."""
    asked = quiz.parse(version.quiz)
    initial: dict[str, Any] = {"version": version.pk, "client_key": uuid.uuid4()}
    for at, places in ticked.items():
        if at < len(asked) and places:
            initial[f"answer_{at}"] = list(places) if asked[at].several else next(iter(places))
    return Answers(data, asked=asked, complete=complete, initial=initial)
