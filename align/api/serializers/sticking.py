from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from align.api.fields import Choice, Day, Known, Moment, Text, Visible
from align.api.serializers.base import PersonBrief, Shown, Taken
from align.api.serializers.people import Named
from align.people.models import Audience
from strategy.models import Barrier, Behavior
from training import asked, barriers, sticking
from training.models import BarrierCase, BarrierEvent, Driver

# Out


class DriverShown(Shown):
    """Who does what so that a behavior lasts, or why nobody has to."""

    id = serializers.IntegerField()
    behavior = serializers.IntegerField(source="behavior_id")
    objective = serializers.IntegerField(source="behavior.objective_id")
    kind = serializers.ChoiceField(choices=Driver.Kind.choices)
    text = serializers.CharField(help_text="Empty where it is waived.")
    owner = PersonBrief(allow_null=True)
    waived_because = serializers.CharField()
    author = PersonBrief(allow_null=True)
    created_at = Moment()
    ended_at = Moment(allow_null=True)


class WaiverShown(Shown):
    """The lead's signature that an audience practices a behavior already."""

    id = serializers.IntegerField()
    behavior = serializers.IntegerField(source="behavior_id")
    objective = serializers.IntegerField(source="behavior.objective_id")
    audience = Named()
    fingerprint = serializers.CharField(help_text="Of the words it was signed for.")
    evidence = serializers.CharField()
    author = PersonBrief(allow_null=True)
    created_at = Moment()
    ended_at = Moment(allow_null=True)


class BarrierEventShown(Shown):
    kind = serializers.ChoiceField(choices=BarrierEvent.Kind.choices)
    actor = PersonBrief(allow_null=True)
    at = Moment()
    note = serializers.CharField()
    before = serializers.DictField(child=serializers.CharField())
    after = serializers.DictField(child=serializers.CharField())


class BarrierShown(Shown):
    """What training cannot put right, and who has to remove it by when."""

    id = serializers.IntegerField()
    behavior = serializers.IntegerField(source="behavior_id")
    objective = serializers.IntegerField(source="behavior.objective_id")
    barrier = serializers.ChoiceField(choices=Barrier.choices)
    text = serializers.CharField()
    raised_by = PersonBrief(allow_null=True)
    owner = PersonBrief(allow_null=True)
    due_on = serializers.DateField()
    state = serializers.ChoiceField(choices=BarrierCase.State.choices)
    outcome = serializers.CharField()
    created_at = Moment()
    ended_at = Moment(allow_null=True)
    events = BarrierEventShown(many=True)


class ClaimToCheckShown(Shown):
    """A claim of a module of yours that is out of date."""

    mapping = serializers.IntegerField(source="mapping.pk")
    module = serializers.IntegerField(source="mapping.version.module_id")
    behavior = serializers.IntegerField(source="mapping.behavior_id")
    critical = serializers.BooleanField()
    since = Moment(allow_null=True)


class AskedShown(Shown):
    """What waits for you: ids, the worst and oldest first, at most 50 of each; and how many."""

    total = serializers.IntegerField(source="counts.total")
    mappings = ClaimToCheckShown(many=True, source="claims")
    flags = serializers.SerializerMethodField()
    barriers = serializers.SerializerMethodField()
    deliveries = serializers.SerializerMethodField(help_text="Over, and not closed yet.")

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_flags(self, found: asked.Asked) -> list[int]:
        return [row.pk for row in found.flags]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_barriers(self, found: asked.Asked) -> list[int]:
        return [row.pk for row in found.barriers]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_deliveries(self, found: asked.Asked) -> list[int]:
        return [row.pk for row in found.sessions]


# In


def who(owners: Any, help_text: str) -> Known:
    return Known(queryset=owners, help_text=help_text)


class DriverTaken(Taken):
    behavior = Visible(queryset=Behavior.objects.all())
    kind = Choice(choices=Driver.Kind.choices)
    text = Text(max_length=400, help_text="Who does what, how often.")
    owner = who(sticking.owners(), "A lead, a trainer or a manager.")


class DriverWaiverTaken(Taken):
    behavior = Visible(queryset=Behavior.objects.all())
    kind = Choice(choices=Driver.Kind.choices)
    because = Text(max_length=400, help_text="Nobody has to, because …")


class WaiverTaken(Taken):
    behavior = Visible(queryset=Behavior.objects.all())
    audience = Known(queryset=Audience.objects.all())
    evidence = Text(max_length=400, help_text="What shows that they practice it already.")


class BarrierTaken(Taken):
    behavior = Visible(queryset=Behavior.objects.all())
    barrier = Choice(choices=barriers.NOT_TRAINING)
    text = Text(max_length=1000, help_text="What stands in the way.")
    owner = who(barriers.owners(besides=None), "A lead, a manager or an admin; not yourself.")
    due_on = Day(help_text="A day to come, where the strategy is in force.")


class HandOnTaken(Taken):
    owner = who(barriers.owners(besides=None), "A lead, a manager or an admin.")
    note = Text(max_length=1000, help_text="Why it is for them.")


class MoveTaken(Taken):
    due_on = Day()
    reason = Text(max_length=1000)


class NoteTaken(Taken):
    note = Text(max_length=1000)


class EndTaken(Taken):
    outcome = Text(max_length=1000, help_text="What was done, or why it stays.")


class AgainTaken(Taken):
    due_on = Day()
    note = Text(max_length=1000, help_text="What stands in the way again.")
