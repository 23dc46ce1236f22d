"""Pages by cursor: the next page begins after the last row seen, whatever happened meanwhile."""

from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

SALT = "api.cursor"
PAGE = 50
LARGEST = 200


class Cursor(BasePagination):
    """Forward only, by the view's allow-listed orders; each ends with the primary key.

    The cursor is signed, so nobody's guess reaches the database.
    """

    parameters = ("cursor", "page_size", "ordering")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.order = order_of(request, allowed=view.orderings)
        size = size_of(request)
        rows = list(after(queryset.order_by(*self.order), request, self.order)[: size + 1])
        self.more = len(rows) > size
        self.page = rows[:size]
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_address(), "results": data})

    def next_address(self) -> str | None:
        if not self.more:
            return None
        query = self.request.query_params.dict() | {"cursor": dump(self.page[-1], self.order)}
        return self.request.build_absolute_uri(f"{self.request.path}?{urlencode(query)}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        address = {
            "type": "string",
            "nullable": True,
            "format": "uri",
            "description": "The next page; null on the last one.",
        }
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {"next": address, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": PAGE}
        orders = list(view.orderings)
        order = {"type": "string", "enum": orders, "default": orders[0]}
        return [
            parameter("cursor", {"type": "string"}, "Taken from `next`; never made up."),
            parameter("page_size", size, "How many rows at once."),
            parameter("ordering", order, "The order of the rows."),
        ]


def parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


def size_of(request: Request) -> int:
    asked = request.query_params.get("page_size", str(PAGE))
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:6]) <= LARGEST):
        raise ValidationError({"page_size": [f"Give a number from 1 to {LARGEST}."]})
    return int(asked)


def order_of(request: Request, *, allowed: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the fields of the order asked for; the first one allowed is the default."""
    asked = request.query_params.get("ordering", next(iter(allowed)))
    if asked not in allowed:
        raise ValidationError({"ordering": [f"Choose one of: {', '.join(allowed)}."]})
    return allowed[asked]


def after(queryset: QuerySet[Any], request: Request, order: tuple[str, ...]) -> QuerySet[Any]:
    if "cursor" not in request.query_params:
        return queryset
    return queryset.filter(beyond(order, load(request.query_params["cursor"], order)))


def beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after this one: larger in the first field, or equal there and after it in the rest."""
    (field, *rest), (value, *others) = order, values
    name = field.removeprefix("-")
    later = Q(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": value})
    if not rest:
        return later
    return later | (Q(**{name: value}) & beyond(tuple(rest), others))


def dump(row: Model, order: tuple[str, ...]) -> str:
    values = [value_of(row, field.removeprefix("-")) for field in order]
    return signing.dumps([list(order), values], salt=SALT, serializer=Values)


def load(cursor: str, order: tuple[str, ...]) -> list[Any]:
    try:
        made_for, values = signing.loads(cursor, salt=SALT, serializer=Values)
    except signing.BadSignature as error:
        raise ValidationError({"cursor": ["Take the cursor from “next”."]}) from error
    if tuple(made_for) != order:
        raise ValidationError({"cursor": ["This cursor was made for another order."]})
    return list(values)


def value_of(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


class Values(signing.JSONSerializer):
    """Times and decimals too, exactly as the database reads them back."""

    def dumps(self, obj: Any) -> bytes:
        return JSONEncoder(separators=(",", ":")).encode(obj).encode("latin-1")
