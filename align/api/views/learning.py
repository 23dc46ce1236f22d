from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters, parsers
from align.api.errors import TooLarge
from align.api.serializers import learning as shape
from align.api.views.base import Listed, Read
from align.api.views.training import answered
from align.people.models import User
from training import actions
from training.models import Attempt, Module, ModuleImage, Progress

BODY_AT_MOST = actions.PICTURE_AT_MOST + 100_000  # the file and the words beside it


class Images(Read):
    """The pictures in the contents of modules."""

    queryset = ModuleImage.objects.all()
    serializer_class = shape.ImageShown
    filterset_class = filters.Images
    orderings = {"-created_at": ("-created_at", "-pk"), "id": ("pk",)}
    lookup_field = "ref"
    lookup_value_converter = "uuid"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body that is too large before anything reads it."""
        length = str(request.META.get("CONTENT_LENGTH") or 0)
        if length.isascii() and length.isdigit() and int(length[:20]) > BODY_AT_MOST:
            raise TooLarge("The file is larger than 2 MB.")
        super().initial(request, *args, **kwargs)

    def get_parsers(self) -> list[Any]:
        """Take a file with a new picture, and nowhere else."""
        taken: list[Any] = super().get_parsers()
        return [*taken, MultiPartParser()] if self.action_map.get("post") == "create" else taken

    def get_queryset(self) -> QuerySet[ModuleImage]:
        return ModuleImage.objects.visible_to(self.person).defer("body")

    @extend_schema(
        summary="Keep a picture",
        description="Its owner adds pictures to a module: `image` holds the JSON, `file` the file. "
        "The same bytes again: 200 with the picture there is.",
        request={"multipart/form-data": shape.ImageWithFileTaken},
        responses={201: shape.ImageShown, 200: shape.ImageShown},
    )
    def create(self, request: Request) -> Response:
        data, file = request.data, None
        if isinstance(data, QueryDict):
            data, file = parsers.json_and_file(data, name="image")
        checked = shape.ImageTaken(data=data, context=self.get_serializer_context())
        checked.is_valid(raise_exception=True)
        if file is None:
            raise ValidationError({"file": ["Send a picture as multipart/form-data."]})
        module = checked.validated_data["module"]
        only_owner(module, self.person)
        with answered(request):
            kept, made = actions.add_picture(
                module=module,
                name=checked.validated_data["name"],
                body=file.read(),
                by=self.person,
                now=timezone.now(),
            )
        return self.show(kept, status=status.HTTP_201_CREATED if made else status.HTTP_200_OK)

    @extend_schema(
        summary="Take a picture away",
        description="Not while a published version shows it.",
        responses={204: None},
    )
    def destroy(self, request: Request, ref: str) -> Response:
        image = self.find(self.get_queryset().select_related("module"))
        only_owner(image.module, self.person)
        with answered(request):
            actions.remove_picture(picture=image)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Read the picture",
        description="As bytes; what they are is its `kind`.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, ref: str) -> HttpResponse:
        image = self.find(ModuleImage.objects.visible_to(self.person))
        answer = HttpResponse(bytes(image.body), content_type="application/octet-stream")
        answer.headers["Content-Disposition"] = "attachment"
        return answer


def only_owner(module: Module, person: User) -> None:
    if not Module.objects.editable_by(person).filter(pk=module.pk).exists():
        raise PermissionDenied("Only its owner changes a module.")


class Places(Listed):
    """How far you are in the modules you began."""

    queryset = Progress.objects.all()
    serializer_class = shape.ProgressShown
    filterset_class = filters.Places
    orderings = {"-updated_at": ("-updated_at", "-pk")}

    def get_queryset(self) -> QuerySet[Progress]:
        return Progress.objects.visible_to(self.person).select_related("version")

    @extend_schema(
        summary="Keep how far you are",
        description="The part you read, what you ticked in the quiz, or both. Nothing is judged.",
        request=shape.ProgressTaken,
        responses=shape.ProgressShown,
    )
    def create(self, request: Request) -> Response:
        values = self.take(shape.ProgressTaken)
        version, part, answers = values["version"], values["part"], values["answers"]
        if part is None and answers is None:
            raise ValidationError({"part": ["Say which part you read, or what you ticked."]})
        row = None
        with answered(request):
            if part is not None:
                row = actions.keep_place(
                    user=self.person, version=version, part=part, now=timezone.now()
                )
            if answers is not None:
                row = actions.keep_answers(
                    user=self.person, version=version, answers=ticks(answers), now=timezone.now()
                )
        return self.show(row)


class Attempts(Listed):
    """Your tries at quizzes."""

    queryset = Attempt.objects.all()
    serializer_class = shape.AttemptShown
    filterset_class = filters.Attempts
    orderings = {"-at": ("-at", "-pk")}

    def get_queryset(self) -> QuerySet[Attempt]:
        return Attempt.objects.visible_to(self.person).select_related("version")

    @extend_schema(
        summary="Try a quiz",
        description="Passing completes the module, once a day. The answer never says what would "
        "have been right. The same client key and answers again: 200 with the first try. Other "
        "answers: 409.",
        request=shape.AttemptTaken,
        responses={201: shape.AttemptShown, 200: shape.AttemptShown},
    )
    def create(self, request: Request) -> Response:
        values = self.take(shape.AttemptTaken)
        with answered(request):
            tried = actions.try_quiz(
                user=self.person,
                version=values["version"],
                answers=ticks(values["answers"]),
                client_key=values["client_key"],
                now=timezone.now(),
            )
        code = status.HTTP_201_CREATED if tried.made else status.HTTP_200_OK
        return self.show(tried.attempt, status=code)


def ticks(answers: Sequence[Sequence[int]]) -> dict[int, tuple[int, ...]]:
    return {at: tuple(places) for at, places in enumerate(answers) if places}
