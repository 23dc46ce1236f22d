"""What may be typed about a strategy and its objectives."""

from typing import Any

from django import forms

from align.people.forms import choose, zones
from align.people.models import Role, Team, User
from strategy.models import Strategy, Theme


class StrategyText(forms.Form):
    name = forms.CharField(max_length=120)
    cycle = forms.CharField(max_length=40, required=False, help_text="For example FY27.")
    statement = forms.CharField(
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What this part of the business chooses, in a few sentences.",
    )
    time_zone = forms.ChoiceField(
        required=False, choices=zones, help_text="A day something takes force begins here."
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whom it asks for something; teams below count too.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known, field = self.initial.get("time_zone", ""), self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        if known and known not in dict(zones()):  # set by the API: keep it
            field.choices = [(known, known), *zones()]


class NewObjective(forms.Form):
    code = forms.CharField(max_length=20, help_text="Short, such as A4. People will say it.")
    title = forms.CharField(max_length=160)
    theme = forms.ModelChoiceField(Theme.objects.none(), required=False)
    new_theme = forms.CharField(
        label="or a new theme", max_length=120, required=False, help_text="For example Price."
    )
    owner = forms.ModelChoiceField(User.objects.none(), help_text="Who answers for it.")
    we_will = forms.CharField(
        label="We will",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The rest, and what people can see a rep do, is written in the draft.",
    )

    def __init__(self, *args: Any, strategy: Strategy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "theme", strategy.themes.all())
        choose(self, "owner", User.objects.with_role(Role.LEAD))
        self.fields["owner"].initial = strategy.lead_id

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("theme") and not given.get("new_theme", "").strip():
            self.add_error("theme", "Choose a theme, or name a new one.")
        return given


class Owner(forms.Form):
    owner = forms.ModelChoiceField(
        User.objects.none(), help_text="Who answers for it and hears of its flags."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", User.objects.with_role(Role.LEAD))
