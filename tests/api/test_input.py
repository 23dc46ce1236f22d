"""Bodies nobody means well with: refused with a reason, never a crash."""

import json

import pytest

from tests.api.caller import Caller

DEEP = b"[" * 100_000 + b"]" * 100_000


def draft(**changes: object) -> bytes:
    return json.dumps({"name": "Plan", "teams": [1], **changes}).encode()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (DEEP, "nested deeper"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested deeper"),
        (b"[" * 30 + b"]" * 30, "nested deeper"),
        (b'{"name": NaN}', "NaN is not a number"),
        (b'{"name": -Infinity}', "-Infinity is not a number"),
        (b'{"name": 1e999}', "too large"),
        (b'{"name": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"name": "a", "name": "b"}', "twice"),
        (b'{"name": "\xff"}', "not UTF-8"),
        (b'\xef\xbb\xbf{"name": "a"}', "not JSON"),
        (b"{", "not JSON"),
        (b'{"name": "a\x00b"}', "not JSON"),
        (b"'", "not JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_json_is_refused(lena: Caller, body: bytes, says: str) -> None:
    answer = lena.raw("strategies/", body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"
    assert says in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field", "character"),
    [
        (rb'{"name": "a\u0000b"}', "name", "U+0000"),
        (rb'{"name": "\ud800"}', "name", "U+D800"),
        (rb'{"name": ["x", {"y": "\udfff"}]}', "name.1.y", "U+DFFF"),
    ],
)
def test_characters_that_no_text_holds_are_named_with_their_field(
    lena: Caller, body: bytes, field: str, character: str
) -> None:
    answer = lena.raw("strategies/", body)
    assert answer.status_code == 400
    assert character in answer.json()["fields"][field][0]


@pytest.mark.parametrize("body", [rb'{"\ud800": "\ud800"}', rb'"\ud800"', rb'{"\u0000": {"a": 1}}'])
def test_a_bad_character_in_a_name_is_refused_too(lena: Caller, body: bytes) -> None:
    answer = lena.raw("strategies/", body)
    assert answer.status_code == 400
    assert "is not allowed" in answer.json()["detail"]


@pytest.mark.parametrize("size", [1_000_001, 100_000_000])
def test_a_body_over_the_limit_is_refused_before_it_is_parsed(lena: Caller, size: int) -> None:
    answer = lena.raw("strategies/", b"[" * size)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"


def test_a_body_without_a_length_is_not_taken_for_an_empty_one(lena: Caller) -> None:
    answer = lena.raw("strategies/", draft(), headers={"transfer-encoding": "chunked"})
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_one_word_of_a_megabyte_names_its_field(lena: Caller) -> None:
    answer = lena.raw("strategies/", draft(name="x" * 900_000))
    assert answer.status_code == 400
    assert answer.json()["fields"]["name"] == ["Ensure this field has no more than 120 characters."]


def test_text_of_any_script_and_direction_is_kept_as_typed(lena: Caller, cast: object) -> None:
    name = "\u202eمرحبا 👩🏽\u200d🔧 zażółć"
    answer = lena.post("strategies/", name=name, teams=[lena.rows("teams/")[0]["id"]])
    assert answer.status_code == 201
    assert answer.json()["name"] == name


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "a/b",
        "",
    ],
)
def test_anything_but_json_is_415(lena: Caller, kind: str) -> None:
    assert lena.raw("strategies/", b"name=a", content_type=kind).status_code == 415


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"3", b"true"])
def test_a_body_that_is_no_object_is_refused(lena: Caller, body: bytes) -> None:
    answer = lena.raw("strategies/", body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": 3}, "name"),
        ({"name": True}, "name"),
        ({"name": None}, "name"),
        ({"name": ["a"]}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"statement": "x" * 4001}, "statement"),
        ({"teams": []}, "teams"),
        ({"teams": "1"}, "teams"),
        ({"teams": ["1"]}, "teams"),
        ({"teams": [True]}, "teams"),
        ({"teams": [1.0]}, "teams"),
        ({"teams": [-1]}, "teams"),
        ({"teams": [10**30]}, "teams"),
        ({"state": "active"}, "state"),
        ({"lead": 1}, "lead"),
        ({"surprise": {"deep": [1]}}, "surprise"),
    ],
    ids=str,
)
def test_a_wrong_field_is_named(lena: Caller, changes: dict[str, object], field: str) -> None:
    answer = lena.raw("strategies/", draft(**changes))
    assert answer.status_code == 400
    assert any(name.split(".")[0] == field for name in answer.json()["fields"])


def test_every_wrong_field_is_named_at_once(lena: Caller) -> None:
    answer = lena.post("strategies/", name="", surprise=1)
    assert set(answer.json()["fields"]) == {"name", "surprise", "teams"}


def test_an_unknown_name_of_any_length_is_answered_short(lena: Caller) -> None:
    answer = lena.raw("strategies/", draft(**{"x" * 500_000: 1}))
    assert answer.status_code == 400
    assert len(answer.content) < 1000
