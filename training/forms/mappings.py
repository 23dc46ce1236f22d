"""What may be typed about claims."""

from collections.abc import Sequence
from typing import Any

from django import forms

from align.people.forms import choose
from align.people.models import Audience
from strategy.models import BehaviorRevision, Depth
from training.models import Kind, ModuleVersion


class Claim(forms.Form):
    """The claim that a version teaches a behavior: how deep, to whom, by which part."""

    depth = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect, label="How deep")
    audiences = forms.ModelMultipleChoiceField(
        Audience.objects.none(),
        label="For whom",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: everyone it is asked of.",
    )
    rationale = forms.CharField(
        label="The part that does it",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as “The second half: the three-move drill in pairs”.",
    )

    def __init__(
        self,
        *args: Any,
        version: ModuleVersion,
        words: BehaviorRevision,
        audience: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(version.kind)
        depth = self.fields["depth"]
        assert isinstance(depth, forms.TypedChoiceField)
        depth.choices = [
            (deep.value, f"{deep.value} {deep.label}")
            for deep in Depth
            if Depth.NONE < deep <= kind.deepest
        ]
        depth.initial = min(words.required_depth, kind.deepest)
        depth.help_text = (
            f"{kind.label} modules can claim {kind.deepest.label} at most. "
            f"This behavior needs {Depth(words.required_depth).label}."
        )
        self.asked = list(words.audiences.all())
        choose(self, "audiences", words.audiences.all())
        if audience in {row.pk for row in self.asked}:
            self.fields["audiences"].initial = [audience]
        if len(self.asked) < 2:  # nothing to choose
            self.fields["audiences"].widget = forms.MultipleHiddenInput()

    def for_whom(self) -> Sequence[Audience] | None:
        """Return those chosen, or None for everyone it is asked of."""
        return list(self.cleaned_data["audiences"]) or None


class NoImpact(forms.Form):
    reason = forms.CharField(
        label="No impact, because",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everyone who reads the figures can read it.",
    )
