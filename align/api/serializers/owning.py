from rest_framework import serializers

from align.api.fields import Moment, Text, Visible, Whole
from align.api.serializers.base import PersonBrief, Shown, Taken
from align.people.models import Team
from strategy import recall
from strategy.models import Behavior, RecallCheck, Revision, TeachBack

# Out


class BriefShown(Shown):
    """One signed slot: the business reason (no team), or what it means for one team."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField(source="revision_id")
    objective = serializers.IntegerField(source="revision.objective_id")
    team = serializers.IntegerField(source="team_id", allow_null=True)
    text = serializers.CharField()
    behavior = serializers.IntegerField(source="behavior.behavior_id", allow_null=True)
    question = serializers.CharField(help_text="To the team.")
    signed_by = PersonBrief(allow_null=True)
    signed_at = Moment()


class AcknowledgmentShown(Shown):
    """“I have read it”. It never stands for having remembered."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField(source="revision_id")
    objective = serializers.IntegerField(source="revision.objective_id")
    at = Moment()


class RecallCheckShown(Shown):
    """What you still knew of a why. The machine counts words; it cannot judge an explanation."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField(source="revision_id")
    objective = serializers.IntegerField(source="revision.objective_id")
    day = serializers.IntegerField(help_text="Days after you read it: 2, 21 or 60.")
    recalled = serializers.CharField()
    words_found = serializers.IntegerField(help_text="Words of the why in what you wrote …")
    words_asked = serializers.IntegerField(help_text="… of so many looked for.")
    remembered = serializers.SerializerMethodField(
        help_text="At least half of the words asked for, and at least one."
    )
    recalled_at = Moment()
    chosen = serializers.IntegerField(source="chosen_id", allow_null=True)
    right = serializers.BooleanField(allow_null=True, help_text="null before you chose.")
    chosen_at = Moment(allow_null=True)

    def get_remembered(self, check: RecallCheck) -> bool:
        return recall.remembers(words_found=check.words_found, words_asked=check.words_asked)


class DueShown(Shown):
    """A question that waits for you."""

    objective = serializers.IntegerField(source="objective_id")
    revision = serializers.IntegerField(source="revision_id")
    day = serializers.IntegerField()


class DueListShown(Shown):
    due = DueShown(many=True)


class ReasonShown(Shown):
    """A reason to choose."""

    revision = serializers.IntegerField(source="pk")
    because = serializers.CharField(source="hypothesis")


class ReasonsShown(Shown):
    reasons = ReasonShown(many=True)


class RememberedShown(Shown):
    """People of one unit: who has read it, who still knows it. Each figure with its base."""

    name = serializers.CharField()
    people = serializers.IntegerField()
    read = serializers.IntegerField(allow_null=True, help_text="Of the people.")
    asked = serializers.IntegerField(
        allow_null=True, help_text="For whom the day of a check has come; null where too few."
    )
    answered = serializers.IntegerField(help_text="Of those asked.")
    remembered = serializers.IntegerField(help_text="Of those who answered.")
    recognized = serializers.IntegerField(help_text="Chose the right reason, of those.")


class RememberedListShown(Shown):
    units = RememberedShown(many=True)


class TeachBackShown(Shown):
    """A trainer explains the why; the lead signs, or says what is missing."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField(source="revision_id")
    objective = serializers.IntegerField(source="revision.objective_id")
    trainer = PersonBrief()
    text = serializers.CharField()
    given_at = Moment()
    state = serializers.ChoiceField(choices=TeachBack.State.choices)
    void = serializers.SerializerMethodField(
        help_text="The why it explains is not in force any more."
    )
    answer = serializers.CharField()
    answered_by = PersonBrief(allow_null=True)
    answered_at = Moment(allow_null=True)

    def get_void(self, row: TeachBack) -> bool:
        current = row.revision.objective.current
        return current is None or current.why_fingerprint != row.revision.why_fingerprint


# In


class BriefTaken(Taken):
    revision = Visible(queryset=Revision.objects.published(), help_text="The one you have read.")
    team = Visible(
        queryset=Team.objects.all(),
        allow_null=True,
        default=None,
        help_text="One you manage; left out, it is the business reason.",
    )
    text = Text(max_length=2000)
    behavior = Visible(
        queryset=Behavior.objects.all(),
        allow_null=True,
        default=None,
        help_text="One behavior to begin with.",
    )
    question = Text(max_length=300, allow_blank=True, default="")


class AcknowledgmentTaken(Taken):
    revision = Visible(queryset=Revision.objects.published(), help_text="The one you have read.")


class RecallCheckTaken(Taken):
    revision = Visible(queryset=Revision.objects.published())
    day = Whole(min_value=1, max_value=60)
    recalled = Text(
        max_length=1000, allow_blank=True, help_text="In your own words; empty if nothing is left."
    )


class ChoiceTaken(Taken):
    chosen = Visible(queryset=Revision.objects.published())


class TeachBackTaken(Taken):
    revision = Visible(queryset=Revision.objects.published(), help_text="The one you have read.")
    text = Text(max_length=4000, help_text="The why, as you would tell it.")


class SignTaken(Taken):
    answer = Text(max_length=2000, allow_blank=True, default="")


class ReturnTaken(Taken):
    answer = Text(max_length=2000, help_text="What is missing.")
