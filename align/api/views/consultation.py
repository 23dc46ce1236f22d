from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters, parsers
from align.api.errors import TooLarge
from align.api.serializers import consultation as shape
from align.api.serializers.base import Empty
from align.api.views.base import Listed, Read
from align.api.views.strategy import LEADS_ONLY, answered
from strategy import consultation, days, evidence, predictions
from strategy.consultation import doors
from strategy.models import (
    Comment,
    Concern,
    ConcernFile,
    History,
    Objective,
    Participant,
    Position,
    Round,
    Suggestion,
)

WRITERS_ONLY = "This is for those who write the draft."
BODY_AT_MOST = evidence.FILE_AT_MOST + 100_000  # the file, and the words around it


def how_many(rows: QuerySet[Any], *, of: str = "round") -> Any:
    """Count rows of each round, without joining them to it."""
    found = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(n=Count("pk"))
    return Coalesce(Subquery(found.values("n"), output_field=IntegerField()), 0)


def only_writers(round_: Round, by: Any) -> None:
    if not consultation.may_write(round_, by):
        raise PermissionDenied(WRITERS_ONLY)


class Consultations(Read):
    """Drafts as they were shared, to those who were asked and those who write them."""

    queryset = Round.objects.all()
    filterset_class = filters.Consultations
    orderings = {
        "-opened_at": ("-opened_at", "-pk"),
        "opened_at": ("opened_at", "pk"),
        "closes_at": ("closes_at", "pk"),
    }

    def get_serializer_class(self) -> Any:
        return shape.ConsultationShown if self.action == "list" else shape.ConsultationWholeShown

    def get_queryset(self) -> QuerySet[Round]:
        positions = Position.objects.all()
        rounds = (
            Round.objects.visible_to(self.person)
            .select_related("revision__objective__strategy", "opened_by")
            .annotate(
                title=KT("text__0__text"),
                asked=how_many(Participant.objects.all()),
                answered=how_many(positions, of="participant__round"),
                unanswered=how_many(Concern.objects.unanswered()),
                concerns_raised=how_many(Concern.objects.all()),
            )
        )
        if self.action == "list":
            return rounds.defer("text")
        people = Participant.objects.select_related("person", "position")
        return rounds.prefetch_related(Prefetch("participants", queryset=people))

    @extend_schema(
        summary="Share a draft and ask people about it",
        description="A round that is open ends with it. With a stale count of edits the answer "
        "is 409.",
        request=shape.ConsultationTaken,
        responses={201: shape.ConsultationWholeShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_lead:
            raise PermissionDenied(LEADS_ONLY)
        values, now = self.take(shape.ConsultationTaken), timezone.now()
        draft = values["draft"]
        if not Objective.objects.editable_by(self.person).filter(pk=draft.objective_id).exists():
            raise PermissionDenied(WRITERS_ONLY)
        people = values["people"]
        if people is None:
            today = days.day_of(now, strategy=draft.objective.strategy)
            people = consultation.usual_participants(draft, today=today)
        with answered(request):
            made = consultation.open_round(
                revision=draft,
                edits=values["edits"],
                people=people,
                closes_on=values["closes_on"],
                by=self.person,
                now=now,
            )
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Say whether you can teach it",
        description="Again changes it, while the round is open.",
        request=shape.PositionTaken,
        responses=shape.ConsultationWholeShown,
    )
    @action(detail=True, methods=["post"])
    def position(self, request: Request, pk: int) -> Response:
        round_ = self.find()
        doors.asked(round_, self.person)
        values = self.take(shape.PositionTaken)
        with answered(request):
            consultation.take_position(round_=round_, by=self.person, now=timezone.now(), **values)
        return self.show(round_)

    @extend_schema(
        summary="Ask more people",
        request=shape.AskTaken,
        responses=shape.ConsultationWholeShown,
    )
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: int) -> Response:
        round_ = self.find()
        only_writers(round_, self.person)
        values = self.take(shape.AskTaken)
        with answered(request):
            consultation.add_participants(
                round_=round_, by=self.person, now=timezone.now(), **values
            )
        return self.show(round_)

    @extend_schema(
        summary="Give it another last day",
        request=shape.ExtendTaken,
        responses=shape.ConsultationWholeShown,
    )
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: int) -> Response:
        round_ = self.find()
        only_writers(round_, self.person)
        values = self.take(shape.ExtendTaken)
        with answered(request):
            consultation.extend(round_=round_, by=self.person, now=timezone.now(), **values)
        return self.show(round_)

    @extend_schema(
        summary="End it before its day", request=Empty, responses=shape.ConsultationWholeShown
    )
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        round_ = self.find()
        only_writers(round_, self.person)
        self.take(Empty)
        with answered(request):
            consultation.close_round(round_=round_, by=self.person, now=timezone.now())
        return self.show(round_)


