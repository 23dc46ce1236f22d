from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from align.api.fields import (
    LARGEST_ID,
    Choice,
    Key,
    Known,
    Mail,
    Moment,
    Text,
    Visible,
    Whole,
)
from align.api.serializers.base import PersonBrief, Shown, Taken
from align.api.serializers.people import Named
from align.api.serializers.strategy import DepthShown, DepthTaken
from align.people.models import Audience, User
from strategy.models import Behavior
from training import quiz
from training.models import Kind, Mapping, Module, ModuleVersion

MOST_COMPLETIONS = 500

# Out


class QuestionShown(Shown):
    question = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    several = serializers.BooleanField(help_text="Whether more than one is right.")
    right = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="The places of the right options, from 0 on; null for all but trainers.",
    )


class VersionShown(Shown):
    id = serializers.IntegerField()
    module = serializers.IntegerField(source="module_id")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ModuleVersion.State.choices)
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    hours = serializers.DecimalField(max_digits=5, decimal_places=2)
    content = serializers.CharField(help_text="Markdown.")
    link = serializers.CharField()
    video = serializers.CharField()
    quiz = serializers.SerializerMethodField()
    pass_mark = serializers.IntegerField(help_text="In per cent.")
    edits = serializers.IntegerField(help_text="Send it back with an edit.")
    created_at = Moment()
    published_at = Moment(allow_null=True)

    @extend_schema_field(QuestionShown(many=True))
    def get_quiz(self, version: ModuleVersion) -> list[dict[str, Any]]:
        person = getattr(self.context.get("request"), "user", None)
        knows = isinstance(person, User) and person.is_trainer
        return [
            {
                "question": question.question,
                "options": list(question.options),
                "several": question.several,
                "right": list(question.right) if knows else None,
            }
            for question in quiz.parse(version.quiz)
        ]


class ModuleShown(Shown):
    id = serializers.IntegerField()
    code = serializers.CharField()
    program = Named()
    owner = PersonBrief()
    state = serializers.ChoiceField(choices=Module.State.choices)
    current = VersionShown(allow_null=True)
    draft = serializers.SerializerMethodField(
        help_text="The version being written, where you may see one."
    )
    successor = serializers.IntegerField(
        source="successor_id", allow_null=True, help_text="What took the place of a retired one."
    )
    created_at = Moment()
    retired_at = Moment(allow_null=True)
    retired_reason = serializers.CharField()

    def get_draft(self, module: Any) -> int | None:
        return next((draft.pk for draft in module.drafts_seen), None)


class MappingShown(Shown):
    id = serializers.IntegerField()
    version = serializers.IntegerField(source="version_id")
    module = serializers.IntegerField(source="version.module_id")
    behavior = serializers.IntegerField(source="behavior_id")
    objective = serializers.IntegerField(source="behavior.objective_id")
    audience = Named()
    depth = DepthShown()
    rationale = serializers.CharField()
    state = serializers.ChoiceField(choices=Mapping.State.choices)
    suspect = serializers.BooleanField(
        help_text="The behavior in force is no longer the one that was reviewed."
    )
    cleared_reason = serializers.CharField()
    cleared_at = Moment(allow_null=True)
    author = PersonBrief(allow_null=True)
    created_at = Moment()


class CompletionShown(Shown):
    id = serializers.IntegerField()
    person = PersonBrief(source="user")
    version = serializers.IntegerField(source="version_id")
    module = serializers.IntegerField(source="version.module_id")
    team = serializers.IntegerField(source="team_id", allow_null=True)
    completed_at = Moment()
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()


class BatchShown(Shown):
    made = serializers.IntegerField(help_text="How many are new.")
    known = serializers.IntegerField(help_text="How many were there already.")


class ObservationShown(Shown):
    id = serializers.IntegerField()
    person = PersonBrief(source="user")
    behavior = serializers.IntegerField(source="behavior_revision.behavior_id")
    revision = serializers.IntegerField(source="behavior_revision.revision_id")
    observer = PersonBrief(allow_null=True)
    team = serializers.IntegerField(source="team_id", allow_null=True)
    observed_at = Moment()
    occasion = serializers.CharField()
    level = serializers.IntegerField(allow_null=True, help_text="null: no chance to see it.")
    evidence = serializers.CharField()
    corrects = serializers.IntegerField(
        source="corrects_id", allow_null=True, help_text="The one it stands in the place of."
    )
    client_key = serializers.UUIDField()
    created_at = Moment()


