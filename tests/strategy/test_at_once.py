"""What happens when people do things at the same moment: real transactions, real threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from strategy import actions as strategy
from strategy import consultation
from strategy.models import BehaviorRevision, History, Objective, Position, Revision, Round
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Call all of them at the same moment, each on a connection of its own."""
    start = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except (strategy.Invalid, strategy.NotADraft, strategy.StaleDraft) as error:
            return type(error)
        except consultation.RoundClosed as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    """In force, with a draft of its next words."""
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    made = make.objective(strategy_=plan, by=cast.lena, code="A4")
    draft = strategy.open_draft(objective=made, by=cast.lena, now=NOW)
    strategy.edit_draft(
        revision=draft,
        words=make.words("Price on hours"),
        behaviors=[
            make.behavior_words("B1", sales_role=cast.role, statement="Names the hour first"),
            make.behavior_words("B2", sales_role=cast.role, statement="Leaves a page behind"),
        ],
        edits=0,
        reason="The dairies asked.",
        by=cast.lena,
        now=NOW,
    )
    return made


def draft_of(objective: Objective) -> Revision:
    return objective.revisions.drafts().get()


def whole(objective: Objective) -> None:
    """Nothing is half done: the newest revision is published with every fingerprint it needs."""
    objective.refresh_from_db()
    newest = objective.revisions.get(number=2)
    assert (newest.state, objective.current) == ("published", newest)
    rows = BehaviorRevision.objects.filter(revision=newest)
    assert sorted(row.behavior.code for row in rows) == ["B1", "B2"]
    assert all(row.fingerprint and row.audiences.exists() for row in rows)
    entries = History.objects.filter(objective=objective, revision=newest)
    assert entries.filter(what="published").count() == 1
    assert entries.filter(what="took effect").count() == 1


def test_of_two_publishers_one_wins_and_the_other_hears_of_it(
    cast: make.Cast, objective: Objective
) -> None:
    draft = draft_of(objective)

    def publish() -> str:
        strategy.publish(revision=draft, edits=1, by=cast.lena, now=NOW)
        return "won"

    found = at_once(publish, publish, publish)
    assert sorted(map(str, found)).count("won") == 1
    assert found.count(strategy.NotADraft) == 2
    whole(objective)


def test_on_the_page_the_other_reads_who_was_first(cast: make.Cast, objective: Objective) -> None:
    address = reverse("strategy:publish", kwargs={"pk": objective.pk})
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(cast.lena)
    form = {"edits": "1", "reason": "Because.", "effective_from": ""}
    page = clients[0].get(address)
    shown = page.context["form"]
    form |= {
        name: str(shown[name].value())
        for name in shown.fields
        if shown[name].value() not in (None, "") and name != "reason"
    }

    answers = at_once(*(lambda client=client: client.post(address, form) for client in clients))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert b"published by Lena" in lost.content
    assert b"Because." in lost.content
    whole(objective)


def test_by_the_api_too(cast: make.Cast, objective: Objective) -> None:
    draft = draft_of(objective)
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(cast.lena)
    address = f"/api/v1/drafts/{draft.pk}/publish/"

    def publish(client: Client) -> int:
        answer = client.post(address, {"edits": 1}, content_type="application/json")
        return answer.status_code

    found = at_once(*(lambda client=client: publish(client) for client in clients))
    assert sorted(found) == [200, 409]
    whole(objective)


def test_who_publishes_and_who_saves_at_once_never_mix(
    cast: make.Cast, objective: Objective
) -> None:
    draft = draft_of(objective)

    def publish() -> str:
        strategy.publish(revision=draft, edits=1, by=cast.lena, now=NOW)
        return "published"

    def save() -> str:
        strategy.edit_draft(
            revision=draft_of(objective),
            words=make.words("Price on something else"),
            behaviors=[make.behavior_words("B1", sales_role=cast.role)],
            edits=1,
            reason="Mine.",
            by=cast.lena,
            now=NOW,
        )
        return "saved"

    found = at_once(publish, save)
    assert sorted(map(str, found)).count("published") + found.count("saved") == 1
    newest = objective.revisions.get(number=2)
    if "published" in found:
        whole(objective)
        assert newest.title == "Price on hours"
    else:
        assert (newest.state, newest.title) == ("draft", "Price on something else")
        assert [row.behavior.code for row in newest.behaviors.all()] == ["B1"]


ROUNDS = 5


def shared_rounds(cast: make.Cast) -> Sequence[Round]:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return [
        make.round_(
            make.draft(strategy_=plan, by=cast.lena, code=f"C{n}"),
            by=cast.lena,
            people=[cast.tom],
        )
        for n in range(ROUNDS)
    ]


def test_nobody_publishes_past_a_cannot_teach_that_is_just_being_said(cast: make.Cast) -> None:
    for shared in shared_rounds(cast):
        draft = shared.revision

        def publish(draft: Revision = draft) -> str:
            strategy.publish(revision=draft, edits=0, by=cast.lena, now=NOW)
            return "published"

        def refuse(shared: Round = shared) -> str:
            make.position(shared, by=cast.tom, stance=Position.Stance.CANNOT)
            return "said"

        found = at_once(publish, refuse)
        assert found in (
            ["published", consultation.RoundClosed],
            [strategy.Invalid, "said"],
        )
        draft.refresh_from_db()
        assert (draft.state == "published") == (not Position.objects.newest(draft).exists())


def test_of_two_who_open_a_round_at_once_the_later_ends_the_earlier(
    cast: make.Cast, objective: Objective
) -> None:
    draft = draft_of(objective)

    def open_() -> int:
        made = consultation.open_round(
            revision=draft,
            edits=1,
            people=[cast.tom],
            closes_on=(NOW + timedelta(days=9)).date(),
            by=cast.lena,
            now=NOW,
        )
        return made.number

    assert sorted(at_once(open_, open_)) == [1, 2]
    rounds = Round.objects.filter(revision=draft).order_by("number")
    assert [row.closed_at for row in rounds] == [NOW, None]