class Concerns(Read):
    """Failures that somebody predicts, with the day on which it shows whether they came."""

    queryset = Concern.objects.all()
    serializer_class = shape.ConcernShown
    filterset_class = filters.Concerns
    orderings = {
        "-raised_at": ("-raised_at", "-pk"),
        "raised_at": ("raised_at", "pk"),
        "check_on": ("check_on", "pk"),
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body that is too large before anything reads it."""
        length = str(request.META.get("CONTENT_LENGTH") or 0)
        if length.isascii() and length.isdigit() and int(length[:20]) > BODY_AT_MOST:
            raise TooLarge("The file is larger than 10 MB.")
        super().initial(request, *args, **kwargs)

    def get_parsers(self) -> list[Any]:
        """Take a file with a new concern, and nowhere else."""
        taken: list[Any] = super().get_parsers()
        return [*taken, MultiPartParser()] if self.action_map.get("post") == "create" else taken

    def get_queryset(self) -> QuerySet[Concern]:
        seen = Concern.objects.visible_to(self.person)
        return (
            predictions.judged(seen, now=timezone.now())
            .select_related(
                "round__revision__objective__strategy", "raised_by", "answered_by", "file"
            )
            .defer("round__text", "file__body")
        )

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Look up the reports of a whole page at once; none that the person may not read."""
        if args:
            rows = list(args[0]) if kwargs.get("many") else [args[0]]
            seen = evidence.reports(self.person, [ref for row in rows for ref in row.reports])
            for row in rows:
                row.reports_seen = [ref for ref in row.reports if ref in seen]
        return super().get_serializer(*args, **kwargs)

    @extend_schema(
        summary="Predict how a paragraph will fail",
        description="It needs evidence: reports, a count of visits, or a file. With a file, send "
        "multipart/form-data: `concern` holds the JSON, `file` the file, up to 10 MB.",
        request={
            "application/json": shape.ConcernTaken,
            "multipart/form-data": shape.ConcernWithFileTaken,
        },
        responses={201: shape.ConcernShown},
    )
    def create(self, request: Request) -> Response:
        values, file = self.take_concern(request)
        round_ = values.pop("consultation")
        with answered(request):
            made = consultation.raise_concern(
                round_=round_, by=self.person, file=file, now=timezone.now(), **values
            )
        return self.show(made, status=status.HTTP_201_CREATED)

    def take_concern(self, request: Request) -> tuple[dict[str, Any], consultation.File | None]:
        data, sent = request.data, None
        if isinstance(data, QueryDict):
            data, sent = parsers.json_and_file(data, name="concern")
        checked = shape.ConcernTaken(data=data, context=self.get_serializer_context())
        checked.is_valid(raise_exception=True)
        file = consultation.File(name=sent.name or "", body=sent.read()) if sent else None
        return checked.validated_data, file

    @extend_schema(
        summary="Read the file",
        description="As bytes; what they are is the `kind` of the file.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: int) -> HttpResponse:
        found = self.find(Concern.objects.visible_to(self.person).exclude(file=None))
        file = ConcernFile.objects.get(concern=found)
        answer = HttpResponse(bytes(file.body), content_type="application/octet-stream")
        answer.headers["Content-Disposition"] = attachment(file.name)
        return answer

    @extend_schema(
        summary="Answer a concern", request=shape.AnswerTaken, responses=shape.ConcernShown
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: int) -> Response:
        concern = self.find()
        only_writers(concern.round, self.person)
        values = self.take(shape.AnswerTaken)
        with answered(request):
            consultation.answer_concern(
                concern=concern,
                answer=values["answer"],
                words=values["answer_text"],
                by=self.person,
                now=timezone.now(),
            )
        return self.show(concern)

    @extend_schema(
        summary="Say whether the answer settles it",
        request=shape.SettleTaken,
        responses=shape.ConcernShown,
    )
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: int) -> Response:
        concern = self.find()
        if concern.raised_by_id != self.person.pk:
            raise PermissionDenied("This is for the one who raised it.")
        values = self.take(shape.SettleTaken)
        with answered(request):
            consultation.settle_concern(
                concern=concern, by=self.person, now=timezone.now(), **values
            )
        return self.show(concern)

    @extend_schema(
        summary="Say whether it came true, from its day on",
        description="The lead's word and the raiser's stand beside each other.",
        request=shape.OutcomeTaken,
        responses=shape.ConcernShown,
    )
    @action(detail=True, methods=["post"])
    def outcome(self, request: Request, pk: int) -> Response:
        concern = self.find()
        if concern.raised_by_id != self.person.pk:
            only_writers(concern.round, self.person)
        values = self.take(shape.OutcomeTaken)
        with answered(request):
            consultation.record_outcome(
                concern=concern, by=self.person, now=timezone.now(), **values
            )
        return self.show(concern)


def attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


class Comments(Read):
    """Remarks on paragraphs, and replies to them."""

    queryset = Comment.objects.all()
    serializer_class = shape.CommentShown
    filterset_class = filters.Comments
    orderings = {"at": ("at", "pk"), "-at": ("-at", "-pk")}

    def get_queryset(self) -> QuerySet[Comment]:
        seen = Comment.objects.visible_to(self.person)
        return seen.select_related("author").prefetch_related(Prefetch("thread", queryset=seen))

    @extend_schema(
        summary="Remark on a paragraph, or reply",
        request=shape.CommentTaken,
        responses={201: shape.CommentShown},
    )
    def create(self, request: Request) -> Response:
        values = self.take(shape.CommentTaken)
        with answered(request):
            made = consultation.comment(
                round_=values["consultation"],
                paragraph=values["paragraph"],
                words=values["text"],
                thread=values["thread"],
                by=self.person,
                now=timezone.now(),
            )
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Take your own remark back",
        description="That there was one stays to be seen.",
        request=Empty,
        responses=shape.CommentShown,
    )
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: int) -> Response:
        comment = self.find()
        self.take(Empty)
        with answered(request):
            consultation.take_back(comment=comment, by=self.person, now=timezone.now())
        return self.show(comment)


