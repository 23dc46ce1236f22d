from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from align.api import filters, tokens
from align.api.errors import MISSING
from align.api.serializers import people as shape
from align.api.serializers.base import Empty
from align.api.views.base import Listed, Private, Read
from align.notices.models import Notice
from align.people.models import Audience, Membership, SalesRole, Team, User


def with_today(people: QuerySet[User]) -> QuerySet[User]:
    """Fetch today's membership of everybody on the page at once."""
    memberships = Membership.objects.on(timezone.now().date())
    return people.prefetch_related(
        Prefetch("memberships", queryset=memberships, to_attr="memberships_today")
    )


class People(Read):
    """The people you may see: yourself; a manager's teams; everybody for an admin."""

    queryset = User.objects.all()
    serializer_class = shape.PersonShown
    filterset_class = filters.People
    orderings = {"name": ("name", "pk"), "id": ("pk",)}

    def get_queryset(self) -> QuerySet[User]:
        return with_today(User.objects.visible_to(self.person))


class Teams(Read):
    queryset = Team.objects.all()
    serializer_class = shape.TeamShown
    orderings = {"name": ("name", "pk"), "id": ("pk",)}

    def get_queryset(self) -> QuerySet[Team]:
        return Team.objects.visible_to(self.person)


class SalesRoles(Listed):
    queryset = SalesRole.objects.all()
    serializer_class = shape.Named
    orderings = {"name": ("name", "pk")}


class Audiences(Listed):
    """The rules “these sales roles in these teams” that behaviors are asked of."""

    queryset = Audience.objects.all()
    serializer_class = shape.Named
    orderings = {"name": ("name", "pk")}


class Notices(Read):
    """What Align tells you."""

    queryset = Notice.objects.all()
    serializer_class = shape.NoticeShown
    filterset_class = filters.Notices
    orderings = {"-created_at": ("-created_at", "-pk")}

    def get_queryset(self) -> QuerySet[Notice]:
        return Notice.objects.visible_to(self.person)

    @extend_schema(summary="Mark one notice read", request=Empty, responses=shape.NoticeShown)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: int) -> Response:
        self.take(Empty)
        notice = self.find()
        Notice.objects.filter(pk=notice.pk).read(now=timezone.now())
        return self.show(notice)

    @extend_schema(
        operation_id="notices_read_all",
        summary="Mark all your notices read",
        request=Empty,
        responses=shape.ReadShown,
    )
    @action(detail=False, methods=["post"], url_path="read")
    def read_all(self, request: Request) -> Response:
        self.take(Empty)
        return Response({"read": Notice.objects.visible_to(self.person).read(now=timezone.now())})


class Me(Private):
    """Who you are here."""

    @extend_schema(operation_id="me", summary="Who you are", responses=shape.MeShown)
    def get(self, request: Request) -> Response:
        me = with_today(User.objects.select_related("auth_token")).get(pk=the_person(request).pk)
        return Response(shape.MeShown(me).data)


class MyToken(Private):
    """A token for programs. Only a session makes one: a leaked token cannot renew itself."""

    authentication_classes = [SessionAuthentication]

    @extend_schema(
        operation_id="me_token_create",
        summary="Make a token; the one before ends",
        request=Empty,
        responses={201: shape.TokenShown},
    )
    def post(self, request: Request) -> Response:
        Empty(data=request.data).is_valid(raise_exception=True)
        key = tokens.rotate(user=the_person(request))
        return Response({"token": key}, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="me_token_revoke", summary="End your token", responses={204: None})
    def delete(self, request: Request) -> Response:
        tokens.revoke(user=the_person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def the_person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@login_not_required
@csrf_exempt
def missing(request: HttpRequest) -> JsonResponse:
    """Answer whatever else is asked for under /api/, in JSON as everything here."""
    answer = JsonResponse({"code": "not_found", "detail": MISSING}, status=404)
    patch_cache_control(answer, private=True, no_store=True)
    return answer
