from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from strategy import actions as strategy
from strategy.models import Objective, Revision, Strategy
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team])


@pytest.fixture
def published(cast: make.Cast, plan: Strategy) -> Objective:
    words = [make.behavior_words(code, sales_role=cast.role) for code in ("B1", "B2", "B3")]
    return make.objective(strategy_=plan, by=cast.lena, code="A4", behaviors=words)


@pytest.fixture
def lena(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.lena)
    return client


def revise(objective: Objective, cast: make.Cast, **changes: Any) -> Revision:
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    kept: dict[str, Any] = {
        "words": make.words(),
        "behaviors": strategy.behavior_words(draft),
        "reason": "",
        "edits": draft.edits,
    }
    return strategy.edit_draft(revision=draft, by=cast.lena, now=NOW, **(kept | changes))


def publish(client: Client, objective: Objective, **changes: Any) -> Any:
    given = {
        "edits": objective.revisions.drafts().get().edits,
        "reason": "The field asked for it.",
        "effective_from": timezone.localdate().isoformat(),
    }
    return client.post(f"/objectives/{objective.pk}/draft/publish/", given | changes)


def look(client: Client, objective: Objective) -> Any:
    answer = client.get(f"/objectives/{objective.pk}/draft/publish/")
    assert answer.status_code == 200
    return answer


class TestLooking:
    def test_it_says_what_will_change_and_changes_nothing(
        self, cast: make.Cast, published: Objective, lena: Client
    ) -> None:
        first, second, _ = strategy.behavior_words(published.current)  # type: ignore[arg-type]
        other = make.behavior_words(
            "B2", sales_role=cast.role, statement="Names the cost of an hour before any price"
        )
        new = make.behavior_words("B9", sales_role=cast.role)
        revise(published, cast, behaviors=[first, other, new])
        answer = look(lena, published)
        preview = answer.context["preview"]
        assert preview.significance == "Substantive"
        assert {change.code: change.what.split(";")[0] for change in preview.touched} == {
            "B2": "Changed",
            "B9": "New",
            "B3": "No longer asked",
        }
        assert preview.untouched == 1
        assert Revision.objects.drafts().count() == 1
        assert second.statement in answer.content.decode()

    def test_a_mended_title_is_editorial(
        self, cast: make.Cast, published: Objective, lena: Client
    ) -> None:
        revise(published, cast, words=make.words("Price on guaranteed hours"))
        preview = look(lena, published).context["preview"]
        assert (preview.significance, list(preview.touched), preview.untouched) == (
            "Editorial",
            [],
            3,
        )

    @pytest.mark.parametrize("retitle", [True, False])
    def test_what_it_says_is_what_publishing_does(
        self, cast: make.Cast, published: Objective, lena: Client, retitle: bool
    ) -> None:
        words = strategy.Words(**(make.words().__dict__ | {"title": "Other"}))
        if not retitle:
            words = strategy.Words(**(make.words().__dict__ | {"we_stop": "We stop waiting."}))
        revise(published, cast, words=words)
        said = look(lena, published).context["preview"]
        assert published.current
        before = {row.behavior_id: row.fingerprint for row in published.current.behaviors.all()}
        assert publish(lena, published).status_code == 302
        current = Objective.objects.get(pk=published.pk).current
        assert current is not None
        changed = sum(before[row.behavior_id] != row.fingerprint for row in current.behaviors.all())
        assert len(said.touched) == changed
        assert said.significance.lower() == current.significance

    def test_each_missing_thing_is_named_and_linked(
        self, cast: make.Cast, plan: Strategy, lena: Client
    ) -> None:
        made = make.draft(strategy_=plan, by=cast.lena)
        revise(made, cast, words=strategy.Words(title="Bare"), behaviors=[])
        text = look(lena, made).content.decode()
        assert "Say what we stop doing." in text
        for name in ("we_will", "we_stop", "segment", "hypothesis", "why"):
            assert f"/objectives/{made.pk}/draft/#id_{name}" in text
        assert f"/objectives/{made.pk}/draft/#behaviors" in text
        answer = publish(lena, made)
        assert answer.status_code == 422
        assert Revision.objects.drafts().count() == 1

    def test_too_many_objectives_for_one_role_are_warned_of(
        self, cast: make.Cast, plan: Strategy, lena: Client
    ) -> None:
        for _ in range(5):
            calm = make.behavior_words(sales_role=cast.role, critical=False)
            make.objective(strategy_=plan, by=cast.lena, behaviors=[calm])
        calm = make.behavior_words(sales_role=cast.role, critical=False)
        made = make.draft(strategy_=plan, by=cast.lena, behaviors=[calm])
        warning = look(lena, made).context["preview"].warnings[-1]
        assert warning.startswith("Account executive: 6 objectives")

    def test_too_many_new_critical_behaviors_are_warned_of(
        self, cast: make.Cast, plan: Strategy, lena: Client
    ) -> None:
        words = [make.behavior_words(f"B{n}", sales_role=cast.role) for n in range(2)]
        old = [make.behavior_words(f"C{n}", sales_role=cast.role) for n in range(2)]
        make.objective(strategy_=plan, by=cast.lena, behaviors=old)
        recent = timezone.now() - timedelta(days=30)
        make.objective(strategy_=plan, by=cast.lena, behaviors=words, now=recent)
        made = make.draft(strategy_=plan, by=cast.lena, behaviors=words)
        warning = look(lena, made).context["preview"].warnings[-1]
        assert warning.startswith("Account executive: 4 new critical behaviors")

    def test_it_costs_the_same_however_many_behaviors(
        self, cast: make.Cast, plan: Strategy, lena: Client, django_assert_max_num_queries: Any
    ) -> None:
        words = [make.behavior_words(f"B{n}", sales_role=cast.role) for n in range(15)]
        made = make.draft(strategy_=plan, by=cast.lena, behaviors=words)
        with django_assert_max_num_queries(20):
            look(lena, made)


