"""What all of them share."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework import status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from align.api import filters
from align.api.errors import NoLength
from align.api.pagination import Cursor
from align.people.models import User


class Private(APIView):
    """Answers for one pair of eyes, kept nowhere; what a request cannot mean is refused."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        filters.check(request, known=self.known_parameters())
        if "HTTP_TRANSFER_ENCODING" in request.META:
            raise NoLength

    def known_parameters(self) -> set[str]:
        return set()

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        patch_cache_control(answer, private=True, no_store=True)
        patch_vary_headers(answer, ["Authorization", "Cookie"])
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Say which methods there are; what they take is in the schema."""
        return Response(status=status.HTTP_204_NO_CONTENT)


class Resource(Private, GenericViewSet[Any]):
    """One kind of object behind its door.

    ``orderings`` are the orders a list may be asked for, the default first; each ends with the
    primary key, and no field of one may be null.
    """

    orderings: dict[str, tuple[str, ...]] = {}
    lookup_value_converter = "int"
    serializer_class: Any

    @property
    def person(self) -> User:
        user = self.request.user
        assert isinstance(user, User)
        return user

    def known_parameters(self) -> set[str]:
        if self.action != "list":
            return set()
        filterset = getattr(self, "filterset_class", None)
        return set(Cursor.parameters) | set(filterset.base_filters if filterset else ())

    def find(self, queryset: QuerySet[Any] | None = None) -> Any:
        """Return the object of the address, or 404, missing and invisible alike."""
        rows = self.get_queryset() if queryset is None else queryset
        key = self.kwargs[self.lookup_url_kwarg or self.lookup_field]
        return get_object_or_404(rows, **{self.lookup_field: key})

    def get_object(self) -> Any:
        return self.find()

    def take(self, serializer: type[Any]) -> dict[str, Any]:
        """Return the checked body, or raise what is wrong with which field."""
        checked = serializer(data=self.request.data, context=self.get_serializer_context())
        checked.is_valid(raise_exception=True)
        values: dict[str, Any] = checked.validated_data
        return values

    def show(self, row: Any, *, status: int = status.HTTP_200_OK) -> Response:
        """Answer with the row as a list or a GET of it would show it."""
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(self.get_serializer(fresh).data, status=status)


class Listed(ListModelMixin, Resource):
    """May be listed."""


class Read(ListModelMixin, RetrieveModelMixin, Resource):
    """May be listed and read one by one."""
