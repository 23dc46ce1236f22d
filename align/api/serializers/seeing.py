from rest_framework import serializers

from align.api.fields import LARGEST_ID, Key, Moment, Text, Visible, Whole
from align.api.serializers.base import PersonBrief, Shown, Taken
from align.api.serializers.training import ObservationShown
from strategy.models import Behavior
from training import actions

# Out


class VisitShown(Shown):
    """Everything one visit showed."""

    observations = ObservationShown(many=True)


class AssessmentShown(Shown):
    """How somebody did a behavior, by its anchors."""

    id = serializers.IntegerField()
    person = PersonBrief(source="user")
    behavior = serializers.IntegerField(source="behavior_revision.behavior_id")
    revision = serializers.IntegerField(source="behavior_revision.revision_id")
    assessor = PersonBrief(allow_null=True)
    team = serializers.IntegerField(source="team_id", allow_null=True)
    assessed_at = Moment()
    level = serializers.IntegerField()
    note = serializers.CharField()
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True)
    client_key = serializers.UUIDField()
    created_at = Moment()


class AssessedShown(Shown):
    assessments = AssessmentShown(many=True)


# In


class LookTaken(Taken):
    behavior = Visible(queryset=Behavior.objects.all())
    level = Whole(min_value=1, max_value=4, allow_null=True, help_text="null: no chance to see it.")
    evidence = Text(max_length=400, allow_blank=True, default="")


class VisitTaken(Taken):
    client_key = Key()
    person = Whole(min_value=1, max_value=LARGEST_ID)
    observed_at = Moment()
    occasion = Text(max_length=200, allow_blank=True, default="")
    looks = LookTaken(
        many=True,
        allow_empty=False,
        max_length=actions.MOST_AT_ONCE,  # type: ignore[call-arg]
    )


class JudgedTaken(Taken):
    person = Whole(min_value=1, max_value=LARGEST_ID)
    level = Whole(min_value=1, max_value=4)
    note = Text(max_length=400, allow_blank=True, default="")


class AssessmentTaken(Taken):
    client_key = Key()
    behavior = Visible(queryset=Behavior.objects.all())
    assessed_at = Moment()
    people = JudgedTaken(
        many=True,
        allow_empty=False,
        max_length=actions.MOST_PEOPLE,  # type: ignore[call-arg]
    )


class AssessmentCorrectionTaken(Taken):
    client_key = Key()
    level = Whole(min_value=1, max_value=4)
    note = Text(max_length=400, allow_blank=True, default="")
