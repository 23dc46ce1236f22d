"""What the schema says of every operation alike."""

from typing import Any

ERROR = {
    "type": "object",
    "description": "What went wrong. `fields` names each field by its path: behaviors.0.statement.",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string", "description": "One word to branch on."},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "yours": {"description": "What you sent; with 409 on a stale draft."},
        "theirs": {"description": "What is there now; with 409 on a stale draft."},
    },
}
ANY_ERROR = {
    "description": "Refused: 400 input, 401 sign in, 403 not for your role, 404 nothing here that "
    "you can see, 405, 406, 409 conflict, 411 no length, 413 too large, 415 not JSON, "
    "429 too often, 503 database away (see Retry-After).",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Give every operation the one shape of errors, and close what goes in."""
    schemas = result["components"]["schemas"]
    schemas["Error"] = ERROR
    for name in taken(result):
        schemas[name]["additionalProperties"] = False
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["default"] = ANY_ERROR
    without_marks(result)
    return result


def without_marks(part: Any) -> None:
    """Drop what drf-spectacular writes for its own hooks."""
    if isinstance(part, list):
        for inner in part:
            without_marks(inner)
    elif isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
        without_marks(list(part.values()))


def taken(result: dict[str, Any]) -> set[str]:
    """Name every component that a request body leads to."""
    schemas = result["components"]["schemas"]
    bodies = [
        operation.get("requestBody", {})
        for operations in result["paths"].values()
        for operation in operations.values()
    ]
    found: set[str] = set()
    waiting: list[Any] = bodies
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            name = str(part.get("$ref", "")).removeprefix("#/components/schemas/")
            if name and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += part.values()
    return {name for name in found if schemas[name].get("type") == "object"}
