"""The behaviors of a draft, as rows that may be added and taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from align.people.models import Audience, SalesRole, Team
from strategy import observable
from strategy.actions import BehaviorWords
from strategy.models import BehaviorRevision, Depth, Objective, Revision

ROWS_AT_MOST = 40


@dataclass(frozen=True, kw_only=True)
class Offers:
    """What a row may choose from, read once for all rows."""

    roles: Mapping[str, SalesRole]
    teams: Mapping[str, Team]
    audiences: Mapping[str, Audience]
    codes: frozenset[str]  # that name a behavior already

    @classmethod
    def of(cls, objective: Objective) -> "Offers":
        return cls(
            roles={str(role.pk): role for role in SalesRole.objects.all()},
            teams={str(team.pk): team for team in Team.objects.all()},
            audiences={str(row.pk): row for row in audiences_of(objective)},
            codes=frozenset(objective.behaviors.values_list("code", flat=True)),
        )


def offer(
    form: forms.BaseForm,
    name: str,
    rows: Mapping[str, Any],
    *,
    empty: Sequence[tuple[str, str]] = (),
) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.TypedChoiceField | forms.TypedMultipleChoiceField)
    field.choices = [*empty, *((key, str(row)) for key, row in rows.items())]

    def coerce(key: Any) -> Any:
        if key not in rows:
            raise ValueError(key)
        return rows[key]

    field.coerce = coerce


FIRST = ["code", "sales_role", "statement", "occasion", "standard", "critical", "required_depth"]
MORE = ["level_1", "level_2", "level_3", "level_4", "audiences", "teams", "needs", "stops"]


class Behavior(forms.Form):
    """One behavior of a draft. An empty row is no row."""

    template_name = "strategy/_behavior.html"

    code = forms.CharField(max_length=20, required=False, help_text="Left empty, it is given one.")
    sales_role = forms.TypedChoiceField(help_text="Who does it.")
    statement = forms.CharField(
        label="What a manager can see",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For example “Opens the price talk with the cost of an hour of downtime.”",
    )
    occasion = forms.CharField(
        label="When it shows", max_length=200, required=False, help_text="For example first visit."
    )
    standard = forms.CharField(label="Done well means", max_length=400, required=False)
    critical = forms.BooleanField(
        required=False, help_text="The objective fails without it. Training must be Practiced."
    )
    required_depth = forms.TypedChoiceField(
        label="Training must reach",
        required=False,
        coerce=lambda value: Depth(int(value)),
        empty_value=None,
        choices=[
            ("", "Practiced if critical, else Explained"),
            *((depth.value, depth.label) for depth in Depth if depth),
        ],
    )
    level_1 = forms.CharField(label="Level 1 looks like", max_length=300, required=False)
    level_2 = forms.CharField(label="Level 2 looks like", max_length=300, required=False)
    level_3 = forms.CharField(label="Level 3 looks like", max_length=300, required=False)
    level_4 = forms.CharField(label="Level 4 looks like", max_length=300, required=False)
    audiences = forms.TypedMultipleChoiceField(
        label="Asked of",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: everybody in this sales role in the strategy's teams.",
    )
    teams = forms.TypedMultipleChoiceField(
        label="Ask only these teams",
        required=False,
        help_text="Adds the people of this sales role in these teams and below.",
    )
    needs = forms.CharField(
        label="Needs",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What a rep needs for it, one a line.",
    )
    stops = forms.CharField(
        label="Stops",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What a rep no longer does, one a line.",
    )

    def __init__(self, *args: Any, offers: "Offers", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "sales_role", offers.roles, empty=[("", "Choose")])
        offer(self, "audiences", offers.audiences)
        offer(self, "teams", offers.teams)
        if not offers.audiences:
            self.fields["audiences"].widget = forms.MultipleHiddenInput()
        if self.initial.get("code") in offers.codes:
            # The code is the behavior's identity: another one would be another behavior.
            self.fields["code"].widget.attrs["readonly"] = True
            self.fields["code"].help_text = ""

    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST]

    def more_fields(self) -> list[forms.BoundField]:
        """What is written later, and folded away until then."""
        return [self[name] for name in MORE if not self[name].is_hidden]

    def shows_more(self) -> bool:
        """Whether something in the folded part is wrong; it must not hide."""
        return any(name in self.errors for name in MORE)

    def clean_statement(self) -> str:
        statement = str(self.cleaned_data["statement"])
        if refused := observable.refusal(statement):
            raise forms.ValidationError(refused)
        return statement

    def clean_needs(self) -> tuple[str, ...]:
        return self._lines("needs")

    def clean_stops(self) -> tuple[str, ...]:
        return self._lines("stops")

    def _lines(self, name: str) -> tuple[str, ...]:
        lines = tuple(line.strip() for line in self.cleaned_data[name].splitlines() if line.strip())
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError("Keep each line under 200 characters.")
        return lines

    def words(self, code: str) -> BehaviorWords:
        given = self.cleaned_data
        audiences = list(given["audiences"])
        if given["teams"]:
            audiences.append(
                Audience.objects.of(sales_roles=[given["sales_role"]], teams=given["teams"])
            )
        return BehaviorWords(
            code=code,
            sales_role=given["sales_role"],
            statement=given["statement"],
            occasion=given["occasion"],
            standard=given["standard"],
            levels=(given["level_1"], given["level_2"], given["level_3"], given["level_4"]),
            critical=given["critical"],
            required_depth=given["required_depth"],
            audiences=tuple(dict.fromkeys(audiences)),
            needs=given["needs"],
            stops=given["stops"],
        )


class BaseBehaviors(forms.BaseFormSet):  # type: ignore[type-arg]  # no generics at run time
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Take this behavior out"

    def clean(self) -> None:
        seen: dict[str, int] = {}
        for form in self.kept():
            code = form.cleaned_data.get("code", "").strip()
            if code and code in seen:
                form.add_error("code", f"“{code}” is there twice.")
            seen[code] = 1

    def kept(self) -> list[Behavior]:
        """The rows that hold a behavior: filled in, and not taken out."""
        return [
            form
            for form in self.forms
            if form.has_changed() or form.initial.get("code")
            if not form.cleaned_data.get("DELETE")
        ]

    def words(self, *, prefix: str) -> list[BehaviorWords]:
        """The behaviors as written; those without a code get the next free one."""
        kept = self.kept()
        taken = {form.cleaned_data["code"].strip() for form in kept}
        free = (code for n in range(1, 1000) if (code := f"{prefix}-{n}"[-20:]) not in taken)
        return [form.words(form.cleaned_data["code"].strip() or next(free)) for form in kept]


def behaviors(*, objective: Objective, text: Revision | None, data: Any = None) -> BaseBehaviors:
    """Build the rows: those of the text, or those that were sent."""
    initial = [as_typed(row) for row in rows_of(text)] if text else []
    return rows(initial, objective=objective, extra=0 if initial else 1, data=data)


def behaviors_and_one_more(*, objective: Objective, data: QueryDict) -> BaseBehaviors:
    """Build the rows that were sent, without those taken out, and an empty one at the end."""
    return rows(typed_rows(objective=objective, data=data), objective=objective, extra=1)


def behaviors_as_typed(*, objective: Objective, data: QueryDict) -> BaseBehaviors:
    """Build the rows that were typed, to go on with them."""
    typed = typed_rows(objective=objective, data=data)
    return rows(typed, objective=objective, extra=0 if typed else 1)


def typed_rows(*, objective: Objective, data: QueryDict) -> list[dict[str, Any]]:
    sent = rows([], objective=objective, extra=0, data=data)
    typed = [as_sent(form, data) for form in sent.forms]
    return [row for row in typed if any(row.values()) and not row.pop("DELETE")]


def rows(
    initial: Sequence[dict[str, Any]], *, objective: Objective, extra: int, data: Any = None
) -> BaseBehaviors:
    kind = forms.formset_factory(
        Behavior,
        formset=BaseBehaviors,
        extra=extra,
        can_delete=True,
        max_num=ROWS_AT_MOST,
        absolute_max=ROWS_AT_MOST + 1,
        validate_max=True,
    )
    made = kind(
        data, prefix="behaviors", initial=initial, form_kwargs={"offers": Offers.of(objective)}
    )
    assert isinstance(made, BaseBehaviors)
    return made


def as_sent(form: forms.BaseForm, data: QueryDict) -> dict[str, Any]:
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }


def audiences_of(objective: Objective) -> Any:
    """The audiences of this strategy, as far as a writer of this objective may know them."""
    used = BehaviorRevision.objects.filter(
        Q(revision__objective=objective)
        | Q(
            revision__objective__strategy=objective.strategy_id,
            revision__state=Revision.State.PUBLISHED,
        )
    )
    return Audience.objects.filter(
        pk__in=BehaviorRevision.audiences.through.objects.filter(
            behaviorrevision__in=used.values("pk")
        ).values("audience")
    )


def rows_of(text: Revision) -> list[BehaviorRevision]:
    return list(text.behaviors.select_related("behavior").prefetch_related("audiences"))


def as_typed(row: BehaviorRevision) -> dict[str, Any]:
    default = Depth.PRACTICED if row.critical else Depth.EXPLAINED
    return {
        "paragraph": row.behavior.paragraph,  # no field: where the row stands on the page
        "code": row.behavior.code,
        "sales_role": str(row.sales_role_id),
        "statement": row.statement,
        "occasion": row.occasion,
        "standard": row.standard,
        "critical": row.critical,
        "required_depth": "" if row.required_depth == default else row.required_depth,
        "level_1": row.level_1,
        "level_2": row.level_2,
        "level_3": row.level_3,
        "level_4": row.level_4,
        "audiences": [str(audience.pk) for audience in row.audiences.all()],
        "needs": "\n".join(row.needs),
        "stops": "\n".join(row.stops),
    }
