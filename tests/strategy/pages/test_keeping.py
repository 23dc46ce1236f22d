"""What somebody types into a draft and does not save is kept, for them alone."""

from typing import Any

import pytest
from django.test import Client

from align.people.models import Role
from strategy.models import Objective, Revision, Unsaved
from tests import make
from tests.strategy.pages.test_draft_page import draft_of, filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def lena(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.lena)
    return client


def keep(client: Client, objective: Objective, **changes: Any) -> Any:
    typed = draft_of(client, objective) | {"window": "one"} | changes
    return client.post(f"/objectives/{objective.pk}/draft/keep/", typed)


def opened(client: Client, objective: Objective, asked: str = "") -> Any:
    return client.get(f"/objectives/{objective.pk}/draft/{asked}")


def save(client: Client, objective: Objective, sent: dict[str, Any]) -> Any:
    return client.post(f"/objectives/{objective.pk}/draft/", sent)


def test_it_is_kept_and_the_draft_stays_untouched(objective: Objective, lena: Client) -> None:
    answer = keep(lena, objective, why="Typed for an hour.")
    assert (answer.status_code, answer.content.decode()[:5]) == (200, "Kept ")
    assert not Revision.objects.drafts().exists()
    assert "csrf" not in Unsaved.objects.get().data


def test_later_words_of_the_same_window_take_its_place(objective: Objective, lena: Client) -> None:
    keep(lena, objective, why="Typed first.")
    assert keep(lena, objective, why="Typed second.").status_code == 200
    assert "second" in Unsaved.objects.get().data


def test_the_next_visit_offers_it_and_takes_it_up(
    cast: make.Cast, objective: Objective, lena: Client
) -> None:
    new = {
        "behaviors-TOTAL_FORMS": 2,
        "behaviors-1-statement": "Names the sum out loud",
        "behaviors-1-sales_role": cast.role.pk,
    }
    keep(lena, objective, why="Typed for an hour.", **new)
    offer = opened(lena, objective).content.decode()
    assert "and did not save it" in offer
    assert "Typed for an hour." not in offer, "the draft is shown until it is taken up"
    taken = opened(lena, objective, "?take=1")
    text = taken.content.decode()
    assert "Typed for an hour." in text
    assert "Names the sum out loud" in text
    assert "and did not save it" not in text
    assert save(lena, objective, filled(taken)).status_code == 302
    draft = Revision.objects.drafts().get()
    assert (draft.why, draft.behaviors.count()) == ("Typed for an hour.", 2)
    assert not Unsaved.objects.exists()


def test_what_is_saved_is_kept_no_longer(objective: Objective, lena: Client) -> None:
    keep(lena, objective, why="Typed.")
    assert save(lena, objective, draft_of(lena, objective, window="one")).status_code == 302
    assert not Unsaved.objects.exists()


def test_saving_in_another_window_leaves_what_waits(objective: Objective, lena: Client) -> None:
    keep(lena, objective, why="Typed.")
    save(lena, objective, draft_of(lena, objective, window="two"))
    save(lena, objective, draft_of(lena, objective))
    assert Unsaved.objects.exists()


def test_another_window_does_not_overwrite_what_waits(objective: Objective, lena: Client) -> None:
    keep(lena, objective, why="Typed first.")
    answer = keep(lena, objective, why="Typed elsewhere.", window="two")
    assert answer.status_code == 409
    assert "words you typed before still wait" in answer.content.decode()
    assert "first" in Unsaved.objects.get().data


def test_it_is_thrown_away_when_asked(objective: Objective, lena: Client) -> None:
    keep(lena, objective, why="Typed.")
    address = f"/objectives/{objective.pk}/draft/throw-away/"
    assert lena.get(address).status_code == 405
    assert lena.post(address).status_code == 302
    assert not Unsaved.objects.exists()
    assert "did not save it" not in opened(lena, objective).content.decode()
    assert opened(lena, objective, "?take=1").status_code == 404


def test_discarding_the_draft_throws_it_away_too(objective: Objective, lena: Client) -> None:
    save(lena, objective, draft_of(lena, objective))
    keep(lena, objective, why="Typed.")
    lena.post(f"/objectives/{objective.pk}/draft/discard/")
    assert not Unsaved.objects.exists()


