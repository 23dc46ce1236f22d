from rest_framework import serializers

from align.api.fields import Moment
from align.api.serializers.base import Shown
from align.api.serializers.strategy import DepthShown


class ShareShown(Shown):
    """A part and its base; never one without the other."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    percent = serializers.IntegerField(
        allow_null=True, help_text="Half up. null: too few people for one."
    )
    said = serializers.CharField(
        help_text="As the page says it: “61%”, “3 of 4”, “not yet”, which is not zero."
    )


class VoiceShown(Shown):
    """What the field says now, one voice a person."""

    people = serializers.IntegerField()
    works = serializers.IntegerField()
    changes = serializers.IntegerField()
    wont = serializers.IntegerField()
    cannot = serializers.IntegerField()
    souring = serializers.BooleanField()


class FlagBriefShown(Shown):
    id = serializers.IntegerField(source="pk")
    rule = serializers.CharField()
    sentence = serializers.CharField()


class CoverageShown(Shown):
    """One objective in force: the digits of the coverage page and of its export."""

    objective = serializers.IntegerField(source="row.pk")
    code = serializers.CharField(source="row.code")
    title = serializers.CharField(source="row.title")
    strategy = serializers.CharField(source="row.theme.strategy")
    theme = serializers.CharField(source="row.theme.name")
    owner = serializers.CharField(source="row.owner")
    cells = serializers.IntegerField(source="row.coverage.cells")
    covered = serializers.IntegerField(source="row.coverage.covered")
    suspect = serializers.IntegerField(source="row.coverage.suspect")
    depth = DepthShown(
        source="row.coverage.depth",
        allow_null=True,
        help_text="Of the weakest cell, as claimed. null: undefined, nothing to cover.",
    )
    shown = DepthShown(
        source="row.coverage.shown", allow_null=True, help_text="As far as people were reached."
    )
    reach = ShareShown(source="row.coverage.reach")
    seen = ShareShown(source="row.coverage.seen")
    voice = VoiceShown(source="row.voice")
    flags = FlagBriefShown(source="row.flags", many=True)
    judged_at = Moment(allow_null=True)