class TestPublishing:
    def test_it_takes_force_today(
        self, cast: make.Cast, published: Objective, lena: Client
    ) -> None:
        revise(published, cast, words=make.words("Sell hours"))
        answer = publish(lena, published)
        published.refresh_from_db()
        assert published.current
        assert answer["Location"] == f"/objectives/{published.pk}/revisions/2/impact/"
        assert published.current.reason == "The field asked for it."
        assert published.current.author == cast.lena

    def test_or_on_a_later_day(self, cast: make.Cast, published: Objective, lena: Client) -> None:
        before = published.current
        draft = revise(published, cast)
        later = timezone.localdate() + timedelta(days=10)
        assert publish(lena, published, effective_from=later.isoformat()).status_code == 302
        draft.refresh_from_db()
        published.refresh_from_db()
        assert draft.effective_from
        assert timezone.localdate(draft.effective_from) == later
        assert published.current == before

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"reason": " "}, "reason"),
            ({"effective_from": "2020-01-01"}, "effective_from"),
            ({"effective_from": "soon"}, "effective_from"),
            ({"edits": "x"}, "edits"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(
        self,
        cast: make.Cast,
        published: Objective,
        lena: Client,
        wrong: dict[str, str],
        field: str,
    ) -> None:
        revise(published, cast)
        answer = publish(lena, published, **wrong)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert Revision.objects.drafts().exists()

    def test_a_draft_saved_meanwhile_is_looked_at_again(
        self, cast: make.Cast, published: Objective, lena: Client
    ) -> None:
        draft = revise(published, cast)
        revise(published, cast, words=make.words("Saved meanwhile"))
        answer = publish(lena, published, edits=draft.edits)
        assert answer.status_code == 409
        assert "Saved meanwhile" in answer.content.decode()
        assert "The field asked for it." in answer.content.decode()
        assert Revision.objects.drafts().exists()

    def test_without_a_draft_there_is_nothing_to_publish(
        self, published: Objective, lena: Client
    ) -> None:
        assert lena.get(f"/objectives/{published.pk}/draft/publish/").status_code == 404

    def test_publishing_twice_publishes_once(
        self, cast: make.Cast, published: Objective, lena: Client
    ) -> None:
        revise(published, cast)
        sent = {
            "edits": 1,
            "reason": "Why.",
            "effective_from": timezone.localdate().isoformat(),
        }
        address = f"/objectives/{published.pk}/draft/publish/"
        assert lena.post(address, sent).status_code == 302
        assert lena.post(address, sent).status_code == 409
        assert published.revisions.published().count() == 2
