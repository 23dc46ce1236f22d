from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters
from align.api.serializers import owning as shape
from align.api.views.base import Listed, Read
from align.api.views.strategy import answered
from strategy import choices, owning, remembered
from strategy.models import (
    Acknowledgment,
    Behavior,
    BehaviorRevision,
    Brief,
    RecallCheck,
    Revision,
    TeachBack,
)

TRAINERS_ONLY = "This is for trainers."


class Briefs(Read):
    """Why the company does this, signed by the lead, and what it means for a team."""

    queryset = Brief.objects.all()
    serializer_class = shape.BriefShown
    filterset_class = filters.Briefs
    orderings = {"-signed_at": ("-signed_at", "-pk")}

    def get_queryset(self) -> QuerySet[Brief]:
        return Brief.objects.visible_to(self.person).select_related(
            "revision", "behavior", "signed_by"
        )

    @extend_schema(
        summary="Sign a slot",
        description="Signing again replaces the text.",
        request=shape.BriefTaken,
        responses={201: shape.BriefShown},
    )
    def create(self, request: Request) -> Response:
        if not (self.person.is_lead or self.person.is_manager):
            raise PermissionDenied("This is for strategy leads and managers.")
        values = self.take(shape.BriefTaken)
        values["behavior"] = words_in_force(values["behavior"], values["revision"])
        with answered(request):
            signed = owning.sign_brief(by=self.person, now=timezone.now(), **values)
        return self.show(signed, status=status.HTTP_201_CREATED)


def words_in_force(behavior: Behavior | None, revision: Revision) -> BehaviorRevision | None:
    """Return the words of a behavior in the revision in force of the same objective."""
    if behavior is None:
        return None
    current = BehaviorRevision.objects.filter(revision=revision.objective.current_id)
    words = current.filter(behavior=behavior).first()
    if words is None:
        raise ValidationError({"behavior": ["Choose a behavior of this objective."]})
    return words


class Acknowledgments(Listed):
    """What you have read."""

    queryset = Acknowledgment.objects.all()
    serializer_class = shape.AcknowledgmentShown
    filterset_class = filters.Acknowledgments
    orderings = {"-at": ("-at", "-pk")}

    def get_queryset(self) -> QuerySet[Acknowledgment]:
        return Acknowledgment.objects.visible_to(self.person).select_related("revision")

    @extend_schema(
        summary="Say that you have read it",
        description="Once is enough until it changes in substance: again answers 200 with the "
        "first one.",
        request=shape.AcknowledgmentTaken,
        responses={201: shape.AcknowledgmentShown, 200: shape.AcknowledgmentShown},
    )
    def create(self, request: Request) -> Response:
        values, now = self.take(shape.AcknowledgmentTaken), timezone.now()
        with answered(request):
            made = owning.acknowledge(by=self.person, now=now, **values)
        return self.show(made, status=new_or_known(made.at == now))


def new_or_known(new: bool) -> int:
    return status.HTTP_201_CREATED if new else status.HTTP_200_OK


class Recall(Read):
    """What you still knew of a why, 2, 21 and 60 days after you read it. Only you see it."""

    queryset = RecallCheck.objects.all()
    serializer_class = shape.RecallCheckShown
    filterset_class = filters.Recall
    orderings = {"-recalled_at": ("-recalled_at", "-pk")}

    def get_queryset(self) -> QuerySet[RecallCheck]:
        return RecallCheck.objects.visible_to(self.person).select_related(
            "revision__objective__current", "person"
        )

    @extend_schema(
        operation_id="recall_due", summary="What waits for you", responses=shape.DueListShown
    )
    @action(detail=False, methods=["get"])
    def due(self, request: Request) -> Response:
        waiting = remembered.due(now=timezone.now(), person=self.person)
        return Response(shape.DueListShown({"due": waiting}).data)

    @extend_schema(
        summary="Say what you still know of a why",
        description="The first word counts: again answers 200 with it. Then comes the choice.",
        request=shape.RecallCheckTaken,
        responses={201: shape.RecallCheckShown, 200: shape.RecallCheckShown},
    )
    def create(self, request: Request) -> Response:
        values, now = self.take(shape.RecallCheckTaken), timezone.now()
        with answered(request):
            made = owning.recall_why(by=self.person, now=now, **values)
        return self.show(made, status=new_or_known(made.recalled_at == now))

    @extend_schema(summary="The reasons to choose from", responses=shape.ReasonsShown)
    @action(detail=True, methods=["get"])
    def reasons(self, request: Request, pk: int) -> Response:
        return Response(shape.ReasonsShown({"reasons": choices.of(self.find())}).data)

    @extend_schema(
        summary="Choose the reason you recognize",
        description="The first choice counts.",
        request=shape.ChoiceTaken,
        responses=shape.RecallCheckShown,
    )
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: int) -> Response:
        check = self.find()
        values = self.take(shape.ChoiceTaken)
        with answered(request):
            owning.choose(check=check, now=timezone.now(), **values)
        return self.show(check)


class TeachBacks(Read):
    """Trainers explain a why in their own words: to the trainer, and to those who sign."""

    queryset = TeachBack.objects.all()
    serializer_class = shape.TeachBackShown
    filterset_class = filters.TeachBacks
    orderings = {"-given_at": ("-given_at", "-pk")}

    def get_queryset(self) -> QuerySet[TeachBack]:
        return TeachBack.objects.visible_to(self.person).select_related(
            "revision__objective__current",
            "revision__objective__strategy",
            "trainer",
            "answered_by",
        )

    @extend_schema(
        summary="Explain the why, for the lead to sign",
        description="While it waits, giving it again replaces the words.",
        request=shape.TeachBackTaken,
        responses={201: shape.TeachBackShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_trainer:
            raise PermissionDenied(TRAINERS_ONLY)
        values = self.take(shape.TeachBackTaken)
        with answered(request):
            given = owning.give_teach_back(by=self.person, now=timezone.now(), **values)
        return self.show(given, status=status.HTTP_201_CREATED)

    def find_to_answer(self) -> TeachBack:
        given: TeachBack = self.find()
        if not owning.may_sign_reason(given.revision.objective, self.person):
            raise PermissionDenied("This is for the objective's owner.")
        return given

    @extend_schema(
        summary="Sign: this trainer can tell the why",
        request=shape.SignTaken,
        responses=shape.TeachBackShown,
    )
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: int) -> Response:
        given = self.find_to_answer()
        values = self.take(shape.SignTaken)
        with answered(request):
            owning.sign_teach_back(teach_back=given, by=self.person, now=timezone.now(), **values)
        return self.show(given)

    @extend_schema(
        operation_id="teach_backs_return",
        summary="Give it back with what is missing",
        request=shape.ReturnTaken,
        responses=shape.TeachBackShown,
    )
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: int) -> Response:
        given = self.find_to_answer()
        values = self.take(shape.ReturnTaken)
        with answered(request):
            owning.return_teach_back(teach_back=given, by=self.person, now=timezone.now(), **values)
        return self.show(given)
