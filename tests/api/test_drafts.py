"""Writing the strategy by API: the same rules as the pages."""

from typing import Any

import pytest

from align.people.models import Role
from strategy import actions as strategy
from strategy.models import Objective, Revision, Strategy
from tests import make
from tests.api.caller import Caller


def body(cast: make.Cast, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Price on guaranteed uptime",
        "we_will": "We will price on guaranteed hours.",
        "we_stop": "We stop discounting hardware.",
        "segment": "Plants with more than 12 pumps",
        "hypothesis": "because a stopped line costs more than a pump",
        "why": "Discounts cost us margin and bought no loyalty.",
        "behaviors": [
            {
                "code": "B1",
                "sales_role": cast.role.pk,
                "statement": "Opens the price talk with the cost of an hour of downtime",
                "critical": True,
            }
        ],
    } | changes


@pytest.fixture
def draft(lena: Caller, objective: Objective) -> dict[str, Any]:
    found: dict[str, Any] = lena.post(f"objectives/{objective.pk}/draft/").json()
    return found


def test_an_objective_is_written_and_published(
    lena: Caller, rosa: Caller, cast: make.Cast, plan: Strategy
) -> None:
    new = body(cast, strategy=plan.pk, theme="Sell uptime", code="A9")
    made = lena.post("objectives/", **new)
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["current"]) == ("draft", None)
    assert rosa.get(f"objectives/{made.json()['id']}/").status_code == 404

    draft = lena.get(f"drafts/{made.json()['draft']}/").json()
    published = lena.post(f"drafts/{draft['id']}/publish/", edits=draft["edits"])
    assert published.status_code == 200, published.content
    shown = rosa.get(f"objectives/{made.json()['id']}/").json()
    assert (shown["state"], shown["current"]["title"]) == ("in force", new["title"])
    [behavior] = shown["current"]["behaviors"]
    assert (behavior["code"], behavior["required_depth"]) == ("B1", "practiced")
    assert [row["id"] for row in rosa.rows("behaviors/")] == [behavior["id"]]


def test_nobody_else_learns_that_a_draft_exists(
    lena: Caller, rosa: Caller, tom: Caller, draft: dict[str, Any], objective: Objective
) -> None:
    address = f"objectives/{objective.pk}/"
    assert lena.get(address).json()["draft"] == draft["id"]
    for other in (rosa, tom):
        assert other.get(address).json()["draft"] is None
        assert other.rows("drafts/") == []
        assert other.get(f"drafts/{draft['id']}/").content == other.get("drafts/0/").content


def test_a_draft_is_saved_whole(lena: Caller, draft: dict[str, Any], cast: make.Cast) -> None:
    saved = lena.put(
        f"drafts/{draft['id']}/",
        **body(cast, title="Sell hours", reason="The field asked.", edits=draft["edits"]),
    )
    assert saved.status_code == 200, saved.content
    assert saved.json()["title"] == "Sell hours"
    assert saved.json()["edits"] == draft["edits"] + 1


def test_the_second_of_two_writers_gets_both_texts(
    lena: Caller, draft: dict[str, Any], cast: make.Cast
) -> None:
    address = f"drafts/{draft['id']}/"
    lena.put(address, **body(cast, title="First", edits=draft["edits"]))
    late = lena.put(address, **body(cast, title="Second", edits=draft["edits"]))
    assert late.status_code == 409
    answer = late.json()
    assert answer["code"] == "conflict"
    assert answer["yours"]["title"] == "Second"
    assert answer["theirs"]["title"] == "First"
    assert answer["theirs"]["edits"] == draft["edits"] + 1
    assert lena.get(address).json()["title"] == "First"


def test_nobody_publishes_a_text_they_have_not_read(
    lena: Caller, draft: dict[str, Any], cast: make.Cast
) -> None:
    lena.put(f"drafts/{draft['id']}/", **body(cast, reason="r", edits=draft["edits"]))
    late = lena.post(f"drafts/{draft['id']}/publish/", edits=draft["edits"])
    assert late.status_code == 409
    assert Revision.objects.get(pk=draft["id"]).state == "draft"


