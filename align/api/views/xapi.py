"""Statements of learning platforms: who completed, passed or failed which module."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as NotValid
from django.core.validators import validate_email
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from align.api.errors import Conflict
from align.api.serializers import delivering as shape
from align.api.views.base import Private
from align.api.views.delivering import is_importer
from align.people.models import User
from training import actions

VERSION = "1.0.3"
HEADER = "X-Experience-API-Version"
MOST_STATEMENTS = 500
VERBS = {
    f"{scheme}://adlnet.gov/expapi/verbs/{verb}": verb
    for scheme in ("http", "https")
    for verb in ("completed", "passed", "failed")
}


IDS = {"type": "array", "items": {"type": "string", "format": "uuid"}}


class Statements(Private):
    """xAPI, as far as completions go."""

    @extend_schema(
        operation_id="xapi_statements",
        summary="Take statements of a learning platform",
        description="One statement, or up to 500 in a list; all of them or none. Read are the "
        "verbs completed, passed and failed of ADL. Whoever or whatever is unknown is named by "
        "its place in the list. The same id with the same content again changes nothing; with "
        "another content the answer is 409. For trainers and admins.",
        parameters=[
            OpenApiParameter(
                HEADER,
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                required=True,
                description="1.0 or 1.0.x",
            )
        ],
        request=shape.StatementTaken,
        responses={200: IDS},
    )
    def post(self, request: Request) -> Response:
        user = request.user
        if not (isinstance(user, User) and is_importer(user)):
            raise PermissionDenied("This is for trainers and admins.")
        check_version(request)
        rows = request.data if isinstance(request.data, list) else [request.data]
        told = read(rows)
        try:
            ids = actions.take_statements(statements=told, now=timezone.now())
        except actions.Invalid as error:
            wrong = {name: [text] for name, text in error.errors.items()}
            raise ValidationError(wrong) from error
        except actions.KeyReused as error:
            raise Conflict(str(error)) from error
        return Response([str(pk) for pk in ids], headers={HEADER: VERSION})


@extend_schema(exclude=True)
class WhereTheStandardHasThem(Statements):
    """The same at the address platforms put behind that of the endpoint: …/xapi/statements."""


def check_version(request: Request) -> None:
    said = request.headers.get(HEADER, "")
    if said != "1.0" and not said.startswith("1.0."):
        raise ValidationError({HEADER: [f"Send {HEADER}: {VERSION}."]})


def read(rows: list[Any]) -> list[actions.Statement]:
    """Check every statement by itself; name each that is wrong by its place."""
    if not 0 < len(rows) <= MOST_STATEMENTS:
        raise ValidationError(f"Send 1 to {MOST_STATEMENTS} statements.")
    checked = [shape.StatementTaken(data=row) for row in rows]
    wrong: dict[str, Any] = {
        str(at): one.errors for at, one in enumerate(checked) if not one.is_valid()
    }
    if wrong:
        raise ValidationError(wrong)
    told = [statement(row) for row in (one.validated_data for one in checked)]
    for at, row in enumerate(told):
        wrong |= {f"{at}.{name}": [text] for name, text in problems(row).items()}
    if wrong:
        raise ValidationError(wrong)
    return told


def statement(row: dict[str, Any]) -> actions.Statement:
    verb = row["verb"]["id"]
    score = row.get("result", {}).get("score", {})
    return actions.Statement(
        id=row.get("id") or uuid.uuid4(),
        person=person(row["actor"]),
        verb=VERBS.get(verb, verb),
        module=row["object"]["id"],
        at=row.get("timestamp"),
        score=score.get("percent"),
    )


def person(actor: dict[str, Any]) -> str:
    mbox: str = actor.get("mbox", "")
    name: str = mbox.removeprefix("mailto:") or actor.get("account", {}).get("name", "")
    return name.lower()


def problems(row: actions.Statement) -> dict[str, str]:
    wrong = {}
    try:
        validate_email(row.person)
    except NotValid:
        wrong["actor"] = f"“{row.person[:80]}” is not an e-mail address."
    if row.verb not in VERBS.values():
        wrong["verb.id"] = f"“{row.verb[:120]}” is not read here, only completed, passed, failed."
    return wrong
