"""Looking at what publishing sets in motion, what stands in its way, and what it did."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from align.people.models import Role, User
from feedback import actions as feedback
from strategy import actions as strategy
from strategy import consultation, impact
from strategy.models import History, Objective, Position, Revision
from tests import make
from tests.make import NOW
from training import actions as training
from training.models import Mapping

pytestmark = pytest.mark.django_db

TODAY = NOW.date().isoformat()


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@dataclass(frozen=True)
class World:
    """One objective in force, taught by two mappings, and a draft that answers a report."""

    cast: make.Cast
    objective: Objective
    draft: Revision
    mappings: list[Mapping]

    @property
    def address(self) -> str:
        return f"/objectives/{self.objective.pk}/draft/publish/"


@pytest.fixture
def world() -> World:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    words = [make.behavior_words(code, sales_role=cast.role) for code in ("B1", "B2")]
    objective = make.objective(strategy_=plan, by=cast.lena, code="A4", behaviors=words)
    mappings = [
        make.mapping(
            module=make.module(owner=cast.tom, title=f"Drill {code}"),
            behavior=make.behavior(objective, code),
        )
        for code in ("B1", "B2")
    ]
    report = make.report(author=cast.rosa, objective=objective)
    feedback.decide(
        reports=[report], kind="strategy", reason="You are right.", by=cast.lena, now=NOW
    )
    return World(cast, objective, edit(objective, cast.lena), mappings)


def edit(objective: Objective, by: User, **changed: Any) -> Revision:
    """Save the draft with another first behavior, or other words of the objective."""
    draft = strategy.open_draft(objective=objective, by=by, now=NOW)
    rows = strategy.behavior_words(draft)
    rows[0] = replace(rows[0], statement="Names the cost of an hour before any price")
    return strategy.edit_draft(
        revision=draft,
        words=replace(make.words(), **changed),
        behaviors=rows,
        reason="The field asked for it.",
        edits=draft.edits,
        by=by,
        now=NOW,
    )


@pytest.fixture
def lena(world: World, client: Client) -> Client:
    client.force_login(world.cast.lena)
    return client


def text_of(answer: Any) -> str:
    found = re.sub(r"<[^>]+>", "", answer.content.decode())
    return " ".join(found.split())


def sent(draft: Revision, **changed: Any) -> dict[str, Any]:
    given = {"edits": draft.edits, "reason": "They asked.", "effective_from": TODAY}
    return given | changed


def look(client: Client, world: World) -> Any:
    answer = client.get(world.address)
    assert answer.status_code == 200
    return answer


SAID = ("1 person to brief", "0 teach-backs are voided", "1 mapping turns suspect")


class TestCounts:
    def test_the_page_counts_before_and_each_count_leads_to_its_rows(
        self, world: World, lena: Client
    ) -> None:
        answer = look(lena, world)
        said = [count.sentence for count in answer.context["counts"]]
        assert said == [*SAID, "1 report is answered"]
        page = answer.content.decode()
        rows = f"/objectives/{world.objective.pk}/draft/impact/"
        for count in answer.context["counts"]:
            assert count.link in page
            assert count.link.startswith(f"{rows}#")
            anchor = count.link.split("#")[1]
            assert f'id="{anchor}"' in lena.get(rows).content.decode()
        shown = text_of(lena.get(rows))
        assert "Drill B1" in shown
        assert "Drill B2" not in shown
        assert "North 1 person" in shown

    def test_the_page_after_publishing_says_the_same_numbers(
        self, world: World, lena: Client
    ) -> None:
        before = look(lena, world).context["impact"].figures
        answer = lena.post(world.address, sent(world.draft), follow=True)
        said = text_of(answer)
        assert (
            "Published: 1 person to brief, 0 teach-backs were voided, 1 mapping turned suspect, "
            "1 report was answered." in said
        )
        assert impact.kept(Revision.objects.get(pk=world.draft.pk)) == before
        history = History.objects.get(revision=world.draft, what="published")
        assert {name: history.after[name] for name in before} == before

    def test_what_was_counted_stays_when_the_rows_move_on(self, world: World, lena: Client) -> None:
        lena.post(world.address, sent(world.draft))
        training.clear_mapping(
            mapping=world.mappings[0], reason="The drill says so.", by=world.cast.tom, now=NOW
        )
        said = text_of(lena.get(f"/objectives/{world.objective.pk}/revisions/2/impact/"))
        assert "1 mapping turned suspect" in said
        assert "1 when it was published; 0 today." in said

    def test_a_later_day_is_counted_as_of_that_day(self, world: World, lena: Client) -> None:
        late = make.user(
            "Nora",
            Role.REP,
            team=world.cast.team,
            sales_role=world.cast.role,
            begins=(NOW - timedelta(days=20)).date(),
        )
        later = (NOW + timedelta(days=20)).date().isoformat()
        again = lena.post(
            world.address, sent(world.draft, reason="Typed", effective_from=later, count="1")
        )
        assert again.status_code == 200
        assert again.context["impact"].figures["people to brief"] == 2, late
        page = again.content.decode()
        assert "Typed" in page
        assert f'value="{later}"' in page
        assert "Counted for 8 December 2026, as far as it is known today." in text_of(again)
        counted = again.context["form"]["counted"].value()
        answer = lena.post(
            world.address, sent(world.draft, effective_from=later, counted=counted), follow=True
        )
        said = text_of(answer)
        assert "in force from 8 December 2026 (UTC). Counted as of that day." in said
        assert "2 people to brief" in said
        assert "1 mapping turns suspect" in said

    def test_other_counts_than_those_looked_at_are_shown_first(
        self, world: World, lena: Client
    ) -> None:
        counted = look(lena, world).context["form"]["counted"].value()
        make.mapping(
            module=make.module(owner=world.cast.tom),
            behavior=make.behavior(world.objective, "B1"),
        )
        answer = lena.post(world.address, sent(world.draft, counted=counted, reason="Typed"))
        assert answer.status_code == 409
        assert "2 mappings turn suspect" in text_of(answer)
        assert "Typed" in answer.content.decode()
        assert Revision.objects.drafts().exists()
        counted = answer.context["form"]["counted"].value()
        answer = lena.post(world.address, sent(world.draft, counted=counted))
        assert answer.status_code == 302

    @pytest.mark.parametrize("day", ["soon", "2020-01-01", "9999-12-31", ""])
    def test_a_day_that_is_none_is_counted_as_today(
        self, world: World, lena: Client, day: str
    ) -> None:
        answer = lena.get(f"/objectives/{world.objective.pk}/draft/impact/", {"from": day})
        assert answer.status_code == 200

    def test_readers_see_only_the_rows_they_may_see(
        self, world: World, lena: Client, client: Client
    ) -> None:
        lena.post(world.address, sent(world.draft))
        address = f"/objectives/{world.objective.pk}/revisions/2/impact/"
        client.force_login(world.cast.mia)
        said = text_of(client.get(address))
        assert "1 report was answered" in said
        assert "1 of 1 is not shown here." in said
        assert "Purchasing has a hardware line" not in said
        client.force_login(world.cast.lena)
        assert "Purchasing has a hardware line" in text_of(client.get(address))

    def test_both_pages_cost_the_same_however_much_is_touched(
        self, world: World, lena: Client
    ) -> None:
        rows = f"/objectives/{world.objective.pk}/draft/impact/"
        counts = [queries(lena, world.address), queries(lena, rows)]
        many = [
            make.behavior_words(f"C{n}", sales_role=make.sales_role(f"Role {n % 3}"))
            for n in range(12)
        ]
        objective = make.objective(
            strategy_=world.objective.strategy, by=world.cast.lena, code="A5", behaviors=many
        )
        for row in many:
            behavior = make.behavior(objective, row.code)
            make.mapping(module=make.module(owner=world.cast.tom), behavior=behavior)
        reports = [make.report(author=world.cast.rosa, objective=objective) for _ in range(3)]
        feedback.decide(
            reports=reports, kind="strategy", reason="Yes.", by=world.cast.lena, now=NOW
        )
        edit(objective, world.cast.lena, we_will="We will price on hours.")
        counts_of_many = [
            queries(lena, f"/objectives/{objective.pk}/draft/{page}/")
            for page in ("publish", "impact")
        ]
        assert counts_of_many == counts
        assert max(counts) <= 26


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


class TestWarnings:
    def test_that_nobody_was_asked(self, world: World, lena: Client) -> None:
        assert "Nobody was consulted on this draft." in text_of(look(lena, world))

    def test_that_the_draft_changed_since_it_was_answered(self, world: World, lena: Client) -> None:
        make.round_(world.objective, by=world.cast.lena, people=[world.cast.tom])
        assert look(lena, world).context["preview"].warnings == []
        edit(world.objective, world.cast.lena, we_stop="We stop waiting.")
        [warning] = look(lena, world).context["preview"].warnings
        assert warning.startswith("The draft was changed after it was shared as Draft 1")

    def test_that_what_waits_for_its_day_would_never_come(self, world: World, lena: Client) -> None:
        later = (NOW + timedelta(days=20)).date().isoformat()
        lena.post(world.address, sent(world.draft, effective_from=later))
        edit(world.objective, world.cast.lena, title="Better")
        warnings = look(lena, world).context["preview"].warnings
        assert "Revision 2 waits for a later day. It would never take force." in warnings


class TestGate:
    @pytest.fixture
    def refused(self, world: World) -> World:
        round_ = make.round_(world.objective, by=world.cast.lena, people=[world.cast.tom])
        make.position(round_, by=world.cast.tom, stance=Position.Stance.CANNOT)
        make.concern(round_, by=world.cast.tom)
        return world

    def test_it_names_who_and_what_stands_in_the_way_with_links(
        self, refused: World, lena: Client
    ) -> None:
        answer = look(lena, refused)
        page = answer.content.decode()
        assert "Tom cannot teach it as written" in page
        assert "Reps will hide the discount in free installation." in page
        for row in [*answer.context["gate"].unanswered, answer.context["gate"].cannot[0]]:
            place = getattr(row, "participant", row)
            link = row.get_absolute_url() if place is row else place.round.get_absolute_url()
            assert f'href="{link}"' in page

    def test_without_a_reason_it_is_refused_at_the_field_and_nothing_is_lost(
        self, refused: World, lena: Client
    ) -> None:
        answer = lena.post(refused.address, sent(refused.draft, reason="Typed with care"))
        assert answer.status_code == 422
        assert "cannot teach it as written" in answer.context["form"].errors["override"][0]
        typed = [answer.context["form"][name].value() for name in ("reason", "effective_from")]
        assert typed == ["Typed with care", TODAY]
        assert Revision.objects.drafts().exists()

    def test_its_owner_publishes_it_all_the_same_with_a_reason_everyone_can_read(
        self, refused: World, lena: Client
    ) -> None:
        why = "The old price list ends in May."
        assert lena.post(refused.address, sent(refused.draft, override=why)).status_code == 302
        assert Revision.objects.get(pk=refused.draft.pk).override == why

    def test_who_does_not_own_it_sees_who_may(
        self, refused: World, client: Client, world: World
    ) -> None:
        otto = make.user("Otto", Role.LEAD)
        strategy.hand_over(objective=refused.objective, owner=otto, by=world.cast.lena, now=NOW)
        client.force_login(world.cast.lena)
        assert "Only Otto, who owns it, can publish it all the same" in text_of(
            look(client, refused)
        )
        answer = client.post(refused.address, sent(refused.draft, override="Because."))
        assert answer.status_code == 422
        assert "override" not in answer.context["form"].fields
        assert Revision.objects.drafts().exists()
        client.force_login(otto)
        assert client.post(refused.address, sent(refused.draft)).status_code == 422
        answer = client.post(refused.address, sent(refused.draft, override="Because."))
        assert answer.status_code == 302

    def test_where_nothing_stands_in_the_way_no_reason_is_asked_for(
        self, refused: World, lena: Client
    ) -> None:
        concern = refused.draft.rounds.get().concerns.get()
        make.position(refused.draft.rounds.get(), by=refused.cast.tom)
        consultation.answer_concern(
            concern=concern,
            answer="kept",
            words="Because we audit installations.",
            by=refused.cast.lena,
            now=NOW,
        )
        answer = look(lena, refused)
        assert "override" not in answer.context["form"].fields
        assert "not ready to be taught" not in answer.content.decode()
        assert lena.post(refused.address, sent(refused.draft, override="x")).status_code == 302
        assert Revision.objects.get(pk=refused.draft.pk).override == ""
