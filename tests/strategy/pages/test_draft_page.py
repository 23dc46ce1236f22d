from typing import Any

import pytest
from django.test import Client

from align.people.models import Audience, Role
from strategy import actions as strategy
from strategy.models import Depth, Objective, Revision, Strategy
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

GOOD = "Opens the price talk with the cost of an hour of downtime"


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team])


@pytest.fixture
def drafted(cast: make.Cast, plan: Strategy) -> Objective:
    return make.draft(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def published(cast: make.Cast, plan: Strategy) -> Objective:
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def lena(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.lena)
    return client


def filled(answer: Any) -> dict[str, Any]:
    """What a browser would send back from the page as it stands."""
    sent: dict[str, Any] = {}
    forms = [answer.context["form"], answer.context["rows"].management_form]
    for form in [*forms, *answer.context["rows"].forms]:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False and value != "":
                sent[bound.html_name] = value
    return sent


def draft_of(client: Client, objective: Objective, **changes: Any) -> dict[str, Any]:
    return filled(client.get(f"/objectives/{objective.pk}/draft/")) | changes


def save(client: Client, objective: Objective, sent: dict[str, Any]) -> Any:
    return client.post(f"/objectives/{objective.pk}/draft/", sent)


class TestWho:
    @pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
    def test_a_draft_is_hidden_from_others(
        self, cast: make.Cast, drafted: Objective, client: Client, who: str
    ) -> None:
        client.force_login(getattr(cast, who))
        for path in ("", "publish/", "discard/"):
            address = f"/objectives/{drafted.pk}/draft/{path}"
            assert client.get(address).status_code in {404, 405}
            assert client.post(address).status_code == 404
        assert client.post(f"/objectives/{drafted.pk}/retire/").status_code == 404

    @pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada", "lars"])
    def test_what_is_in_force_is_written_by_its_lead_only(
        self, cast: make.Cast, published: Objective, client: Client, who: str
    ) -> None:
        lars = make.user("Lars", Role.LEAD)
        client.force_login(lars if who == "lars" else getattr(cast, who))
        answer = client.get(f"/objectives/{published.pk}/draft/")
        assert answer.status_code == 403
        assert "Lena can open it for you." in answer.content.decode()
        assert client.post(f"/objectives/{published.pk}/retire/").status_code == 403


class TestLooking:
    def test_looking_changes_nothing(self, published: Objective, lena: Client) -> None:
        assert lena.get(f"/objectives/{published.pk}/draft/").status_code == 200
        assert not Revision.objects.drafts().exists()

    @pytest.mark.parametrize("behaviors", [1, 12])
    def test_it_costs_the_same_however_many_behaviors(
        self,
        cast: make.Cast,
        plan: Strategy,
        lena: Client,
        behaviors: int,
        django_assert_num_queries: Any,
    ) -> None:
        words = [make.behavior_words(f"B{n}", sales_role=cast.role) for n in range(behaviors)]
        made = make.draft(strategy_=plan, by=cast.lena, behaviors=words)
        with django_assert_num_queries(15):
            lena.get(f"/objectives/{made.pk}/draft/")


class TestSaving:
    def test_sending_the_page_back_changes_no_word(
        self, published: Objective, lena: Client
    ) -> None:
        before = published.current
        assert before
        sent = draft_of(lena, published)
        assert save(lena, published, sent).status_code == 302
        draft = Revision.objects.drafts().get()
        for name in strategy.WORDS:
            assert getattr(draft, name) == getattr(before, name), name
        assert strategy.behavior_words(draft) == strategy.behavior_words(before)

    def test_every_field_is_kept(self, cast: make.Cast, drafted: Objective, lena: Client) -> None:
        only = Audience.objects.of(sales_roles=[cast.role], teams=[cast.team])
        sent = draft_of(
            lena,
            drafted,
            title="Price on hours",
            measure="Guaranteed hours sold",
            baseline="12.5",
            target="40",
            unit="%",
            measure_by="2027-06-30",
            **{
                "behaviors-0-statement": GOOD + ", unasked",
                "behaviors-0-occasion": "First price talk",
                "behaviors-0-standard": "Names the sum",
                "behaviors-0-level_1": "Names a price",
                "behaviors-0-level_4": "Has the customer do the sum",
                "behaviors-0-required_depth": "4",
                "behaviors-0-teams": [cast.team.pk],
                "behaviors-0-needs": "The downtime sheet\n\n The customer's figures ",
                "behaviors-0-stops": "Opening with a discount",
            },
        )
        assert save(lena, drafted, sent).status_code == 302
        draft = drafted.revisions.get()
        assert (draft.title, draft.unit, str(draft.baseline)) == ("Price on hours", "%", "12.50")
        [words] = strategy.behavior_words(draft)
        assert words == strategy.BehaviorWords(
            code="B1",
            sales_role=cast.role,
            statement=GOOD + ", unasked",
            occasion="First price talk",
            standard="Names the sum",
            levels=("Names a price", "", "", "Has the customer do the sum"),
            critical=True,
            required_depth=Depth.REINFORCED,
            audiences=(only,),
            needs=("The downtime sheet", "The customer's figures"),
            stops=("Opening with a discount",),
        )

    def test_rows_are_added_without_script(
        self, cast: make.Cast, drafted: Objective, lena: Client
    ) -> None:
        sent = draft_of(lena, drafted, title="Half typed", add="1")
        answer = lena.post(f"/objectives/{drafted.pk}/draft/", sent)
        assert answer.status_code == 200
        assert "Half typed" in answer.content.decode()
        assert drafted.revisions.get().edits == 0, "nothing is saved yet"
        sent = filled(answer) | {
            "behaviors-1-statement": "Names the cost of an hour before any price",
            "behaviors-1-sales_role": cast.role.pk,
        }
        assert save(lena, drafted, sent).status_code == 302
        codes = [words.code for words in strategy.behavior_words(drafted.revisions.get())]
        assert codes == ["B1", "A4-1"]

    def test_rows_are_taken_out_without_script(
        self, cast: make.Cast, plan: Strategy, lena: Client
    ) -> None:
        words = [make.behavior_words(code, sales_role=cast.role) for code in ("B1", "B2", "B3")]
        made = make.draft(strategy_=plan, by=cast.lena, behaviors=words)
        sent = draft_of(lena, made, **{"behaviors-1-DELETE": "on"})
        assert save(lena, made, sent).status_code == 302
        codes = [words.code for words in strategy.behavior_words(made.revisions.get())]
        assert codes == ["B1", "B3"]

    def test_an_empty_row_is_no_row(self, drafted: Objective, lena: Client) -> None:
        sent = draft_of(lena, drafted, **{"behaviors-TOTAL_FORMS": 2})
        assert save(lena, drafted, sent).status_code == 302
        assert drafted.revisions.get().behaviors.count() == 1

    def test_saving_can_lead_on_to_publishing(self, drafted: Objective, lena: Client) -> None:
        answer = save(lena, drafted, draft_of(lena, drafted, publish="1"))
        assert answer["Location"] == f"/objectives/{drafted.pk}/draft/publish/"


class TestRefusing:
    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": " "}, "This field is required."),
            ({"baseline": "many"}, "Enter a number."),
            ({"measure_by": "soon"}, "Enter a valid date."),
            ({"we_will": "x" * 2001}, "at most 2000 characters"),
            ({"behaviors-0-statement": "Understands the value of uptime"}, "A manager can see:"),
            ({"behaviors-0-statement": ""}, "This field is required."),
            ({"behaviors-0-sales_role": "987654"}, "Select a valid choice."),
            ({"behaviors-0-teams": ["987654"]}, "Select a valid choice."),
            ({"behaviors-0-required_depth": "9"}, "Select a valid choice."),
            ({"behaviors-0-needs": "x" * 201}, "Keep each line under 200 characters."),
            ({"behaviors-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, drafted: Objective, lena: Client, wrong: dict[str, Any], sentence: str
    ) -> None:
        sent = draft_of(lena, drafted, why="Typed for an hour.") | wrong
        answer = save(lena, drafted, sent)
        assert answer.status_code == 422
        text = answer.content.decode()
        assert sentence in text
        assert "Typed for an hour." in text
        assert drafted.revisions.get().edits == 0

    def test_two_behaviors_cannot_share_a_code(
        self, cast: make.Cast, drafted: Objective, lena: Client
    ) -> None:
        sent = draft_of(lena, drafted) | {
            "behaviors-TOTAL_FORMS": 2,
            "behaviors-1-code": "B1",
            "behaviors-1-statement": "Names the cost of an hour before any price",
            "behaviors-1-sales_role": cast.role.pk,
        }
        answer = save(lena, drafted, sent)
        assert answer.status_code == 422
        assert "“B1” is there twice." in answer.content.decode()

    def test_more_rows_than_anybody_needs_are_refused(
        self, drafted: Objective, lena: Client
    ) -> None:
        sent = draft_of(lena, drafted, **{"behaviors-TOTAL_FORMS": 5000})
        assert save(lena, drafted, sent).status_code == 422


class TestTwoWriters:
    def test_a_stale_page_shows_both_texts_and_keeps_what_was_typed(
        self, drafted: Objective, lena: Client
    ) -> None:
        mine = draft_of(lena, drafted, why="What I typed.")
        save(lena, drafted, draft_of(lena, drafted, why="What they saved."))
        answer = save(lena, drafted, mine)
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "What I typed.</textarea>" in text
        assert "What <del>they saved</del><ins>I typed</ins>." in text
        assert "We will price" not in text.partition("<form class")[0], "that is the same in both"
        assert drafted.revisions.get().why == "What they saved."

        assert save(lena, drafted, filled(answer)).status_code == 302
        assert drafted.revisions.get().why == "What I typed."

    def test_a_text_published_meanwhile_is_not_overwritten(
        self, cast: make.Cast, published: Objective, lena: Client
    ) -> None:
        mine = draft_of(lena, published, why="What I typed.")
        make.revise(published, by=cast.lena, words=make.words("Published meanwhile"))
        answer = save(lena, published, mine)
        assert answer.status_code == 409
        assert "Published meanwhile" in answer.content.decode()
        assert not Revision.objects.drafts().exists()
        assert save(lena, published, filled(answer)).status_code == 302
        assert Revision.objects.drafts().get().number == 3

    def test_two_first_writers_do_not_overwrite_each_other(
        self, published: Objective, lena: Client
    ) -> None:
        mine = draft_of(lena, published, why="What I typed.")
        save(lena, published, draft_of(lena, published, why="What they saved."))
        assert save(lena, published, mine).status_code == 409
        assert Revision.objects.drafts().get().why == "What they saved."


class TestDiscarding:
    def test_a_draft_is_discarded(self, published: Objective, lena: Client) -> None:
        save(lena, published, draft_of(lena, published))
        answer = lena.post(f"/objectives/{published.pk}/draft/discard/")
        assert answer.status_code == 302
        assert not Revision.objects.drafts().exists()
        assert Objective.objects.filter(pk=published.pk).exists()

    def test_an_objective_that_never_was_goes_with_it(
        self, drafted: Objective, lena: Client
    ) -> None:
        lena.post(f"/objectives/{drafted.pk}/draft/discard/")
        assert not Objective.objects.exists()

    def test_a_draft_the_field_was_promised_stays(
        self, cast: make.Cast, published: Objective, lena: Client
    ) -> None:
        ref = "7a1b7c1e-1111-4111-8111-111111111111"
        strategy.open_draft(objective=published, by=cast.lena, now=NOW, answers=[ref])  # type: ignore[list-item]
        answer = lena.post(f"/objectives/{published.pk}/draft/discard/", follow=True)
        assert "Publish it." in answer.content.decode()
        assert Revision.objects.drafts().exists()

    def test_an_objective_is_retired(self, published: Objective, lena: Client) -> None:
        assert lena.get(f"/objectives/{published.pk}/retire/").status_code == 405
        lena.post(f"/objectives/{published.pk}/retire/")
        published.refresh_from_db()
        assert published.state == Objective.State.RETIRED


class TestHandingOver:
    def test_the_owner_changes(
        self, cast: make.Cast, published: Objective, lena: Client, client: Client
    ) -> None:
        lars = make.user("Lars", Role.LEAD)
        address = f"/objectives/{published.pk}/owner/"
        assert lena.get(address).status_code == 200
        assert lena.post(address, {"owner": cast.tom.pk}).status_code == 422
        assert lena.post(address, {"owner": lars.pk}).status_code == 302
        published.refresh_from_db()
        assert published.owner == lars
        client.force_login(lars)
        assert client.get(f"/objectives/{published.pk}/draft/").status_code == 200

    @pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
    def test_others_do_not_hand_it_over(
        self, cast: make.Cast, published: Objective, client: Client, who: str
    ) -> None:
        client.force_login(getattr(cast, who))
        address = f"/objectives/{published.pk}/owner/"
        assert client.post(address, {"owner": cast.lena.pk}).status_code == 403
