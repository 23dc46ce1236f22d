"""What may be typed about how it goes in the field, and in answer to it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse

from align.people.models import User
from feedback import actions, picks
from feedback.models import Decision, Report, Stance
from strategy.models import Barrier, Objective
from training.models import Module, ModuleVersion

CHOOSE_ABOUT = "Choose what it is about."


class Tell(forms.Form):
    """One report from the field. The labels are the questions of the page's fieldsets."""

    client_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    about = forms.CharField(
        label="", widget=forms.RadioSelect, error_messages={"required": CHOOSE_ABOUT}
    )
    stance = forms.ChoiceField(
        label="",
        choices=Stance.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how it goes with customers.",
            "invalid_choice": "Choose how it goes with customers.",
        },
    )
    barriers = forms.MultipleChoiceField(
        label="", choices=Barrier.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label="Last customer, in a sentence",
        required=False,
        max_length=actions.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Customer names are fine here. They stay inside the company. "
        "If it works, this may stay empty.",
    )
    occasion = forms.CharField(
        label="When it came up",
        required=False,
        max_length=actions.LONGEST_OCCASION,
        help_text="For example: first visit, the offer, renewal.",
    )
    for_manager = forms.BooleanField(label="My manager may read this", required=False)

    def __init__(self, *args: Any, author: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.author = author

    def clean_client_key(self) -> uuid.UUID:
        """A key nobody could have made here only loses the protection against sending twice."""
        try:
            return uuid.UUID(self.cleaned_data["client_key"])
        except ValueError:
            return uuid.uuid4()

    def clean_about(self) -> Objective | None:
        asked = self.cleaned_data["about"]
        if asked == picks.NOTHING:
            return None
        found = None
        if asked.isdecimal() and len(asked) < 19:
            visible = Objective.objects.visible_to(self.author).in_force()
            found = visible.order_by().filter(pk=int(asked)).first()
        if found is None:
            raise forms.ValidationError(CHOOSE_ABOUT)
        return found

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")

    def said(self) -> dict[str, Any]:
        """What actions.submit asks for."""
        given = dict(self.cleaned_data)
        return {"objective": given.pop("about"), "behavior": None, "module": None, **given}

    def sent_again(self, data: QueryDict) -> Self:
        """The same form with a key of its own, to be sent as another report."""
        fresh = data.copy()
        fresh["client_key"] = str(uuid.uuid4())
        return type(self)(fresh, author=self.author)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address of the inbox asks for; anything unknown in it asks for nothing."""

    objective: str = ""
    stance: str = ""
    barrier: str = ""
    state: str = "waiting"
    q: str = ""
    page: int = 1

    def link(self, **changes: Any) -> str:
        other = replace(self, **changes)
        named = {name: getattr(other, name) for name in self.__dataclass_fields__}
        given = {name: value for name, value in named.items() if value not in ("", 1, "waiting")}
        return f"{reverse('feedback:inbox')}{'?' if given else ''}{urlencode(given)}"


STATES = [
    ("waiting", "Not answered"),
    (Report.State.RECEIVED.value, "Not read"),
    (Report.State.ACKNOWLEDGED.value, "Read, not answered"),
    (Report.State.DECIDED.value, "Answered"),
    ("all", "All"),
]


def asked(data: QueryDict) -> Asked:
    objective = data.get("objective", "")
    page = data.get("page", "")
    known = objective == "none" or (objective.isdecimal() and len(objective) < 19)
    return Asked(
        objective=objective if known else "",
        stance=_known(data.get("stance", ""), Stance.values),
        barrier=_known(data.get("barrier", ""), Barrier.values),
        state=_known(data.get("state", ""), [value for value, _ in STATES]) or "waiting",
        q=data.get("q", "").replace("\x00", "").strip()[:100],
        page=int(page) if page.isdecimal() and 0 < len(page) < 6 and int(page) else 1,
    )


def _known(value: str, values: Sequence[str]) -> str:
    return value if value in values else ""


KINDS = {
    Decision.Kind.STRATEGY: "Opens the draft of the objective; it will name this answer.",
    Decision.Kind.TRAINING: "Name the module, or say what will be taught.",
    Decision.Kind.SUPPORT: "Targets, tools, process, coaching, time: say what will be done.",
    Decision.Kind.KEEP: "Nothing changes. Say why.",
    Decision.Kind.DUPLICATE: "Point to the answer that was given before.",
}


class VersionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.module.code} {obj.title}"


class DecisionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.decided_at:%-d %b %Y}: {obj}"


class Answer(forms.Form):
    """The answer to reports. What does not fit them is refused by the action, with the reason."""

    kind = forms.ChoiceField(
        label="What will happen",
        choices=Decision.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what will happen.",
            "invalid_choice": "Choose what will happen.",
        },
    )
    reason = forms.CharField(
        label="The answer",
        max_length=actions.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the answer; everybody who reported reads it."},
        help_text="Everybody who reported this reads it, and so does everyone who can see the "
        "objective. Name nobody.",
    )
    action = forms.CharField(
        label="What will be done",
        max_length=actions.LONGEST_ACTION,
        required=False,
        help_text="For training or support, and by when.",
    )
    version = VersionChoice(
        ModuleVersion.objects.none(),
        label="The module that teaches it",
        required=False,
        empty_label="No module yet",
    )
    same_as = DecisionChoice(
        Decision.objects.none(),
        label="The answer this repeats",
        required=False,
        empty_label="Choose only for “Already answered”",
    )

    def __init__(self, *args: Any, by: User, reports: Sequence[Report], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.objective = reports[0].objective if reports else None
        _field(self, "version").queryset = (
            ModuleVersion.objects.visible_to(by)
            .filter(module__state=Module.State.PUBLISHED, module__current=F("pk"))
            .select_related("module")
            .order_by("module__code")
        )
        _field(self, "same_as").queryset = Decision.objects.visible_to(by).filter(
            objective=self.objective
        )
        if not by.is_lead:
            del self.fields["same_as"]

    def kinds(self) -> list[picks.Option]:
        """Offer what this person may answer; the chosen one stays, to be seen beside its error."""
        chosen = self["kind"].value() or ""
        return [
            picks.Option(value=kind, label=kind.label, note=note, chosen=kind == chosen)
            for kind, note in KINDS.items()
            if kind == chosen or self._may(kind)
        ]

    def _may(self, kind: Decision.Kind) -> bool:
        if not self.by.is_lead:
            return kind == Decision.Kind.TRAINING
        return kind != Decision.Kind.STRATEGY or self._writes

    @property
    def _writes(self) -> bool:
        if self.objective is None or self.objective.state != Objective.State.IN_FORCE:
            return False
        return Objective.objects.editable_by(self.by).filter(pk=self.objective.pk).exists()


def _field(form: forms.Form, name: str) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    return field
