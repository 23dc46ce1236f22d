from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from align.api.fields import (
    LARGEST_ID,
    Choice,
    Day,
    Key,
    Known,
    Moment,
    Text,
    Truth,
    Visible,
    Whole,
)
from align.api.serializers.base import PersonBrief, Shown, Taken
from align.api.serializers.people import Named
from align.people.models import Role, SalesRole, User
from strategy import evidence, text
from strategy.consultation.rounds import PEOPLE_AT_MOST
from strategy.models import (
    Comment,
    Concern,
    History,
    Participant,
    Position,
    Revision,
    Round,
    Suggestion,
)
from strategy.predictions import Became

MOST_REPORTS = 200
MOST_VISITS = 1_000_000

# Out


class FactShown(Shown):
    """One thing that stands beside a behavior."""

    name = serializers.CharField()
    value = serializers.CharField()


class ParagraphShown(Shown):
    """One numbered paragraph. Its number stays while its words change."""

    number = serializers.IntegerField()
    part = serializers.ChoiceField(choices=[*text.FIELDS, text.BEHAVIOR])
    head = serializers.CharField()
    text = serializers.CharField()
    code = serializers.CharField(help_text="Of the behavior, where it is one.")
    facts = FactShown(many=True)


class PositionShown(Shown):
    stance = serializers.ChoiceField(choices=Position.Stance.choices)
    why = serializers.CharField()
    note = serializers.CharField()
    at = Moment()


class ParticipantShown(Shown):
    person = PersonBrief()
    asked_as = serializers.ChoiceField(choices=Participant.As.choices)
    asked_at = Moment()
    position = PositionShown(allow_null=True)


class ConsultationShown(Shown):
    """One round: a draft as it was shared, and how far the answers are."""

    id = serializers.IntegerField()
    draft = serializers.IntegerField(source="revision_id")
    objective = serializers.IntegerField(source="revision.objective_id")
    objective_code = serializers.CharField(source="revision.objective.code")
    revision_number = serializers.IntegerField(source="revision.number")
    number = serializers.IntegerField(help_text="Of the round: draft 1, draft 2 …")
    title = serializers.CharField(help_text="As it was shared.")
    edits = serializers.IntegerField(help_text="The count of saves this text is of.")
    state = serializers.ChoiceField(
        choices=Revision.State.choices, source="revision.state", help_text="What became of it."
    )
    open = serializers.SerializerMethodField()
    opened_by = PersonBrief(allow_null=True)
    opened_at = Moment()
    closes_at = Moment()
    closed_at = Moment(allow_null=True)
    asked = serializers.IntegerField(help_text="How many people.")
    answered = serializers.IntegerField(help_text="How many of them have taken a position.")
    concerns = serializers.IntegerField(source="concerns_raised")
    unanswered = serializers.IntegerField(help_text="Concerns without an answer.")

    def get_open(self, round_: Round) -> bool:
        return round_.is_open(now=timezone.now()) and round_.revision.state == Revision.State.DRAFT


class ConsultationWholeShown(ConsultationShown):
    """The same with its text and where everybody stands."""

    text = serializers.SerializerMethodField()
    participants = ParticipantShown(many=True)

    @extend_schema_field(ParagraphShown(many=True))
    def get_text(self, round_: Round) -> Any:
        return ParagraphShown(
            [
                {
                    "number": row.number,
                    "part": row.part,
                    "head": row.head,
                    "text": row.text,
                    "code": row.code,
                    "facts": [{"name": name, "value": value} for name, value in row.facts],
                }
                for row in text.thawed(round_.text)
            ],
            many=True,
        ).data


class EvidenceFileShown(Shown):
    name = serializers.CharField()
    kind = serializers.CharField(help_text="The media type found in its bytes.")
    size = serializers.IntegerField(help_text="In bytes.")


class LookShown(Shown):
    """What somebody saw on the day of a prediction."""

    outcome = serializers.ChoiceField(choices=Concern.Outcome.choices)
    note = serializers.CharField()
    at = Moment()


