from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from align.people.models import Role
from strategy import actions as strategy
from strategy import config, flags
from strategy.flags import Finding
from strategy.models import Flag, Objective
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


def found(objective: Objective, **changes: Any) -> Finding:
    given: dict[str, Any] = {
        "subject": f"objective:{objective.pk}",
        "epoch": 1,
        "strategy_id": objective.strategy_id,
        "objective_id": objective.pk,
        "title": "Field says no",
        "label": "A4 Price on guaranteed uptime",
        "link": objective.get_absolute_url(),
        "opens": True,
        "clears": False,
        "sentence": "4 of 6 people say it will not work; opens above 40%.",
        "clears_when": "fewer than 30% say so.",
        "evidence": {"people": 6, "negative_share": 0.667, "since": "2026-11-01T08:00:00+00:00"},
        "owner_id": objective.owner_id,
    }
    return Finding(**(given | changes))


def raise_flag(objective: Objective, rule: str = "negative", **changes: Any) -> Flag:
    finding = found(objective, **changes)
    flags.sync(rule, [finding], objective_ids=None, now=NOW, config=config.Config())
    return Flag.objects.get(rule=rule, subject=finding.subject)


@pytest.fixture
def flag(objective: Objective) -> Flag:
    return raise_flag(objective)


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strategy.engine.rules", lambda: ["negative", "uncovered"])


@pytest.mark.parametrize("who", ["rosa", "ada"])
def test_flags_are_for_those_who_answer_them(
    cast: make.Cast, flag: Flag, client: Client, who: str
) -> None:
    client.force_login(getattr(cast, who))
    for path in ("/flags/", f"/flags/{flag.pk}/", "/flags/987654/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "This is for strategy leads, trainers and managers." in answer.content.decode()
    assert client.post(f"/flags/{flag.pk}/acknowledge/").status_code == 403


@pytest.mark.parametrize("who", ["lena", "tom", "mia"])
def test_they_see_the_figures_and_what_clears_it(
    cast: make.Cast, flag: Flag, client: Client, who: str
) -> None:
    client.force_login(getattr(cast, who))
    text = client.get("/flags/").content.decode()
    for words in ("Field says no", flag.sentence, flag.clears_when, "Lena"):
        assert words in text
    text = client.get(f"/flags/{flag.pk}/").content.decode()
    for words in ("Negative share", "67%", "1 Nov 2026", "Opened", flag.clears_when, flag.link):
        assert words in text


def test_a_flag_about_what_is_hidden_is_not_there(cast: make.Cast, client: Client) -> None:
    plan = strategy.create_strategy(name="Quiet", lead=cast.lena, teams=[cast.team], now=NOW)
    draft = make.draft(strategy_=plan, by=cast.lena)
    hidden = raise_flag(draft)
    client.force_login(make.user("Lars", Role.LEAD))
    assert client.get(f"/flags/{hidden.pk}/").status_code == 404
    assert client.post(f"/flags/{hidden.pk}/acknowledge/").status_code == 404
    assert flag_ids(client) == []
    client.force_login(cast.lena)
    assert flag_ids(client) == [hidden.pk]


def flag_ids(client: Client, query: str = "") -> list[int]:
    return [flag.pk for flag in client.get(f"/flags/{query}").context["flags"]]


def test_filters_are_in_the_address(cast: make.Cast, objective: Objective, client: Client) -> None:
    client.force_login(cast.tom)
    negative = raise_flag(objective)
    uncovered = raise_flag(objective, "uncovered", owner_id=cast.tom.pk)
    Flag.objects.filter(pk=uncovered.pk).update(opened_at=NOW - timedelta(days=3))
    assert flag_ids(client) == [uncovered.pk, negative.pk], "the oldest first"
    assert flag_ids(client, "?rule=negative") == [negative.pk]
    assert flag_ids(client, "?mine=1") == [uncovered.pk]
    assert flag_ids(client, "?rule=king&state=what%00&mine=") == [uncovered.pk, negative.pk]
    raise_flag(objective, opens=False, clears=True)
    assert flag_ids(client) == [uncovered.pk]
    assert flag_ids(client, "?state=resolved") == [negative.pk]


@pytest.mark.parametrize("count", [0, 1, 25])
def test_the_list_costs_the_same_however_long(
    cast: make.Cast,
    objective: Objective,
    client: Client,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    findings = [found(objective, subject=f"module:{n}") for n in range(count)]
    flags.sync("negative", findings, objective_ids=None, now=NOW, config=config.Config())
    client.force_login(cast.lena)
    with django_assert_max_num_queries(6):
        assert len(flag_ids(client)) == count


def test_a_flag_page_costs_little(
    cast: make.Cast, flag: Flag, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.lena)
    with django_assert_max_num_queries(7):
        client.get(f"/flags/{flag.pk}/")


def test_somebody_takes_it(cast: make.Cast, flag: Flag, client: Client) -> None:
    client.force_login(cast.tom)
    assert client.get(f"/flags/{flag.pk}/acknowledge/").status_code == 405
    answer = client.post(f"/flags/{flag.pk}/acknowledge/", follow=True)
    text = answer.content.decode()
    assert "It is yours." in text
    assert "Tom has it" in text
    flag.refresh_from_db()
    assert (flag.state, flag.owner) == (Flag.State.ACKNOWLEDGED, cast.tom)


def test_the_first_who_takes_it_has_it(cast: make.Cast, flag: Flag, client: Client) -> None:
    strategy.acknowledge_flag(flag=flag, by=cast.tom, now=NOW)
    client.force_login(cast.mia)
    answer = client.post(f"/flags/{flag.pk}/acknowledge/", follow=True)
    assert "Tom has it already." in answer.content.decode()
    flag.refresh_from_db()
    assert flag.owner == cast.tom


def test_it_says_the_thresholds_it_was_judged_by(
    cast: make.Cast, flag: Flag, client: Client
) -> None:
    client.force_login(cast.lena)
    rows = dict(client.get(f"/flags/{flag.pk}/").context["thresholds"])
    assert rows["People"] == "5"
    assert rows["Lower"] == "40%"


def test_evidence_is_shown_as_text(cast: make.Cast, objective: Objective, client: Client) -> None:
    flag = raise_flag(objective, evidence={"<b>who</b>": ["<i>x</i>", None, True, {"a": 1.5}]})
    client.force_login(cast.lena)
    text = client.get(f"/flags/{flag.pk}/").content.decode()
    assert "<i>x</i>" not in text
    assert "&lt;i&gt;x&lt;/i&gt;; not yet; yes; A: 1.5" in text
