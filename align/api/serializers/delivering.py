from decimal import Decimal
from typing import Any

from rest_framework import serializers

from align.api.fields import (
    LARGEST_ID,
    Day,
    Key,
    Known,
    Moment,
    Text,
    Visible,
    Whole,
)
from align.api.serializers.base import PersonBrief, Shown, Taken
from align.api.serializers.people import Named
from align.people.models import Audience, Role, User
from training.models import CompletionImport, Delivery, Module, ModuleVersion

MOST_PEOPLE = 2000

# Out


class DeliveryShown(Shown):
    id = serializers.IntegerField()
    ref = serializers.UUIDField()
    version = serializers.IntegerField(source="version_id")
    module = serializers.IntegerField(source="version.module_id")
    audience = Named()
    trainer = PersonBrief()
    starts_at = Moment()
    ends_at = Moment()
    place = serializers.CharField()
    capacity = serializers.IntegerField(
        allow_null=True, help_text="null: everybody of the audience is expected."
    )
    taken = serializers.IntegerField(help_text="How many seats are taken.")
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    held_at = Moment(allow_null=True)
    canceled_reason = serializers.CharField()
    edits = serializers.IntegerField(help_text="Send it back with an edit.")
    created_at = Moment()
    updated_at = Moment()


class SeatShown(Shown):
    id = serializers.IntegerField()
    delivery = serializers.IntegerField(source="delivery_id")
    person = PersonBrief(source="user")
    attended = serializers.BooleanField(allow_null=True, help_text="null: not said yet.")
    created_at = Moment()
    left_at = Moment(allow_null=True)


class AssignmentShown(Shown):
    id = serializers.IntegerField()
    module = serializers.IntegerField(source="module_id")
    audience = Named()
    due_on = serializers.DateField()
    author = PersonBrief(allow_null=True)
    created_at = Moment()
    ended_at = Moment(allow_null=True)


class ImportShown(Shown):
    ref = serializers.UUIDField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=CompletionImport.State.choices)
    rows = serializers.IntegerField()
    done = serializers.IntegerField(help_text="Rows looked at so far.")
    new = serializers.IntegerField()
    known = serializers.IntegerField()
    bad = serializers.IntegerField()
    failure = serializers.CharField()
    created_at = Moment()
    finished_at = Moment(allow_null=True)


# In


class TrainerTaken(serializers.PrimaryKeyRelatedField[Any]):
    """A trainer, by id; anybody else is answered like somebody who is not there."""

    default_error_messages = Known.default_error_messages

    def get_queryset(self) -> Any:
        return User.objects.with_role(Role.TRAINER)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("incorrect_type")
        if not 0 < data <= LARGEST_ID:
            self.fail("does_not_exist")
        return super().to_internal_value(data)


class PlanTaken(Taken):
    """What can be said of a session before it is held."""

    audience = Known(queryset=Audience.objects.all())
    trainer = TrainerTaken(queryset=User.objects.all())
    starts_at = Moment()
    ends_at = Moment()
    place = Text(max_length=200, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, allow_blank=True, default="")
    capacity = Whole(
        min_value=1,
        max_value=10_000,
        allow_null=True,
        default=None,
        help_text="null: everybody of the audience is expected.",
    )
    note = Text(max_length=400, allow_blank=True, default="")


class DeliveryTaken(PlanTaken):
    version = Visible(queryset=ModuleVersion.objects.all())


class DeliveryEditTaken(PlanTaken):
    edits = Whole(min_value=0, max_value=10_000_000, help_text="The count you started from.")


class CallOffTaken(Taken):
    reason = Text(max_length=400, help_text="Those who wanted to come read it.")


class AttendanceTaken(Taken):
    attended = serializers.ListField(
        child=Whole(min_value=1, max_value=LARGEST_ID),
        max_length=MOST_PEOPLE,
        help_text="The ids of the people who came, of those expected.",
    )


class AssignmentTaken(Taken):
    module = Visible(queryset=Module.objects.all())
    audience = Known(queryset=Audience.objects.all())
    due_on = Day()


# xAPI 1.0.3. Platforms send more than concerns us: what the standard knows and we do not need is
# read over; what the standard does not know is refused, as it asks for.


class Over(serializers.JSONField):
    """A field of the standard that does not concern us."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class AccountTaken(Taken):
    homePage = Over()  # noqa: N815 - its name in the standard
    name = Text(max_length=254)


class ActorTaken(Taken):
    objectType = Over()  # noqa: N815 - its name in the standard
    name = Over()
    mbox = Text(max_length=300, required=False, help_text="mailto:rosa@example.com")
    account = AccountTaken(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "mbox" not in attrs and "account" not in attrs:
            raise serializers.ValidationError("Name a person by mbox or account.")
        return attrs


class VerbTaken(Taken):
    display = Over()
    id = Text(max_length=300)


class ActivityTaken(Taken):
    objectType = Over()  # noqa: N815 - its name in the standard
    definition = Over()
    id = Text(max_length=600)


class Number(serializers.FloatField):
    """A number, not a text or a truth that looks like one."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class ScoreTaken(Taken):
    scaled = Number(min_value=-1, max_value=1, required=False)
    raw = Number(required=False)
    min = Number(required=False)
    max = Number(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["percent"] = percent(attrs)
        return attrs


def percent(score: dict[str, float]) -> Decimal | None:
    """Return a score in per cent; less than nothing is nothing. None where no whole is named."""
    share = None
    if "scaled" in score:
        share = score["scaled"]
    elif "raw" in score and score.get("max"):
        low = score.get("min", 0.0)
        if score["max"] <= low:
            raise serializers.ValidationError("The best score has to be above the worst.")
        share = (score["raw"] - low) / (score["max"] - low)
    if share is None:
        return None
    if share > 1:
        raise serializers.ValidationError("The score is above the best one.")
    return Decimal(str(max(0.0, share) * 100)).quantize(Decimal("0.01"))


class ResultTaken(Taken):
    score = ScoreTaken(required=False)
    success = Over()
    completion = Over()
    response = Over()
    duration = Over()
    extensions = Over()


class StatementTaken(Taken):
    """“Rosa passed the drill.”"""

    id = Key(required=False, help_text="Sent again, it is the same row again.")
    actor = ActorTaken()
    verb = VerbTaken(help_text="http://adlnet.gov/expapi/verbs/completed, …/passed or …/failed")
    object = ActivityTaken(help_text="A module: its address, its link or urn:align:module:CODE.")
    result = ResultTaken(required=False)
    timestamp = Moment(required=False)
    stored = Over()
    authority = Over()
    version = Over()
    context = Over()  # type: ignore[assignment]  # its name in the standard
    attachments = Over()