class ConcernShown(Shown):
    id = serializers.IntegerField()
    consultation = serializers.IntegerField(source="round_id")
    draft = serializers.IntegerField(source="round.revision_id")
    objective = serializers.IntegerField(source="round.revision.objective_id")
    paragraph = serializers.IntegerField()
    quote = serializers.CharField(help_text="The paragraph as it read then.")
    behavior = serializers.IntegerField(source="behavior_id", allow_null=True)
    symptom = serializers.CharField()
    check_on = serializers.DateField()
    seen = serializers.IntegerField(allow_null=True)
    visits = serializers.IntegerField(allow_null=True)
    reports = serializers.ListField(
        child=serializers.UUIDField(),
        source="reports_seen",
        help_text="Those of its reports that you may see.",
    )
    file = EvidenceFileShown(allow_null=True)
    raised_by = PersonBrief(allow_null=True)
    raised_at = Moment()
    answer = serializers.ChoiceField(choices=Concern.Answer.choices, allow_blank=True)
    answer_text = serializers.CharField()
    answered_by = PersonBrief(allow_null=True)
    answered_at = Moment(allow_null=True)
    settled = serializers.BooleanField(
        allow_null=True, help_text="The word of the one who raised it; null before they say."
    )
    settled_at = Moment(allow_null=True)
    became = serializers.ChoiceField(
        choices=Became.choices, help_text="Whether the prediction came true, as of now."
    )
    lead_saw = serializers.SerializerMethodField()
    raiser_saw = serializers.SerializerMethodField()

    @extend_schema_field(LookShown(allow_null=True))
    def get_lead_saw(self, row: Concern) -> Any:
        return look(row.lead_outcome, row.lead_note, row.lead_looked_at)

    @extend_schema_field(LookShown(allow_null=True))
    def get_raiser_saw(self, row: Concern) -> Any:
        return look(row.raiser_outcome, row.raiser_note, row.raiser_looked_at)


def look(outcome: str, note: str, at: datetime | None) -> Any:
    """Return what somebody saw; None before they looked."""
    return LookShown({"outcome": outcome, "note": note, "at": at}).data if outcome else None


class CommentShown(Shown):
    id = serializers.IntegerField()
    consultation = serializers.IntegerField(source="round_id")
    paragraph = serializers.IntegerField()
    quote = serializers.CharField(help_text="The paragraph as it read then.")
    thread = serializers.IntegerField(
        source="thread.pk",
        allow_null=True,
        help_text="The comment it replies to; null too where that is not for you to see.",
    )
    author = PersonBrief(allow_null=True)
    at = Moment()
    text = serializers.CharField()
    taken_back_at = Moment(allow_null=True)


class SuggestionShown(Shown):
    """A behavior that somebody who was asked names for the draft."""

    id = serializers.IntegerField()
    consultation = serializers.IntegerField(source="round_id")
    by = PersonBrief(allow_null=True)
    at = Moment()
    sales_role = Named()
    statement = serializers.CharField()
    occasion = serializers.CharField()
    standard = serializers.CharField()
    critical = serializers.BooleanField()
    state = serializers.ChoiceField(choices=Suggestion.State.choices)
    answer = serializers.CharField()
    answered_by = PersonBrief(allow_null=True)
    answered_at = Moment(allow_null=True)


class CannotShown(Shown):
    """Somebody who cannot teach a draft as it is written."""

    person = PersonBrief(source="participant.person")
    consultation = serializers.IntegerField(source="participant.round_id")
    why = serializers.CharField()
    note = serializers.CharField()
    at = Moment()


class UnansweredShown(Shown):
    """A concern that waits for an answer."""

    id = serializers.IntegerField()
    consultation = serializers.IntegerField(source="round_id")
    paragraph = serializers.IntegerField()
    symptom = serializers.CharField()
    raised_by = PersonBrief(allow_null=True)
    raised_at = Moment()


class GateShown(Shown):
    """What stands between a draft and its publication."""

    clear = serializers.BooleanField()
    sentence = serializers.CharField(help_text="Why publishing is refused; empty where it is not.")
    cannot = CannotShown(many=True)
    unanswered = UnansweredShown(many=True)


class CountShown(Shown):
    name = serializers.CharField()
    number = serializers.IntegerField()
    said = serializers.CharField(help_text="As the page says it.")


class ImpactShown(Shown):
    """What publishing sets in motion, as of the day it takes force."""

    starts = Moment()
    day = serializers.DateField(help_text="In the time zone of the strategy.")
    counts = CountShown(many=True)


class ToAskShown(Shown):
    """Whom to ask about a draft."""

    usual = PersonBrief(many=True, help_text="Who is asked where nobody is named.")
    others = PersonBrief(many=True, help_text="Who else may be.")


class PieceShown(Shown):
    """Words that are the same, inserted or struck."""

    kind = serializers.ChoiceField(choices=["same", "ins", "del"])
    text = serializers.CharField()


class FactChangedShown(Shown):
    name = serializers.CharField()
    pieces = PieceShown(many=True)


class ParagraphChangedShown(Shown):
    number = serializers.IntegerField()
    part = serializers.ChoiceField(choices=[*text.FIELDS, text.BEHAVIOR])
    head = serializers.CharField()
    code = serializers.CharField()
    what = serializers.ChoiceField(choices=["same", "changed", "new", "gone"])
    moved = serializers.BooleanField()
    pieces = PieceShown(many=True)
    facts = FactChangedShown(many=True, help_text="What differs beside a behavior.")


