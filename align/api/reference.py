"""The schema, and a page of it that a person can read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from align.api.views.base import Private

ALIKE = ("cursor", "page_size", "id", "ref")  # said once for the whole page


@dataclass(frozen=True)
class Field:
    """One parameter, or one field of a shape. ``shape`` is the shape it holds, if it does."""

    name: str
    kind: str
    required: bool
    words: str
    shape: str = ""


@dataclass(frozen=True)
class Operation:
    method: str
    address: str
    summary: str
    words: str
    parameters: tuple[Field, ...]
    takes: str
    code: str
    gives: str
    many: bool


@dataclass(frozen=True)
class Chapter:
    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Shape:
    name: str
    words: str
    fields: tuple[Field, ...]


class Schema(Private):
    """The schema itself, as JSON."""

    renderer_classes = [OpenApiJsonRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(document())


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what the API can do, from the schema and nothing else."""
    shown = {"chapters": chapters(), "shapes": shapes()}
    return render(request, "api/index.html", shown)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the schema. It follows from the code, so once a process is enough."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(  # type: ignore[no-untyped-call]
        request=None, public=True
    )
    return schema


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """Return the operations in the order of the addresses, a chapter a kind of object."""
    found: dict[str, list[Operation]] = {}
    for address, operations in document()["paths"].items():
        for method, operation in operations.items():
            row = operation_row(address, method, operation)
            found.setdefault(operation["tags"][0], []).append(row)
    return tuple(Chapter(name, tuple(rows)) for name, rows in found.items())


@lru_cache(maxsize=1)
def shapes() -> tuple[Shape, ...]:
    """Return what goes in and comes out, each shape once; a page of a list is no shape."""
    return tuple(
        Shape(name, part.get("description", ""), fields_of(part))
        for name, part in document()["components"]["schemas"].items()
        if not name.startswith("Paginated")
    )


def operation_row(address: str, method: str, operation: Mapping[str, Any]) -> Operation:
    code, answer = next(iter(operation["responses"].items()))
    given = name_of(content(answer))
    many = given.startswith("Paginated")
    return Operation(
        method=method.upper(),
        address=address,
        summary=operation.get("summary") or ("List" if many else "Read one"),
        words=operation.get("description", ""),
        parameters=tuple(
            field_of(row["name"], row["schema"], row.get("required", False), row.get("description"))
            for row in operation.get("parameters", [])
            if row["name"] not in ALIKE
        ),
        takes=name_of(content(operation.get("requestBody", {}))),
        code=code,
        gives=given.removeprefix("Paginated").removesuffix("List") if many else given,
        many=many,
    )


def content(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def fields_of(part: Mapping[str, Any]) -> tuple[Field, ...]:
    required = part.get("required", [])
    return tuple(
        field_of(name, inner, name in required)
        for name, inner in part.get("properties", {}).items()
    )


def field_of(name: str, part: Mapping[str, Any], required: bool, words: str | None = None) -> Field:
    inner = part.get("items", part)
    said = part.get("description", "") if words is None else words
    return Field(name, kind_of(part), required, plain(said), name_of(inner))


def plain(words: str) -> str:
    """Leave out the list of choices that drf-spectacular adds; the kind has it already."""
    return words.split("\n\n* `")[0].removeprefix("* `") if not words.startswith("* `") else ""


def name_of(part: Mapping[str, Any]) -> str:
    """Return the shape a part refers to, "" where it is none."""
    for choice in part.get("allOf", [part]):
        if "$ref" in choice:
            return str(choice["$ref"]).rsplit("/", 1)[-1]
    return ""


def kind_of(part: Mapping[str, Any]) -> str:
    """Say a type in a few plain words: “string, at most 160”, “list of Words”."""
    if part.get("type") == "array":
        return f"list of {kind_of(part.get('items', {}))}"
    words = [name_of(part) or choices(part) or str(part.get("format") or part.get("type", "any"))]
    if "maxLength" in part:
        words.append(f"at most {part['maxLength']:,}")
    if part.get("nullable"):
        words.append("or null")
    return ", ".join(words)


def choices(part: Mapping[str, Any]) -> str:
    return " | ".join(str(value) for value in part.get("enum", []) if value)
