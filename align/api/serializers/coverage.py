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
        help_text="As the page says it: “61%”, “3 of 4”, “not yet”, which is not zero, "
        "or “too few” where it would tell of a few people."
    )
    hidden = serializers.BooleanField(help_text="There is a figure, of too few people to show it.")


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
        source="row.coverage.shown", allow_null=True, help_text="As far as the evidence goes."
    )
    evidence = serializers.CharField(
        source="row.coverage.evidence_word", help_text="Of the weakest cell."
    )
    reach = ShareShown(source="row.coverage.reach")
    planned = ShareShown(
        source="row.coverage.planned", help_text="With a held session or a due date that passed."
    )
    seen = ShareShown(source="row.coverage.seen", help_text="Of the cell that is seen least.")
    looked = serializers.IntegerField(
        source="row.coverage.looked", help_text="Cells anybody was observed in."
    )
    change = ShareShown(
        source="row.coverage.change",
        help_text="Covered cells, of those the last substantive revision touched.",
    )
    voice = VoiceShown(source="row.voice")
    flags = FlagBriefShown(source="row.flags", many=True)
    judged_at = Moment(allow_null=True)


class CellShown(Shown):
    """One cell: a behavior and one audience it is asked of."""

    behavior = serializers.IntegerField()
    code = serializers.CharField()
    statement = serializers.CharField()
    audience = serializers.IntegerField()
    audience_name = serializers.CharField()
    critical = serializers.BooleanField()
    required_depth = DepthShown(source="required")
    depth = DepthShown()
    shown = DepthShown(allow_null=True, help_text="null: too few people to tell.")
    covered = serializers.BooleanField()
    out_of_date = serializers.BooleanField(source="late")
    evidence = serializers.CharField(source="evidence_word")
    reach = ShareShown()
    seen = ShareShown()
    needed = serializers.IntegerField(help_text="People to observe before Seen can be judged.")
    waived = serializers.BooleanField()


class CellListShown(Shown):
    cells = CellShown(many=True)


class HoursShown(Shown):
    """Hours of training people took; aligned ones went through a mapping that counts."""

    aligned = serializers.DecimalField(max_digits=14, decimal_places=2)
    all = serializers.DecimalField(max_digits=14, decimal_places=2)
    percent = serializers.IntegerField(allow_null=True)
    said = serializers.CharField()


class SummaryShown(Shown):
    """The figures over all objectives that the coverage page shows."""

    covered = ShareShown()
    hours = HoursShown()