class ComparedShown(Shown):
    """Two texts of one objective, paragraph by paragraph, paired by number."""

    paragraphs = ParagraphChangedShown(many=True)

    def get_fields(self) -> dict[str, Any]:
        """Name the two texts as the address does; one of the names is a word of Python."""
        texts = {"from": serializers.CharField(), "to": serializers.CharField()}
        return texts | super().get_fields()


class HistoryShown(Shown):
    """One thing that was done. It never changes.

    It has no number: a gap between two would tell of something that is not for you to see.
    """

    at = Moment()
    actor = PersonBrief(allow_null=True)
    what = serializers.CharField()
    strategy = serializers.IntegerField(source="strategy_id")
    objective = serializers.IntegerField(source="objective_id", allow_null=True)
    revision = serializers.IntegerField(source="revision_id", allow_null=True)
    consultation = serializers.IntegerField(source="round_id", allow_null=True)
    shown_to = serializers.ChoiceField(choices=History.ShownTo.choices)
    before = serializers.DictField(child=serializers.JSONField())
    after = serializers.DictField(child=serializers.JSONField())


# In


def askable() -> QuerySet[User]:
    """Whoever may be asked about a draft: trainers, managers and leads."""
    return User.objects.filter(
        is_active=True, roles__overlap=[Role.TRAINER, Role.MANAGER, Role.LEAD]
    )


class ToAsk(serializers.ListField):
    """People to ask, found in one query. Anybody else is answered like nobody."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=Whole(min_value=1, max_value=LARGEST_ID), max_length=PEOPLE_AT_MOST, **kwargs
        )

    def to_internal_value(self, data: Any) -> list[User]:
        ids = list(dict.fromkeys(super().to_internal_value(data)))
        found = askable().in_bulk(ids)
        missing = {
            str(at): [Known.default_error_messages["does_not_exist"]]
            for at, pk in enumerate(ids)
            if pk not in found
        }
        if missing:
            raise serializers.ValidationError(missing)
        return [found[pk] for pk in ids]


class ConsultationTaken(Taken):
    draft = Visible(queryset=Revision.objects.drafts())
    edits = Whole(min_value=0, help_text="The count of the text you have read.")
    people = ToAsk(
        allow_empty=False,
        allow_null=True,
        default=None,
        help_text="Left out, those usually asked; drafts/{id}/people/ names them.",
    )
    closes_on = Day(help_text="The last day, in the time zone of the strategy.")


class AskTaken(Taken):
    people = ToAsk(allow_empty=False)


class ExtendTaken(Taken):
    closes_on = Day(help_text="The last day, in the time zone of the strategy.")


class PositionTaken(Taken):
    stance = Choice(choices=Position.Stance.choices)
    why = Text(max_length=2000, help_text="Why the company does this, in your own words.")
    note = Text(
        max_length=2000, allow_blank=True, default="", help_text="What would have to change."
    )


class ConcernTaken(Taken):
    """A prediction, with reports, a count of visits or a file as evidence."""

    consultation = Visible(queryset=Round.objects.all())
    paragraph = Whole(min_value=0)
    symptom = Text(max_length=2000, help_text="What will happen.")
    check_on = Day(help_text="The day on which it shows.")
    seen = Whole(min_value=0, max_value=MOST_VISITS, allow_null=True, default=None)
    visits = Whole(min_value=0, max_value=MOST_VISITS, allow_null=True, default=None)
    reports = serializers.ListField(child=Key(), max_length=MOST_REPORTS, default=[])


class ConcernWithFileTaken(Taken):
    """The same in two parts: the concern as JSON, and the file."""

    concern = ConcernTaken()
    file = serializers.FileField(required=False, help_text=f"{evidence.KINDS}, up to 10 MB.")


class AnswerTaken(Taken):
    answer = Choice(choices=Concern.Answer.choices)
    answer_text = Text(max_length=2000)


class SettleTaken(Taken):
    settled = Truth()


class OutcomeTaken(Taken):
    outcome = Choice(choices=Concern.Outcome.choices)
    note = Text(max_length=2000, allow_blank=True, default="")


class CommentTaken(Taken):
    consultation = Visible(queryset=Round.objects.all())
    paragraph = Whole(min_value=0)
    text = Text(max_length=2000)
    thread = Visible(
        queryset=Comment.objects.all(),
        allow_null=True,
        default=None,
        help_text="The comment you reply to.",
    )


class SuggestionTaken(Taken):
    consultation = Visible(queryset=Round.objects.all())
    sales_role = Known(queryset=SalesRole.objects.all())
    statement = Text(max_length=400)
    occasion = Text(max_length=200, allow_blank=True, default="")
    standard = Text(max_length=400, allow_blank=True, default="")
    critical = Truth(default=False)


class AcceptTaken(Taken):
    answer = Text(max_length=2000, allow_blank=True, default="")


class DeclineTaken(Taken):
    answer = Text(max_length=2000, help_text="Why not; the one who named it reads it.")
