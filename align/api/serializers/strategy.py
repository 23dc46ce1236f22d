from typing import Any

from rest_framework import serializers

from align.api.fields import Choice, Known, Moment, Text, Truth, Visible, Whole
from align.api.serializers.base import PersonBrief, Shown, Taken
from align.api.serializers.people import Named
from align.people.models import Audience, SalesRole, Team
from strategy.actions import BehaviorWords, Words
from strategy.models import (
    BehaviorRevision,
    Depth,
    Flag,
    FlagEvent,
    Objective,
    Revision,
    Strategy,
)

DEPTHS = {str(depth.label).lower(): depth for depth in Depth}
MOST_BEHAVIORS = 40


class DepthShown(serializers.ChoiceField):
    """none, named, explained, practiced or reinforced."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=list(DEPTHS), **kwargs)

    def to_representation(self, value: int) -> str:  # type: ignore[override]
        return str(Depth(value).label).lower()


class DepthTaken(Choice):
    """How deep something must go, or claims to go; “none” is neither."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[name for name in DEPTHS if DEPTHS[name]], **kwargs)

    def to_internal_value(self, data: Any) -> Depth:  # type: ignore[override]
        return DEPTHS[super().to_internal_value(data)]


# Out


class ThemeShown(Named):
    position = serializers.IntegerField()


class StrategyShown(Shown):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    cycle = serializers.CharField()
    statement = serializers.CharField()
    state = serializers.ChoiceField(choices=Strategy.State.choices)
    time_zone = serializers.CharField(help_text="Where a day something takes force begins.")
    lead = PersonBrief()
    teams = Named(many=True)
    themes = ThemeShown(many=True)
    created_at = Moment()


class WordsShown(Shown):
    """One behavior in the words of one revision."""

    id = serializers.IntegerField(source="behavior_id")
    code = serializers.CharField(source="behavior.code")
    sales_role = Named()
    statement = serializers.CharField()
    occasion = serializers.CharField()
    standard = serializers.CharField()
    levels = serializers.SerializerMethodField()
    critical = serializers.BooleanField()
    required_depth = DepthShown()
    audiences = Named(many=True)
    needs = serializers.ListField(child=serializers.CharField())
    stops = serializers.ListField(child=serializers.CharField())

    def get_levels(self, row: BehaviorRevision) -> list[str]:
        return [row.level_1, row.level_2, row.level_3, row.level_4]


class BehaviorShown(WordsShown):
    """One behavior in the words of the revision in force."""

    objective = serializers.IntegerField(source="behavior.objective_id")
    objective_code = serializers.CharField(source="behavior.objective.code")


class RevisionShown(Shown):
    id = serializers.IntegerField()
    objective = serializers.IntegerField(source="objective_id")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Revision.State.choices)
    title = serializers.CharField()
    we_will = serializers.CharField()
    we_stop = serializers.CharField()
    segment = serializers.CharField()
    hypothesis = serializers.CharField()
    why = serializers.CharField()
    measure = serializers.CharField()
    baseline = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    target = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    unit = serializers.CharField()
    measure_by = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    significance = serializers.ChoiceField(choices=Revision.Significance.choices, allow_blank=True)
    author = PersonBrief(allow_null=True)
    override = serializers.CharField(
        help_text="Why it was published although trainers said they cannot teach it."
    )
    answers = serializers.ListField(child=serializers.UUIDField())
    edits = serializers.IntegerField(help_text="Send it back with an edit or a publication.")
    created_at = Moment()
    published_at = Moment(allow_null=True)
    effective_from = Moment(allow_null=True)
    behaviors = WordsShown(many=True)


class ObjectiveShown(Shown):
    id = serializers.IntegerField()
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=Objective.State.choices)
    strategy = serializers.IntegerField(source="strategy_id")
    theme = Named()
    owner = PersonBrief(allow_null=True)
    current = RevisionShown(allow_null=True)
    draft = serializers.SerializerMethodField(
        help_text="The draft of its next words, where you may see one."
    )
    created_at = Moment()
    reviewed_at = Moment(
        allow_null=True, help_text="When somebody last said that they reviewed it as a whole."
    )

    def get_draft(self, objective: Any) -> int | None:
        return next((draft.pk for draft in objective.drafts_seen), None)


class EventShown(Shown):
    kind = serializers.ChoiceField(choices=FlagEvent.Kind.choices)
    at = Moment()
    actor = PersonBrief(allow_null=True)
    note = serializers.CharField()


