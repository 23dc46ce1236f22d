from datetime import timedelta

import pytest
from django.test import Client

from align.notices.models import Notice
from strategy import actions as strategy
from strategy import engine
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Flag
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from training import actions as training
from training import rules
from training.models import Delivery, Module

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def module(cast: make.Cast) -> Module:
    return make.module(owner=cast.tom, code="M1", title="Golf with customers")


def find(module: Module) -> Finding:
    found = {row.subject: row for row in rules.orphan_training(None, NOW, Config())}
    return found[f"module:{module.pk}"]


@pytest.mark.parametrize(("days", "opens"), [(59, True), (60, False), (400, False)])
def test_it_opens_where_a_module_without_a_claim_was_taken_lately(
    cast: make.Cast, module: Module, days: int, opens: bool
) -> None:
    make.completion(user=cast.rosa, module=module, completed_at=NOW - days * DAY)
    found = find(module)
    assert (found.opens, found.clears) == (opens, False)


@pytest.mark.parametrize(("held", "opens"), [(True, True), (False, False)])
def test_a_session_counts_once_it_was_held(
    cast: make.Cast, place: Place, module: Module, held: bool, opens: bool
) -> None:
    assert module.current is not None
    Delivery.objects.create(
        version=module.current,
        audience=place.objective.current.behaviors.get().audiences.get(),  # type: ignore[union-attr]
        trainer=cast.tom,
        starts_at=NOW - 9 * DAY,
        ends_at=NOW - 8 * DAY,
        state=Delivery.State.HELD if held else Delivery.State.PLANNED,
        held_at=NOW - 8 * DAY if held else None,
        created_at=NOW - 20 * DAY,
        updated_at=NOW - 8 * DAY,
    )
    assert find(module).opens == opens


def test_nobody_took_it_and_nothing_opens(module: Module) -> None:
    assert not find(module).opens


def test_a_suspect_claim_is_no_link(cast: make.Cast, place: Place, module: Module) -> None:
    make.mapping(module=module, behavior=place.behavior)
    make.completion(user=cast.rosa, module=module)
    assert find(module).clears
    words = make.behavior_words(sales_role=cast.role, statement="Asks for the plant's log")
    make.revise(place.objective, by=cast.lena, behaviors=[words])
    assert find(module).opens


def test_a_claim_on_a_retired_objective_is_no_link(
    cast: make.Cast, place: Place, module: Module
) -> None:
    make.mapping(module=module, behavior=place.behavior)
    make.completion(user=cast.rosa, module=module)
    strategy.retire(objective=place.objective, by=cast.lena, now=NOW)
    assert find(module).opens


def test_a_claim_on_what_is_to_come_is_a_link(
    cast: make.Cast, place: Place, module: Module
) -> None:
    coming = make.draft(strategy_=place.plan, by=cast.lena)
    draft = coming.revisions.get()
    strategy.publish(
        revision=draft, edits=draft.edits, by=cast.lena, now=NOW, effective_from=NOW + 9 * DAY
    )
    make.mapping(module=module, behavior=make.behavior(coming), now=NOW)
    assert find(module).clears


def test_its_owner_hears_once_and_it_clears_when_mapped_or_retired(
    cast: make.Cast, place: Place, module: Module
) -> None:
    make.completion(user=cast.rosa, module=module)
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW)
    flag = Flag.objects.get(rule="orphan-training")
    assert (flag.state, flag.owner, flag.strategy, flag.objective) == ("open", cast.tom, None, None)
    assert flag.label == "M1 Golf with customers"
    told = Notice.objects.filter(link=flag.get_absolute_url())
    assert [notice.person for notice in told] == [cast.tom]
    assert rules.orphan_training([place.objective.pk], NOW, Config()) == []

    make.mapping(module=module, behavior=place.behavior)
    engine.fold(now=NOW)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED

    other = make.module(owner=cast.tom)
    make.completion(user=cast.rosa, module=other)
    engine.judge_all(now=NOW)
    training.retire_module(module=other, now=NOW)
    engine.judge_all(now=NOW)
    again = Flag.objects.get(subject=f"module:{other.pk}")
    assert (again.state, again.events.last().kind) == ("resolved", "resolved")  # type: ignore[union-attr]


def test_an_open_flag_stays_when_nobody_takes_it_any_more(cast: make.Cast, module: Module) -> None:
    make.completion(user=cast.rosa, module=module)
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW + 90 * DAY)
    assert Flag.objects.get(rule="orphan-training").state == Flag.State.OPEN


@pytest.mark.usefixtures("place")
def test_trainers_and_leads_see_it_and_managers_do_not(
    cast: make.Cast, module: Module, client: Client
) -> None:
    make.completion(user=cast.rosa, module=module)
    engine.judge_all(now=NOW)
    flag = Flag.objects.get(rule="orphan-training")
    for person, status in [(cast.tom, 200), (cast.lena, 200), (cast.mia, 404), (cast.rosa, 403)]:
        client.force_login(person)
        assert client.get(flag.get_absolute_url()).status_code == status, person
    client.force_login(cast.tom)
    assert "Golf with customers" in client.get("/flags/").content.decode()
    assert "Golf with customers" in client.get("/").content.decode()
    row = client.get(f"/api/v1/flags/{flag.pk}/").json()
    assert (row["strategy"], row["objective"], row["act"]) == (None, None, "Map or retire it")
