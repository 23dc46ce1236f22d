"""What lists may be narrowed by. Whatever is not named here is refused, not ignored."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from align.api.fields import EARLIEST, LARGEST_ID, LATEST
from align.people.models import Membership, Role, User
from feedback.models import Decision, Report, Stance
from strategy.models import (
    Concern,
    Flag,
    Objective,
    Participant,
    Revision,
    Round,
    Strategy,
    Suggestion,
    TeachBack,
)
from strategy.predictions import Became
from training.models import BarrierCase, Delivery, Driver, Mapping, Module, ModuleVersion


class Backend(django_filters.DjangoFilterBackend):
    """Narrows lists, and lists only: one object is found by its address alone."""

    def get_filterset_class(self, view: Any, queryset: Any = None) -> Any:
        return getattr(view, "filterset_class", None)


def check(request: Request, *, known: set[str]) -> None:
    """Refuse parameters that mean nothing here, or are given twice."""
    wrong = {}
    for name in request.query_params:
        if name not in known:
            wrong[name[:80]] = ["There is no such parameter here."]
        elif len(request.query_params.getlist(name)) > 1:
            wrong[name] = ["Give this once."]
        elif not request.query_params[name]:
            wrong[name] = ["Give a value, or leave this out."]
    if wrong:
        raise ValidationError(wrong)


@extend_schema_field(OpenApiTypes.INT64)
class Id(django_filters.Filter):
    """An id. One that the person cannot see finds nothing, like one that is not there."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)


@extend_schema_field(OpenApiTypes.BOOL)
class Truth(django_filters.TypedChoiceFilter):
    """true or false, in these letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args,
            choices=[("true", "true"), ("false", "false")],
            coerce=lambda value: value == "true",
            **kwargs,
        )


LATEST_TIME = datetime(LATEST.year, LATEST.month, LATEST.day, tzinfo=UTC)


class Since(django_filters.IsoDateTimeFilter):
    """From this time on, the time itself included."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name=field_name, lookup_expr="gte", **kwargs)

    def filter(self, qs: Any, value: datetime | None) -> Any:
        """Ask in UTC: the database knows fewer offsets than a date may be written with."""
        if value is not None:
            value = max(EARLIEST, min(LATEST_TIME, value)).astimezone(UTC)
        return super().filter(qs, value)


class Choice(django_filters.ChoiceFilter):
    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices=choices, empty_label=None, **kwargs)


class FilterSet(django_filters.FilterSet):
    """No model magic: every filter is written out."""

    class Meta:
        fields: list[str] = []