class FlagShown(Shown):
    id = serializers.IntegerField()
    rule = serializers.CharField()
    strategy = serializers.IntegerField(source="strategy_id", allow_null=True)
    objective = serializers.IntegerField(source="objective_id", allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    link = serializers.CharField()
    act = serializers.CharField(help_text="The next step, where the rule names one.")
    act_link = serializers.CharField()
    state = serializers.ChoiceField(choices=Flag.State.choices)
    sentence = serializers.CharField()
    clears_when = serializers.CharField()
    regressed = serializers.BooleanField()
    owner = PersonBrief(allow_null=True)
    opened_at = Moment()
    resolved_at = Moment(allow_null=True)
    events = EventShown(many=True)


# In


class StrategyTaken(Taken):
    name = Text(max_length=120)
    cycle = Text(max_length=40, allow_blank=True, default="")
    statement = Text(max_length=4000, allow_blank=True, default="")
    time_zone = Text(
        max_length=60,
        allow_blank=True,
        default="",
        help_text="Such as Europe/Berlin; left empty, that of the server.",
    )
    teams = Visible(queryset=Team.objects.all(), many=True, allow_empty=False)


class BehaviorTaken(Taken):
    code = Text(max_length=20)
    sales_role = Known(queryset=SalesRole.objects.all())
    statement = Text(max_length=400)
    occasion = Text(max_length=200, allow_blank=True, default="")
    standard = Text(max_length=400, allow_blank=True, default="")
    levels = serializers.ListField(
        child=Text(max_length=300, allow_blank=True),
        min_length=4,
        max_length=4,
        default=["", "", "", ""],
    )
    critical = Truth(default=False)
    required_depth = DepthTaken(allow_null=True, default=None)
    audiences = Known(queryset=Audience.objects.all(), many=True, default=[])
    needs = serializers.ListField(child=Text(max_length=200), max_length=20, default=[])
    stops = serializers.ListField(child=Text(max_length=200), max_length=20, default=[])


class WordsTaken(Taken):
    """The words of an objective; what is left out is empty."""

    title = Text(max_length=160)
    we_will = Text(max_length=2000, allow_blank=True, default="")
    we_stop = Text(max_length=2000, allow_blank=True, default="")
    segment = Text(max_length=300, allow_blank=True, default="")
    hypothesis = Text(max_length=2000, allow_blank=True, default="")
    why = Text(max_length=8000, allow_blank=True, default="")
    measure = Text(max_length=200, allow_blank=True, default="")
    baseline = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, default=None
    )
    target = serializers.DecimalField(
        max_digits=14, decimal_places=2, allow_null=True, default=None
    )
    unit = Text(max_length=30, allow_blank=True, default="")
    measure_by = serializers.DateField(allow_null=True, default=None)
    behaviors = BehaviorTaken(
        many=True,
        default=[],
        max_length=MOST_BEHAVIORS,  # type: ignore[call-arg]
    )


class DraftTaken(WordsTaken):
    reason = Text(max_length=2000, allow_blank=True, default="")
    edits = Whole(min_value=0, help_text="The count you started from.")


class ObjectiveTaken(WordsTaken):
    strategy = Visible(queryset=Strategy.objects.all())
    theme = Text(max_length=120, help_text="A theme of the strategy; a new name makes one.")
    code = Text(max_length=20)


class PublishTaken(Taken):
    edits = Whole(min_value=0, help_text="The count of the text you have read.")
    effective_from = Moment(allow_null=True, default=None)
    override = Text(
        max_length=2000,
        allow_blank=True,
        default="",
        help_text="Its owner's reason to publish it although the gate is not clear.",
    )


class WhenTaken(Taken):
    effective_from = Moment(allow_null=True, default=None)


def words_of(values: dict[str, Any]) -> Words:
    names = Words.__dataclass_fields__
    return Words(**{name: value for name, value in values.items() if name in names})


def behaviors_of(values: dict[str, Any]) -> list[BehaviorWords]:
    return [
        BehaviorWords(
            **{
                **behavior,
                "levels": tuple(behavior["levels"]),
                "audiences": tuple(behavior["audiences"]),
                "needs": tuple(behavior["needs"]),
                "stops": tuple(behavior["stops"]),
            }
        )
        for behavior in values["behaviors"]
    ]
