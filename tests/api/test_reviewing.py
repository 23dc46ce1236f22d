"""Saying “I have reviewed it” by API: the same rule as the button."""

from align.people.models import Role
from strategy.models import Objective, Strategy
from tests import make
from tests.api.caller import Caller


def test_the_owner_reviews_an_objective(lena: Caller, objective: Objective) -> None:
    assert lena.get(f"objectives/{objective.pk}/").json()["reviewed_at"] is None
    answer = lena.post(f"objectives/{objective.pk}/review/")
    assert answer.status_code == 200, answer.content
    assert answer.json()["reviewed_at"]
    assert lena.post(f"objectives/{objective.pk}/review/").status_code == 200


def test_who_only_reads_it_reviews_nothing(tom: Caller, objective: Objective) -> None:
    assert tom.post(f"objectives/{objective.pk}/review/").status_code == 403


def test_a_field_nobody_asked_for_is_refused(lena: Caller, objective: Objective) -> None:
    assert lena.post(f"objectives/{objective.pk}/review/", reviewed_at="now").status_code == 400


def test_what_is_not_in_force_is_refused(lena: Caller, plan: Strategy, cast: make.Cast) -> None:
    waits = make.draft(strategy_=plan, by=cast.lena)
    answer = lena.post(f"objectives/{waits.pk}/review/")
    assert answer.status_code == 400
    assert "Only what is in force is reviewed." in answer.content.decode()


def test_somebody_elses_draft_is_not_there(lena: Caller, plan: Strategy) -> None:
    liv = make.user("Liv", Role.LEAD)
    other = make.active_strategy(lead=liv, teams=list(plan.teams.all()))
    hidden = make.draft(strategy_=other, by=liv)
    assert lena.post(f"objectives/{hidden.pk}/review/").status_code == 404