class People(FilterSet):
    role = Choice(Role.choices, method="with_role")
    team = Id(method="in_team", label="Today's members of this team; not of those below it.")
    active = Truth(field_name="is_active")

    @extend_schema_field({"type": "string", "enum": Role.values})
    def with_role(self, people: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return people.filter(roles__contains=[value])

    @extend_schema_field(OpenApiTypes.INT64)
    def in_team(self, people: QuerySet[User], name: str, value: int) -> QuerySet[User]:
        today = Membership.objects.on(timezone.now().date()).filter(team=value)
        return people.filter(pk__in=today.values("user"))


class Notices(FilterSet):
    unread = Truth(field_name="read_at", lookup_expr="isnull")


class Strategies(FilterSet):
    state = Choice(Strategy.State.choices)


class Objectives(FilterSet):
    strategy = Id()
    theme = Id()
    owner = Id()
    state = Choice(Objective.State.choices)
    code = django_filters.CharFilter(max_length=20)


class Drafts(FilterSet):
    objective = Id()
    strategy = Id(field_name="objective__strategy")


class Revisions(FilterSet):
    objective = Id()
    strategy = Id(field_name="objective__strategy")
    significance = Choice(Revision.Significance.choices)
    since = Since("published_at")


class Consultations(FilterSet):
    draft = Id(field_name="revision")
    objective = Id(field_name="revision__objective")
    strategy = Id(field_name="revision__objective__strategy")
    open = Truth(method="still_open", label="People can still answer.")
    mine = Truth(method="asks_me", label="You are asked in it.")

    @extend_schema_field(OpenApiTypes.BOOL)
    def still_open(self, rounds: QuerySet[Round], name: str, value: bool) -> QuerySet[Round]:
        open_now = Round.objects.open(now=timezone.now()).values("pk")
        return rounds.filter(pk__in=open_now) if value else rounds.exclude(pk__in=open_now)

    @extend_schema_field(OpenApiTypes.BOOL)
    def asks_me(self, rounds: QuerySet[Round], name: str, value: bool) -> QuerySet[Round]:
        asked = Participant.objects.filter(person=self.request.user.pk).values("round")
        return rounds.filter(pk__in=asked) if value else rounds.exclude(pk__in=asked)


class Concerns(FilterSet):
    consultation = Id(field_name="round")
    draft = Id(field_name="round__revision")
    objective = Id(field_name="round__revision__objective")
    strategy = Id(field_name="round__revision__objective__strategy")
    raised_by = Id()
    answered = Truth(method="has_answer")
    became = Choice(Became.choices, label="Whether the prediction came true, as of now.")
    check_until = django_filters.DateFilter(
        field_name="check_on", lookup_expr="lte", label="To be looked at on this day or before."
    )

    @extend_schema_field(OpenApiTypes.BOOL)
    def has_answer(self, concerns: QuerySet[Concern], name: str, value: bool) -> QuerySet[Concern]:
        return concerns.exclude(answer="") if value else concerns.filter(answer="")


class Comments(FilterSet):
    consultation = Id(field_name="round")
    paragraph = Id()
    thread = Id(label="The replies to this comment.")
    since = Since("at")


class Suggestions(FilterSet):
    consultation = Id(field_name="round")
    state = Choice(Suggestion.State.choices)


class History(FilterSet):
    strategy = Id()
    objective = Id()
    consultation = Id(field_name="round")
    actor = Id()
    what = django_filters.CharFilter(max_length=60)
    since = Since("at")


class Briefs(FilterSet):
    revision = Id()
    objective = Id(field_name="revision__objective")
    team = Id()


class Acknowledgments(FilterSet):
    revision = Id()
    objective = Id(field_name="revision__objective")


class Recall(FilterSet):
    revision = Id()
    objective = Id(field_name="revision__objective")


class TeachBacks(FilterSet):
    revision = Id()
    objective = Id(field_name="revision__objective")
    trainer = Id()
    state = Choice(TeachBack.State.choices)


class Behaviors(FilterSet):
    objective = Id(field_name="revision__objective")
    strategy = Id(field_name="revision__objective__strategy")
    sales_role = Id()
    critical = Truth()


class Flags(FilterSet):
    strategy = Id()
    objective = Id()
    rule = django_filters.CharFilter(max_length=40)
    state = Choice(Flag.State.choices)
    open = Truth(method="still_open")

    @extend_schema_field(OpenApiTypes.BOOL)
    def still_open(self, flags: QuerySet[Flag], name: str, value: bool) -> QuerySet[Flag]:
        resolved = Q(state=Flag.State.RESOLVED)
        return flags.exclude(resolved) if value else flags.filter(resolved)


class Coverage(FilterSet):
    """``as_of`` and ``team`` say of when and of whom the figures are; they narrow no list."""

    strategy = Id()
    theme = Id()
    as_of = django_filters.DateFilter(
        method="kept", label="The figures at the end of this past day (UTC), as known then."
    )
    team = Id(method="kept", label="Only the people of this team and those below it.")

    def kept(self, rows: QuerySet[Objective], name: str, value: Any) -> QuerySet[Objective]:
        return rows


class Modules(FilterSet):
    program = Id()
    owner = Id()
    state = Choice(Module.State.choices)
    code = django_filters.CharFilter(max_length=20)


class Versions(FilterSet):
    module = Id()
    state = Choice(ModuleVersion.State.choices)


class Images(FilterSet):
    module = Id()


class Places(FilterSet):
    version = Id()
    module = Id(field_name="version__module")


class Attempts(FilterSet):
    version = Id()
    module = Id(field_name="version__module")
    passed = Truth()


class Mappings(FilterSet):
    version = Id()
    module = Id(field_name="version__module")
    behavior = Id()
    objective = Id(field_name="behavior__objective")
    audience = Id()
    state = Choice(Mapping.State.choices)
    suspect = Truth()


class Completions(FilterSet):
    person = Id(field_name="user")
    version = Id()
    module = Id(field_name="version__module")
    source = django_filters.CharFilter(max_length=40)
    since = Since("completed_at")


class Deliveries(FilterSet):
    version = Id()
    module = Id(field_name="version__module")
    trainer = Id()
    audience = Id()
    state = Choice(Delivery.State.choices)
    since = Since("starts_at")


class Seats(FilterSet):
    delivery = Id()
    person = Id(field_name="user")


class Assignments(FilterSet):
    module = Id()
    audience = Id()
    standing = Truth(field_name="ended_at", lookup_expr="isnull")


class Drivers(FilterSet):
    behavior = Id()
    objective = Id(field_name="behavior__objective")
    kind = Choice(Driver.Kind.choices)
    owner = Id()
    standing = Truth(field_name="ended_at", lookup_expr="isnull")


class Waivers(FilterSet):
    behavior = Id()
    objective = Id(field_name="behavior__objective")
    audience = Id()
    standing = Truth(field_name="ended_at", lookup_expr="isnull")


class Barriers(FilterSet):
    behavior = Id()
    objective = Id(field_name="behavior__objective")
    state = Choice(BarrierCase.State.choices)
    owner = Id()
    raised_by = Id()
    standing = Truth(field_name="ended_at", lookup_expr="isnull")


class Observations(FilterSet):
    person = Id(field_name="user")
    behavior = Id(field_name="behavior_revision__behavior")
    observer = Id()
    since = Since("observed_at")


class Assessments(FilterSet):
    person = Id(field_name="user")
    behavior = Id(field_name="behavior_revision__behavior")
    assessor = Id()
    since = Since("assessed_at")


class Reports(FilterSet):
    objective = Id()
    behavior = Id()
    module = Id()
    stance = Choice(Stance.choices)
    state = Choice(Report.State.choices)
    mine = Truth(method="my_own")
    since = Since("created_at")

    @extend_schema_field(OpenApiTypes.BOOL)
    def my_own(self, reports: QuerySet[Report], name: str, value: bool) -> QuerySet[Report]:
        mine = Q(author=self.request.user)
        return reports.filter(mine) if value else reports.exclude(mine)


class Decisions(FilterSet):
    objective = Id()
    kind = Choice(Decision.Kind.choices)
    since = Since("decided_at")
