from typing import Any

from rest_framework import serializers

from align.api.fields import Key, Moment, Text, Visible, Whole
from align.api.serializers.base import Shown, Taken
from training import actions, quiz
from training.models import Module, ModuleVersion

# Out


class ImageShown(Shown):
    ref = serializers.UUIDField()
    module = serializers.IntegerField(source="module_id")
    name = serializers.CharField()
    kind = serializers.CharField(help_text="The media type that its bytes show.")
    size = serializers.IntegerField(help_text="In bytes.")
    markdown = serializers.SerializerMethodField(help_text="The line that shows it in a content.")
    created_at = Moment()

    def get_markdown(self, image: Any) -> str:
        return f"![{image.name}]({image.get_absolute_url()})"


class ProgressShown(Shown):
    version = serializers.IntegerField(source="version_id")
    module = serializers.IntegerField(source="version.module_id")
    part = serializers.IntegerField(help_text="The part read last, from 1 on.")
    answers = serializers.SerializerMethodField(
        help_text="What is ticked and not judged yet: by question, the places of the options."
    )
    updated_at = Moment()

    def get_answers(self, progress: Any) -> list[list[int]]:
        return as_list(progress.version, progress.answers)


class AttemptShown(Shown):
    id = serializers.IntegerField()
    version = serializers.IntegerField(source="version_id")
    module = serializers.IntegerField(source="version.module_id")
    at = Moment()
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    passed = serializers.BooleanField()
    read_again = serializers.SerializerMethodField(
        help_text="The questions that were not right, from 1 on."
    )
    source = serializers.CharField()  # type: ignore[assignment]
    external_id = serializers.CharField()

    def get_read_again(self, attempt: Any) -> list[int]:
        asked = quiz.parse(attempt.version.quiz)
        if attempt.source != actions.SOURCE or not asked:
            return []
        ticks = quiz.ticks_of(attempt.answers)
        return list(quiz.grade(asked, ticks, pass_mark=attempt.version.pass_mark).wrong)


def as_list(version: ModuleVersion, kept: dict[str, list[int]]) -> list[list[int]]:
    ticks = quiz.ticks_of(kept)
    return [list(ticks.get(at, ())) for at in range(len(version.quiz))]


# In


class Answers(serializers.ListField):
    """One list of places a question, in their order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=serializers.ListField(
                child=Whole(min_value=0, max_value=quiz.OPTIONS[1] - 1), max_length=quiz.OPTIONS[1]
            ),
            max_length=quiz.QUESTIONS,
            **kwargs,
        )


class ImageTaken(Taken):
    module = Visible(queryset=Module.objects.all())
    name = Text(max_length=120, help_text="What it shows, in a few words.")


class ImageWithFileTaken(Taken):
    """In two parts: what it is as JSON, and the file."""

    image = ImageTaken()
    file = serializers.FileField(help_text="PNG, JPEG, WebP or GIF, up to 2 MB.")


class ProgressTaken(Taken):
    version = Visible(queryset=ModuleVersion.objects.in_use())
    part = Whole(min_value=1, max_value=10_000, allow_null=True, default=None)
    answers = Answers(allow_null=True, default=None)


class AttemptTaken(Taken):
    version = Visible(queryset=ModuleVersion.objects.in_use())
    answers = Answers()
    client_key = Key(help_text="Made by you; the same key again is the same try.")