class Suggestions(Read):
    """Behaviors that people who are asked name for a draft."""

    queryset = Suggestion.objects.all()
    serializer_class = shape.SuggestionShown
    filterset_class = filters.Suggestions
    orderings = {"-at": ("-at", "-pk"), "at": ("at", "pk")}

    def get_queryset(self) -> QuerySet[Suggestion]:
        return (
            Suggestion.objects.visible_to(self.person)
            .select_related(
                "by", "sales_role", "answered_by", "round__revision__objective__strategy"
            )
            .defer("round__text")
        )

    @extend_schema(
        summary="Name a behavior for the draft",
        request=shape.SuggestionTaken,
        responses={201: shape.SuggestionShown},
    )
    def create(self, request: Request) -> Response:
        values = self.take(shape.SuggestionTaken)
        round_ = values.pop("consultation")
        with answered(request):
            made = consultation.suggest(round_=round_, by=self.person, now=timezone.now(), **values)
        return self.show(made, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="suggestions_take",
        summary="Write it into the draft, at its end",
        request=shape.AcceptTaken,
        responses=shape.SuggestionShown,
    )
    @action(detail=True, methods=["post"], url_path="take", url_name="take")
    def accept(self, request: Request, pk: int) -> Response:
        suggestion = self.find()
        only_writers(suggestion.round, self.person)
        values = self.take(shape.AcceptTaken)
        with answered(request):
            consultation.take_suggestion(
                suggestion=suggestion, by=self.person, now=timezone.now(), **values
            )
        return self.show(suggestion)

    @extend_schema(
        summary="Leave it out, and say why",
        request=shape.DeclineTaken,
        responses=shape.SuggestionShown,
    )
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: int) -> Response:
        suggestion = self.find()
        only_writers(suggestion.round, self.person)
        values = self.take(shape.DeclineTaken)
        with answered(request):
            consultation.decline_suggestion(
                suggestion=suggestion, by=self.person, now=timezone.now(), **values
            )
        return self.show(suggestion)


class HistoryRows(Listed):
    """What was done to strategies: who, when, and the values before and after."""

    queryset = History.objects.all()
    serializer_class = shape.HistoryShown
    filterset_class = filters.History
    orderings = {"-at": ("-at", "-pk"), "at": ("at", "pk")}

    def get_queryset(self) -> QuerySet[History]:
        return History.objects.visible_to(self.person).select_related("actor")