def test_two_leads_keep_theirs_and_the_second_to_save_sees_both_texts(
    cast: make.Cast, objective: Objective, client: Client
) -> None:
    otto = make.user("Otto", Role.LEAD)
    Objective.objects.filter(pk=objective.pk).update(owner=otto)
    for who, words in ((cast.lena, "What Lena typed."), (otto, "What Otto typed.")):
        client.force_login(who)
        assert keep(client, objective, why=words, window=who.name).status_code == 200
    client.force_login(cast.lena)
    assert "Otto typed" not in opened(client, objective, "?take=1").content.decode()
    assert save(client, objective, filled(opened(client, objective, "?take=1"))).status_code == 302
    client.force_login(otto)
    taken = filled(opened(client, objective, "?take=1"))
    answer = save(client, objective, taken)
    assert answer.status_code == 409
    assert "What <del>Lena</del><ins>Otto</ins> typed." in answer.content.decode()
    assert Revision.objects.drafts().get().why == "What Lena typed."
    assert Unsaved.objects.filter(person=otto).exists(), "nothing is lost before it is saved"


def test_what_they_added_is_named_before_it_goes(
    cast: make.Cast, objective: Objective, lena: Client
) -> None:
    mine = draft_of(lena, objective)
    added = {
        "behaviors-TOTAL_FORMS": 2,
        "behaviors-1-code": "B7",
        "behaviors-1-statement": "Names the sum out loud",
        "behaviors-1-sales_role": cast.role.pk,
        "behaviors-0-occasion": "First visit",
    }
    save(lena, objective, draft_of(lena, objective, **added))
    text = save(lena, objective, mine).content.decode()
    assert "B7, which yours does not have" in text
    assert "<del>Names the sum out loud</del>" in text
    assert "B1: When it shows" in text
    assert "<del>First visit</del>" in text


@pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
def test_nobody_keeps_or_reads_what_they_do_not_write(
    cast: make.Cast, objective: Objective, client: Client, who: str
) -> None:
    client.force_login(cast.lena)
    keep(client, objective, why="Typed.")
    secret = make.draft(strategy_=objective.strategy, by=cast.lena, code="S1")
    client.force_login(getattr(cast, who))
    for made, status in ((objective, 403), (secret, 404)):
        for path in ("keep", "throw-away"):
            answer = client.post(f"/objectives/{made.pk}/draft/{path}/", {"window": "x"})
            assert answer.status_code == status
    assert Unsaved.objects.get().person == cast.lena


def test_more_than_a_draft_can_hold_is_refused(objective: Objective, lena: Client) -> None:
    assert keep(lena, objective, why="x" * 400_000).status_code == 413
    assert keep(lena, objective, why="x" * 1_100_000).status_code in {400, 413}
    assert not Unsaved.objects.exists()


@pytest.mark.parametrize(
    "garbage",
    [
        {"behaviors-TOTAL_FORMS": "x"},
        {"behaviors-TOTAL_FORMS": "99999"},
        {"number": "x", "edits": "-1", "behaviors-0-sales_role": "x", "measure_by": "soon"},
        {"behaviors-0-audiences": ["x", "999999"], "baseline": "many"},
    ],
)
def test_whatever_was_kept_can_be_taken_up(
    objective: Objective, lena: Client, garbage: dict[str, Any]
) -> None:
    assert keep(lena, objective, **garbage).status_code == 200
    taken = opened(lena, objective, "?take=1")
    assert taken.status_code == 200
    assert save(lena, objective, filled(taken)).status_code in {302, 409, 422}


def test_a_window_without_a_name_keeps_nothing(objective: Objective, lena: Client) -> None:
    assert keep(lena, objective, window="").status_code == 422
    assert not Unsaved.objects.exists()


def test_what_came_back_with_a_problem_is_kept_at_once(objective: Objective, lena: Client) -> None:
    assert "data-typed" not in opened(lena, objective).content.decode()
    for sent in ({"title": ""}, {"add": "1"}):
        answer = save(lena, objective, draft_of(lena, objective, window="one", **sent))
        text = answer.content.decode()
        assert "data-typed" in text
        assert 'name="window" value="one"' in text
