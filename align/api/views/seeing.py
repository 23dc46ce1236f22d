from typing import Any

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
from align.api.fields import Known
from align.api.serializers import seeing as shape
from align.api.views.base import Read, Resource
from align.api.views.training import answered
from training import actions, assessing, seeing
from training.models import Assessment, Observation

NOBODY = str(Known.default_error_messages["does_not_exist"])
NOT_ASKED = "This behavior is not asked of this person."


class Visits(Resource):
    """Several behaviors of one person at once."""

    queryset = Observation.objects.none()
    serializer_class = shape.VisitShown

    @extend_schema(
        summary="Record what one visit showed",
        description="All of it or nothing. The same client key and body again: 200 with the "
        "first one. Another body: 409.",
        request=shape.VisitTaken,
        responses={201: shape.VisitShown, 200: shape.VisitShown},
    )
    def create(self, request: Request) -> Response:
        if not self.person.is_manager:
            raise PermissionDenied("This is for managers.")
        values = self.take(shape.VisitTaken)
        people = {row.user_id: row for row in seeing.people_of(self.person)}
        member = people.get(values.pop("person"))
        if member is None:
            raise ValidationError({"person": [NOBODY]})
        asked = {row.behavior_id for row in seeing.asked_of([member])[member.user_id]}
        looks = [actions.Look(**look) for look in values.pop("looks")]
        wrong = {
            f"looks.{at}.behavior": [NOT_ASKED]
            for at, look in enumerate(looks)
            if look.behavior.pk not in asked
        }
        if wrong:
            raise ValidationError(wrong)
        with answered(request):
            made, new = actions.record_visit(
                user=member.user, observer=self.person, looks=looks, now=timezone.now(), **values
            )
        rows = Observation.objects.visible_to(self.person).filter(pk__in=[row.pk for row in made])
        related = rows.select_related("user", "observer", "behavior_revision").order_by("pk")
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return Response(shape.VisitShown({"observations": related}).data, status=code)


class Assessments(Read):
    """How people did a behavior, by its anchors. Yours, what you judged, your teams'."""

    queryset = Assessment.objects.all()
    serializer_class = shape.AssessmentShown
    filterset_class = filters.Assessments
    orderings = {"-assessed_at": ("-assessed_at", "-pk"), "assessed_at": ("assessed_at", "pk")}

    def get_queryset(self) -> QuerySet[Assessment]:
        seen = Assessment.objects.visible_to(self.person)
        return seen.select_related("user", "assessor", "behavior_revision__behavior")

    @extend_schema(
        summary="Assess several people at one behavior",
        description="Managers assess their teams, trainers whom they taught. All of it or "
        "nothing. The same client key and body again: 200 with the first ones. Another: 409.",
        request=shape.AssessmentTaken,
        responses={201: shape.AssessedShown, 200: shape.AssessedShown},
    )
    def create(self, request: Request) -> Response:
        if not (self.person.is_manager or self.person.is_trainer):
            raise PermissionDenied("This is for managers and trainers.")
        values, now = self.take(shape.AssessmentTaken), timezone.now()
        judged = self.resolved(values.pop("people"), behavior=values["behavior"].pk)
        with answered(request):
            made, new = actions.assess(judged=judged, assessor=self.person, now=now, **values)
        rows = self.get_queryset().filter(pk__in=[row.pk for row in made]).order_by("pk")
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return Response(shape.AssessedShown({"assessments": rows}).data, status=code)

    def resolved(self, rows: list[dict[str, Any]], *, behavior: int) -> list[actions.Judged]:
        """Find the people one may assess at this; name every one not found."""
        choice = assessing.choice(self.person, now=timezone.now())
        if all(row.behavior_id != behavior for row in choice.words):
            raise ValidationError({"behavior": [NOBODY]})
        wrong = {}
        for at, row in enumerate(rows):
            asked = choice.asked.get(row["person"])
            if asked is None:
                wrong[f"people.{at}.person"] = [NOBODY]
            elif all(words.behavior_id != behavior for words in asked):
                wrong[f"people.{at}.person"] = [NOT_ASKED]
        if wrong:
            raise ValidationError(wrong)
        return [
            actions.Judged(
                user=choice.members[row["person"]].user, level=row["level"], note=row["note"]
            )
            for row in rows
        ]

    @extend_schema(
        summary="Correct one of your own",
        description="The first stays on record. For 30 days.",
        request=shape.AssessmentCorrectionTaken,
        responses={201: shape.AssessmentShown, 200: shape.AssessmentShown},
    )
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: int) -> Response:
        found = self.find()
        if found.assessor_id != self.person.pk:
            raise PermissionDenied("Only who assessed it corrects it.")
        values = self.take(shape.AssessmentCorrectionTaken)
        with answered(request):
            made, new = actions.correct_assessment(
                assessment=found, by=self.person, now=timezone.now(), **values
            )
        return self.show(made, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)
