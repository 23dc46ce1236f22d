"""The schema, and a page of it that a person can read."""

from collections.abc import Iterator, Mapping
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
from rest_framework.views import APIView

from align.api.views.base import Private


@dataclass(frozen=True)
class Field:
    """One parameter, or one field of what goes in or comes out."""

    name: str
    kind: str
    required: bool = False
    words: str = ""


@dataclass(frozen=True)
class Operation:
    anchor: str
    method: str
    address: str
    summary: str
    words: str
    parameters: tuple[Field, ...]
    takes: tuple[Field, ...]
    answers: str
    shows: tuple[Field, ...]


@dataclass(frozen=True)
class Chapter:
    name: str
    words: str
    operations: tuple[Operation, ...]


class Schema(Private, APIView):
    """The schema itself, as JSON."""

    renderer_classes = [OpenApiJsonRenderer2]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(document())


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show what the API can do, from the schema and nothing else."""
    return render(request, "api/index.html", {"chapters": chapters()})


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the schema. It follows from the code, so once a process is enough."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """Return the operations in the order of the addresses, a chapter a kind of object."""
    schema = document()
    found: dict[str, list[Operation]] = {}
    for address, operations in schema["paths"].items():
        for method, operation in operations.items():
            row = operation_row(schema, address, method, operation)
            found.setdefault(operation["tags"][0], []).append(row)
    return tuple(Chapter(name, "", tuple(rows)) for name, rows in found.items())


def operation_row(
    schema: Mapping[str, Any], address: str, method: str, operation: Mapping[str, Any]
) -> Operation:
    code, answer = next(iter(operation["responses"].items()))
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        address=address,
        summary=operation.get("summary", ""),
        words=operation.get("description", ""),
        parameters=tuple(parameter_row(row) for row in operation.get("parameters", [])),
        takes=tuple(fields_of(schema, content(operation.get("requestBody", {})))),
        answers=code,
        shows=tuple(fields_of(schema, content(answer))),
    )


def content(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def parameter_row(row: Mapping[str, Any]) -> Field:
    return Field(
        row["name"], kind_of(row["schema"]), row.get("required", False), row.get("description", "")
    )


def fields_of(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Iterator[Field]:
    """Yield the fields of one object, those of a list's rows where it is a list."""
    known = resolved(schema, part)
    rows = known.get("properties", {}).get("results")
    if rows is not None:
        known = resolved(schema, rows["items"])
    for name, inner in known.get("properties", {}).items():
        required = name in known.get("required", [])
        yield Field(name, kind_of(inner), required, inner.get("description", ""))


def resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    found: Mapping[str, Any] = schema["components"]["schemas"][name_of(part)]
    return found


def name_of(part: Mapping[str, Any]) -> str:
    return str(part["$ref"]).rsplit("/", 1)[-1]


def kind_of(part: Mapping[str, Any]) -> str:
    """Say a type in a few plain words: “text, at most 160”, “list of Words”."""
    if "$ref" in part:
        return name_of(part)
    for choice in ("allOf", "oneOf", "anyOf"):
        if choice in part:
            return " or ".join(dict.fromkeys(kind_of(inner) for inner in part[choice]))
    if "enum" in part:
        return " | ".join(str(value) if value != "" else "“”" for value in part["enum"])
    if part.get("type") == "array":
        return f"list of {kind_of(part.get('items', {}))}"
    words = [str(part.get("format") or part.get("type") or "anything")]
    if "maxLength" in part:
        words.append(f"at most {part['maxLength']:,}")
    if part.get("nullable"):
        words.append("or null")
    return ", ".join(words)