# In


class QuestionTaken(Taken):
    question = Text(max_length=quiz.LONGEST_QUESTION)
    options = serializers.ListField(
        child=Text(max_length=quiz.LONGEST_OPTION),
        min_length=quiz.OPTIONS[0],
        max_length=quiz.OPTIONS[1],
    )
    right = serializers.ListField(
        child=Whole(min_value=0, max_value=quiz.OPTIONS[1] - 1),
        min_length=1,
        max_length=quiz.OPTIONS[1],
        help_text="The places of the right options, from 0 on.",
    )


class VersionTaken(Taken):
    """The words of a module."""

    title = Text(max_length=160)
    kind = Choice(choices=Kind.choices)
    hours = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.25"), max_value=400
    )
    content = Text(max_length=50_000, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, allow_blank=True, default="")
    video = serializers.URLField(max_length=500, allow_blank=True, default="")
    quiz = QuestionTaken(many=True, default=[], max_length=quiz.QUESTIONS)  # type: ignore[call-arg]
    pass_mark = Whole(min_value=1, max_value=100, default=80, help_text="In per cent.")

    def validate_video(self, video: str) -> str:
        if video and not video.lower().startswith(("http://", "https://")):
            raise serializers.ValidationError("Give an address that begins with https://.")
        return video

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {"questions": quiz.parse(attrs.pop("quiz"))}


class ModuleTaken(VersionTaken):
    code = Text(max_length=20)
    program = Text(max_length=120, help_text="The name of a program; a new name makes one.")


class VersionEditTaken(VersionTaken):
    edits = Whole(min_value=0, help_text="The count you started from.")


class CheckedTaken(Taken):
    mapping = Visible(queryset=Mapping.objects.all())
    part = Text(max_length=400, help_text="The part of the new version that does it.")


class CheckedPublishTaken(Taken):
    """Which suspect claims the new version holds up; the others stay suspect."""

    checked = CheckedTaken(many=True, default=[], max_length=200)  # type: ignore[call-arg]


class RetireTaken(Taken):
    successor = Visible(
        queryset=Module.objects.all(),
        allow_null=True,
        default=None,
        help_text="A module in use, where learners are led.",
    )
    reason = Text(max_length=400, allow_blank=True, default="")


class MappingTaken(Taken):
    version = Visible(queryset=ModuleVersion.objects.all())
    behavior = Visible(queryset=Behavior.objects.all())
    audiences = Known(
        queryset=Audience.objects.all(),
        many=True,
        allow_null=True,
        default=None,
        help_text="null: every audience the behavior is asked of.",
    )
    depth = DepthTaken()
    rationale = Text(max_length=400, allow_blank=True, default="")


class ClearTaken(Taken):
    reason = Text(max_length=400, help_text="No impact because …")


class CompletionTaken(Taken):
    person = Mail(help_text="The e-mail address of who completed it.")
    version = Whole(min_value=1, max_value=LARGEST_ID)
    completed_at = Moment()
    source = Text(  # type: ignore[assignment]
        max_length=40, help_text="Where it comes from, such as “lms”."
    )
    external_id = Text(max_length=120, help_text="Its name there; kept once.")
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, allow_null=True, default=None
    )


class BatchTaken(Taken):
    completions = CompletionTaken(
        many=True,
        allow_empty=False,
        max_length=MOST_COMPLETIONS,  # type: ignore[call-arg]
    )


class ObservationTaken(Taken):
    client_key = Key()
    person = Visible(queryset=User.objects.all())
    behavior = Visible(queryset=Behavior.objects.all())
    observed_at = Moment()
    level = Whole(min_value=1, max_value=4, allow_null=True)
    occasion = Text(max_length=200, allow_blank=True, default="")
    evidence = Text(max_length=400, allow_blank=True, default="")


class ObservationCorrectionTaken(Taken):
    client_key = Key()
    level = Whole(min_value=1, max_value=4, allow_null=True, help_text="null: no chance to see it.")
    evidence = Text(max_length=400, allow_blank=True, default="")