def test_a_published_draft_is_none_any_more(lena: Caller, draft: dict[str, Any]) -> None:
    Revision.objects.filter(pk=draft["id"]).update(reason="The field asked.")
    address = f"drafts/{draft['id']}/publish/"
    assert lena.post(address, edits=draft["edits"]).status_code == 200
    assert lena.post(address, edits=draft["edits"]).status_code == 409


def test_what_a_draft_lacks_is_named_by_field(lena: Caller, draft: dict[str, Any]) -> None:
    answer = lena.post(f"drafts/{draft['id']}/publish/", edits=draft["edits"])
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"reason": ["Say why it changes; the field reads it."]}


def test_a_revision_does_not_begin_in_the_past(lena: Caller, draft: dict[str, Any]) -> None:
    answer = lena.post(
        f"drafts/{draft['id']}/publish/",
        edits=draft["edits"],
        effective_from="2020-01-01T00:00:00Z",
    )
    assert set(answer.json()["fields"]) == {"effective_from"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"statement": "Understands the customer"}, "behaviors.B1"),
        ({"statement": ""}, "behaviors.0.statement"),
        ({"statement": "x" * 401}, "behaviors.0.statement"),
        ({"sales_role": 999_999}, "behaviors.0.sales_role"),
        ({"levels": ["a"]}, "behaviors.0.levels"),
        ({"critical": "yes"}, "behaviors.0.critical"),
        ({"required_depth": 3}, "behaviors.0.required_depth"),
        ({"required_depth": "none"}, "behaviors.0.required_depth"),
        ({"needs": ["a" * 201]}, "behaviors.0.needs.0"),
        ({"fingerprint": "x"}, "behaviors.0.fingerprint"),
    ],
    ids=str,
)
def test_a_wrong_behavior_is_named(
    lena: Caller,
    draft: dict[str, Any],
    cast: make.Cast,
    changes: dict[str, Any],
    field: str,
) -> None:
    sent = body(cast, edits=draft["edits"])
    sent["behaviors"][0] |= changes
    answer = lena.put(f"drafts/{draft['id']}/", **sent)
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["fields"]


def test_a_refused_objective_leaves_no_theme_behind(
    lena: Caller, cast: make.Cast, plan: Strategy
) -> None:
    new = body(cast, strategy=plan.pk, theme="New theme", code="A9")
    new["behaviors"][0]["statement"] = "Understands the customer"
    assert lena.post("objectives/", **new).status_code == 400
    assert not plan.themes.exists()


def test_a_draft_may_be_thrown_away(lena: Caller, draft: dict[str, Any]) -> None:
    assert lena.delete(f"drafts/{draft['id']}/").status_code == 204
    assert lena.get(f"drafts/{draft['id']}/").status_code == 404


def test_part_of_a_draft_is_not_saved(lena: Caller, draft: dict[str, Any]) -> None:
    answer = lena.client.patch(
        f"/api/v1/drafts/{draft['id']}/", {"title": "x"}, content_type="application/json"
    )
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, PUT, DELETE, HEAD, OPTIONS"


def test_an_invisible_strategy_is_answered_like_a_missing_one(
    lena: Caller, cast: make.Cast
) -> None:
    other = make.user("Otto", Role.LEAD)
    secret = strategy.create_strategy(name="Secret", lead=other, now=make.NOW)
    answers = [
        lena.post("objectives/", **body(cast, strategy=pk, theme="T", code="A1"))
        for pk in (secret.pk, secret.pk + 999)
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    ids = (secret.pk, secret.pk + 999)
    gone = [lena.get(f"strategies/{pk}/").content for pk in ids]
    assert gone[0] == gone[1]


def test_a_strategy_is_made_and_put_in_force(lena: Caller, rosa: Caller, cast: make.Cast) -> None:
    made = lena.post("strategies/", name="Service first", teams=[cast.team.pk]).json()
    assert made["state"] == "draft"
    assert rosa.get(f"strategies/{made['id']}/").status_code == 404
    assert lena.post(f"strategies/{made['id']}/activate/").json()["state"] == "active"
    assert rosa.get(f"strategies/{made['id']}/").json()["lead"]["name"] == "Lena"
