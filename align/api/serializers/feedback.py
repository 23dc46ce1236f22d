from rest_framework import serializers

from align.api.fields import Choice, Key, Moment, Text, Truth, Visible, VisibleRef, VisibleRefs
from align.api.serializers.base import PersonBrief, Shown, Taken
from feedback.models import Decision, Report, Stance
from strategy.models import Barrier, Behavior, Objective
from training.models import Module, ModuleVersion

MOST_REPORTS = 200

# Out


class ReportShown(Shown):
    ref = serializers.UUIDField()
    author = PersonBrief()
    team = serializers.IntegerField(source="team_id", allow_null=True)
    objective = serializers.IntegerField(source="objective_id", allow_null=True)
    revision = serializers.IntegerField(source="revision_id", allow_null=True)
    behavior = serializers.IntegerField(source="behavior_id", allow_null=True)
    module = serializers.IntegerField(source="module_id", allow_null=True)
    stance = serializers.ChoiceField(choices=Stance.choices)
    barriers = serializers.ListField(child=serializers.ChoiceField(choices=Barrier.choices))
    text = serializers.CharField()
    occasion = serializers.CharField()
    for_manager = serializers.BooleanField()
    state = serializers.ChoiceField(choices=Report.State.choices)
    created_at = Moment()
    acknowledged_at = Moment(allow_null=True)


class DecisionShown(Shown):
    ref = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Decision.Kind.choices)
    reason = serializers.CharField()
    action = serializers.CharField()
    objective = serializers.IntegerField(source="objective_id", allow_null=True)
    revision = serializers.IntegerField(
        source="revision.pk", allow_null=True, help_text="null too while it is a draft of others."
    )
    version = serializers.IntegerField(source="version.pk", allow_null=True)
    same_as = serializers.UUIDField(source="same_as.ref", allow_null=True)
    author = PersonBrief(allow_null=True)
    reports = serializers.SerializerMethodField(help_text="Those of its reports that you may see.")
    decided_at = Moment()

    def get_reports(self, decision: Decision) -> list[str]:
        return [str(report.ref) for report in decision.reports_seen]  # type: ignore[attr-defined]


# In


class ReportTaken(Taken):
    client_key = Key(help_text="Made by you, once a report: sending it again changes nothing.")
    stance = Choice(choices=Stance.choices)
    barriers = serializers.ListField(
        child=Choice(choices=Barrier.choices), max_length=len(Barrier), default=[]
    )
    text = Text(max_length=4000, allow_blank=True, default="")
    occasion = Text(max_length=200, allow_blank=True, default="")
    objective = Visible(queryset=Objective.objects.all(), allow_null=True, default=None)
    behavior = Visible(queryset=Behavior.objects.all(), allow_null=True, default=None)
    module = Visible(queryset=Module.objects.all(), allow_null=True, default=None)
    for_manager = Truth(default=False)


class DecisionTaken(Taken):
    reports = VisibleRefs(queryset=Report.objects.all(), allow_empty=False, max_length=MOST_REPORTS)
    kind = Choice(choices=Decision.Kind.choices)
    reason = Text(max_length=2000)
    action = Text(max_length=400, allow_blank=True, default="")
    version = Visible(queryset=ModuleVersion.objects.all(), allow_null=True, default=None)
    same_as = VisibleRef(queryset=Decision.objects.all(), allow_null=True, default=None)
