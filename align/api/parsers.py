"""Reading a JSON body from anybody, without ever falling over."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser

from align.api.errors import TooLarge

DEEPEST = 20  # nothing the API takes is nested deeper than five
BAD_CHARACTER = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """JSON as the standard means it: UTF-8, no NaN, no lone surrogates, each name once.

    The size is checked before anything is parsed.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        data = loads(read(stream, limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
        check(data)
        return data


def json_and_file(parts: QueryDict, *, name: str) -> tuple[Any, Any]:
    """Take apart a multipart body: one JSON part of this name, and at most one file."""
    wrong = {
        part[:80]: ["There is no such part here."] for part in parts if part not in {name, "file"}
    }
    wrong |= {part[:80]: ["Send this once."] for part in parts if len(parts.getlist(part)) > 1}
    words: Any = parts.get(name)
    file: Any = parts.get("file")
    if not isinstance(words, str):
        wrong.setdefault(name, ["Send this part, as JSON."])
    if file is not None and not isinstance(file, UploadedFile):
        wrong.setdefault("file", ["Send this part as a file, with a name."])
    if wrong:
        raise ValidationError(wrong)
    data = loads(words.encode())
    check(data)
    return data, file


def read(stream: IO[bytes], *, limit: int) -> bytes:
    """Read the whole body; one byte over the limit is enough to refuse it."""
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(f"The body is larger than {limit:,} bytes. Send it in smaller parts.")
    return body


def loads(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_constant=refuse_constant,
            parse_float=finite,
            object_pairs_hook=each_name_once,
        )
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8.") from error
    except RecursionError as error:
        # The C scanner gives up long before the stack does: 100,000 brackets end here.
        raise ParseError(f"The body is nested deeper than {DEEPEST} levels.") from error
    except ValueError as error:
        raise ParseError(f"The body is not JSON: {error}.") from error


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def finite(digits: str) -> float:
    """JSON knows no infinity, but Python reads 1e999 as one."""
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values under one name: who checks one and who uses the other would disagree."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice in one object")
    return found


def check(data: Any) -> None:
    """Refuse what is nested too deep, and characters that no text and no database holds."""
    bad: dict[str, list[str]] = {}
    for path, text in texts(data):
        if found := BAD_CHARACTER.search(text):
            bad[path] = [f"The character U+{ord(found.group()):04X} is not allowed."]
    if bad:
        raise ValidationError(bad)


def texts(data: Any) -> Iterator[tuple[str, str]]:
    """Yield every text with the path of its field, names of fields included."""
    waiting: list[tuple[str, int, Any]] = [("", 0, data)]
    while waiting:
        path, depth, value = waiting.pop()
        if depth > DEEPEST:
            raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield path, name
                if not BAD_CHARACTER.search(name):
                    waiting.append((join(path, name), depth + 1, inner))
        elif isinstance(value, list):
            waiting += [(join(path, str(at)), depth + 1, inner) for at, inner in enumerate(value)]


def join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
