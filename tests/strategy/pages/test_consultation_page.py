"""A consultation as people read it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from align.people.models import Role
from strategy import actions as strategy
from strategy import consultation
from strategy.models import Comment, Concern, Position, Round, Strategy
from tests import make
from tests.strategy.pages import rounds
from tests.strategy.pages.rounds import as_, main

pytestmark = pytest.mark.django_db

CANNOT = Position.Stance.CANNOT


@pytest.fixture
def world() -> rounds.World:
    return rounds.build()


@pytest.fixture
def tom(world: rounds.World, client: Client) -> Client:
    return as_(client, world.cast.tom)


def marked(page: str, number: int) -> str:
    """The margin of a paragraph."""
    found = re.search(rf'id="p{number}">.*?(?=<div class="para|<h2|</article)', page, re.DOTALL)
    assert found, f"no paragraph {number}"
    return found[0]


class TestWho:
    @pytest.mark.parametrize("who", ["lena", "tom", "mia"])
    def test_writers_and_those_who_are_asked_read_it(
        self, world: rounds.World, client: Client, who: str
    ) -> None:
        answer = as_(client, getattr(world.cast, who)).get(world.address)
        assert answer.status_code == 200
        assert "Draft 1 of revision 1: Price on guaranteed uptime" in main(answer)

    @pytest.mark.parametrize("who", ["rosa", "ada", "tess", "otto"])
    def test_for_everybody_else_there_is_none(
        self, world: rounds.World, client: Client, who: str
    ) -> None:
        concern = world.concern()
        strangers = {
            "rosa": world.cast.rosa,
            "ada": world.cast.ada,
            "tess": world.tess,
            "otto": make.user("Otto", Role.LEAD),
        }
        as_(client, strangers[who])
        for path in ("", "people/"):
            assert client.get(f"{world.address}{path}").status_code == 404
        assert client.get(f"/concerns/{concern.pk}/").status_code == 404
        assert client.get(f"/concerns/{concern.pk}/file/").status_code == 404
        for path in ("position", "concerns", "comments", "suggestions", "extend", "close"):
            assert client.post(f"{world.address}{path}/").status_code == 404, path

    def test_a_strategy_not_in_force_is_not_named(
        self, world: rounds.World, client: Client, tom: Client
    ) -> None:
        assert "From pumps to uptime" in main(tom.get(world.address))
        Strategy.objects.filter(pk=world.plan.pk).update(state=Strategy.State.DRAFT)
        page = main(tom.get(world.address))
        assert "From pumps to uptime" not in page
        assert world.plan.get_absolute_url() not in page
        lena = as_(client, world.cast.lena)
        assert "From pumps to uptime" in main(lena.get(world.address))

    def test_what_is_written_afterwards_is_not_shown(
        self, world: rounds.World, client: Client, tom: Client
    ) -> None:
        world.save(title="A secret title", we_will="We will do something secret.")
        page = main(tom.get(world.address))
        assert "secret" not in page
        assert "changed since" not in page
        page = main(as_(client, world.cast.lena).get(world.address))
        assert "secret" not in page
        assert "Share as draft 2" in page


class TestText:
    def test_every_paragraph_stands_there_with_its_permanent_number(
        self, world: rounds.World, tom: Client
    ) -> None:
        page = main(tom.get(world.address))
        for paragraph in world.text():
            assert f'id="p{paragraph.number}"' in page
            assert paragraph.text.replace("'", "&#x27;") in page
        for head in ("Why this changes", "We will", "We stop", "What a manager can see"):
            assert head in page
        assert "Who: Account executive" in page

    def test_what_changed_since_the_draft_before_is_inserted_and_struck(
        self, world: rounds.World, tom: Client
    ) -> None:
        world.save(we_will="We will price on guaranteed days.")
        world.share()
        page = main(tom.get(world.address))
        assert "<del>hours</del><ins>days</ins>" in page
        assert "Compare with draft 1" in page
        page = main(tom.get(f"{world.address}?show=&show=concerns&show=comments"))
        assert "<del>" not in page
        assert "We will price on guaranteed days." in page

    def test_somebody_new_is_not_shown_the_draft_they_were_not_asked_about(
        self, world: rounds.World, client: Client
    ) -> None:
        world.concern()
        world.save(we_will="We will price on guaranteed days.")
        world.share([world.tess])
        page = main(as_(client, world.tess).get(world.address))
        assert "hours" not in marked(page, world.at("we_will"))
        assert "Compare with" not in page
        assert "Reps will hide" not in page
        assert "0 concerns open" in page

    def test_markup_in_a_draft_stays_text(self, world: rounds.World, tom: Client) -> None:
        world.save(title="<b>Bold</b>", we_will="We will <script>alert(1)</script>.")
        world.share()
        page = main(tom.get(world.address))
        assert "<script>" not in page
        assert "<b>Bold" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


class TestMargin:
    def test_the_margin_counts_what_was_said(self, world: rounds.World, tom: Client) -> None:
        world.concern()
        for words in ("One.", "Two."):
            consultation.comment(
                round_=world.round,
                by=world.cast.mia,
                paragraph=world.at(),
                words=words,
                now=timezone.now(),
            )
        page = main(tom.get(world.address))
        margin = marked(page, world.at())
        assert f'href="?p={world.at()}#p{world.at()}" aria-label="1 concern on' in margin
        assert 'aria-label="2 comments on' in margin
        assert "1 concern open, 1 without an answer" in page

    def test_what_is_not_to_be_shown_is_not(self, world: rounds.World, tom: Client) -> None:
        world.concern()
        page = main(tom.get(f"{world.address}?show=&show=comments"))
        assert "concern on" not in page
        assert "Reps will hide" not in page

    def test_a_paragraph_opens_its_threads(self, world: rounds.World, tom: Client) -> None:
        world.concern(part="we_will")
        world.concern(part="we_stop", symptom="Reps will stop nothing.")
        page = main(tom.get(f"{world.address}?p={world.at('we_stop')}"))
        assert "Reps will stop nothing." in page
        assert "Reps will hide" not in page
        assert "Raise a concern on paragraph" in page
        assert "Seen in 9 of 11 visits" in page

    def test_without_a_paragraph_the_open_ones_stand_there_unanswered_first(
        self, world: rounds.World, tom: Client
    ) -> None:
        first = world.concern(symptom="The first symptom.")
        world.concern(symptom="The second symptom.")
        settled = world.concern(symptom="The settled symptom.")
        for concern in (first, settled):
            answer(concern, world)
        consultation.settle_concern(
            concern=settled, by=world.cast.tom, settled=True, now=timezone.now()
        )
        page = main(tom.get(world.address))
        assert page.index("The second symptom.") < page.index("The first symptom.")
        assert "The settled symptom." not in page

    def test_a_quote_is_kept_when_the_paragraph_changes(
        self, world: rounds.World, tom: Client
    ) -> None:
        world.concern()
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert "as it read then" not in page
        world.save(we_will="We will price on guaranteed days.")
        world.share()
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert "as it read then" in page
        assert "We will price on guaranteed hours." in page
        assert "raised on draft 1" in page

    def test_what_was_said_of_a_paragraph_that_is_gone_is_still_there(
        self, world: rounds.World, tom: Client
    ) -> None:
        world.save(why="One reason.\n\nAnother reason altogether.")
        world.share()
        gone = world.text()[2].number
        consultation.comment(
            round_=world.round,
            by=world.cast.tom,
            paragraph=gone,
            words="Keep this one.",
            now=timezone.now(),
        )
        world.save(why="One reason.")
        world.share()
        page = main(tom.get(f"{world.address}?p={gone}"))
        assert "It is not in this draft any more." in page
        assert "Keep this one." in page
        assert "Your comment" not in page

    def test_comments_are_read_a_page_at_a_time(self, world: rounds.World, tom: Client) -> None:
        Comment.objects.bulk_create(
            Comment(
                round=world.round,
                paragraph=world.at(),
                quote="",
                author=world.cast.mia,
                at=timezone.now(),
                text=f"Remark {n}.",
            )
            for n in range(35)
        )
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert "Remark 29." in page
        assert "Remark 30." not in page
        assert "More comments" in page
        page = main(tom.get(f"{world.address}?p={world.at()}&comments=2"))
        assert "Remark 34." in page
        assert "Remark 29." not in page

    @pytest.mark.parametrize(
        "query",
        [
            "p=x",
            "p=-1",
            "p=99999999999999999999",
            "p=0",
            "p=7777",
            "p=%00",
            "p=²",
            "comments=0",
            "comments=9999&p=3",
            "concerns=x&p=3",
            "reply=999&p=3",
            "show=nonsense",
            "show=%3Cb%3E",
        ],
    )
    def test_nonsense_in_the_address_is_no_error(
        self, world: rounds.World, tom: Client, query: str
    ) -> None:
        assert tom.get(f"{world.address}?{query}").status_code == 200


def answer(concern: Concern, world: rounds.World) -> Concern:
    return consultation.answer_concern(
        concern=concern,
        by=world.cast.lena,
        answer="kept",
        words="Because the audit finds it.",
        now=timezone.now(),
    )


class TestSeats:
    def test_who_is_asked_answers_and_the_lead_does_not(
        self, world: rounds.World, client: Client, tom: Client
    ) -> None:
        page = main(tom.get(world.address))
        assert "Can you teach this?" in page
        assert "Give my answer" in page
        assert "Another last day" not in page
        page = main(as_(client, world.cast.lena).get(world.address))
        assert "Give my answer" not in page
        assert "Another last day" in page
        assert "Nothing stands in the way of publishing." in page

    def test_a_lead_reads_what_stands_in_the_way(self, world: rounds.World, client: Client) -> None:
        world.concern()
        make.position(world.round, by=world.cast.tom, stance=CANNOT, now=timezone.now())
        page = main(as_(client, world.cast.lena).get(world.address))
        assert "Tom cannot teach it as written; 1 concern has no answer." in page
        assert "Answer Tom" in page

    def test_everybody_reads_who_has_answered_and_why(
        self, world: rounds.World, client: Client
    ) -> None:
        make.position(world.round, by=world.cast.tom, stance=CANNOT, now=timezone.now())
        page = main(as_(client, world.cast.mia).get(world.address))
        assert "1 of 2 have answered" in page
        assert "Cannot teach it as written" in page
        assert rounds.WHY in page
        assert "No answer yet" in page

    def test_where_one_stood_on_the_draft_before_is_said_until_one_answers(
        self, world: rounds.World, tom: Client
    ) -> None:
        make.position(world.round, by=world.cast.tom, stance=CANNOT, now=timezone.now())
        world.save(we_will="We will price on guaranteed days.")
        world.share()
        page = main(tom.get(world.address))
        assert "On draft 1 you said: Cannot teach it as written." in page
        assert rounds.WHY in page
        assert "0 of 2 have answered" in page
        assert "checked" not in page.partition('id="sign"')[2]

    def test_the_raiser_is_asked_whether_it_settles_it(
        self, world: rounds.World, client: Client, tom: Client
    ) -> None:
        answer(world.concern(), world)
        assert "Does this settle it?" in main(tom.get(world.address))
        assert "Does this settle it?" not in main(as_(client, world.cast.mia).get(world.address))


class TestOver:
    FORMS = ("Give my answer", "Raise a concern", "Your comment", "Name a behavior", "Set the last")

    @pytest.mark.parametrize("how", ["ended", "closed", "withdrawn", "published"])
    def test_it_says_so_and_has_no_forms(
        self, world: rounds.World, client: Client, how: str
    ) -> None:
        shared = world.round
        said = {
            "ended": "The time to answer is over.",
            "closed": "The time to answer is over.",
            "withdrawn": "This draft was withdrawn.",
            "published": "This is published;",
        }
        if how == "ended":
            world.end()
        elif how == "closed":
            consultation.close_round(round_=shared, by=world.cast.lena, now=timezone.now())
        elif how == "withdrawn":
            strategy.discard_draft(revision=world.draft, by=world.cast.lena, now=timezone.now())
        else:
            world.publish()
        for person in (world.cast.tom, world.cast.lena):
            page = main(as_(client, person).get(f"{shared.get_absolute_url()}?p=3"))
            assert said[how] in page
            for form in self.FORMS:
                assert form not in page, (person, form)

    def test_an_older_draft_leads_to_the_newer_one(self, world: rounds.World, tom: Client) -> None:
        first = world.round
        world.save(we_will="We will price on guaranteed days.")
        second = world.share()
        page = main(tom.get(first.get_absolute_url()))
        assert f'href="{second.get_absolute_url()}"' in page
        assert "Give my answer" not in page

    def test_what_was_said_of_the_newer_one_is_not_shown_on_the_older(
        self, world: rounds.World, tom: Client
    ) -> None:
        first = world.round
        world.share()
        world.concern(symptom="Said of the second.")
        assert "Said of the second." not in main(tom.get(first.get_absolute_url()))

    def test_a_lead_still_answers_what_has_no_answer(
        self, world: rounds.World, client: Client
    ) -> None:
        world.concern()
        world.end()
        assert "Answer Tom" in main(as_(client, world.cast.lena).get(world.address))


class TestConcernAddress:
    def test_it_leads_to_its_paragraph_in_the_newest_draft(
        self, world: rounds.World, client: Client, tom: Client
    ) -> None:
        concern = world.concern()
        tess_round = world.share([world.tess, world.cast.lena])
        place = f"?p={concern.paragraph}#c{concern.pk}"
        first = concern.round.get_absolute_url()
        assert tom.get(f"/concerns/{concern.pk}/")["Location"] == f"{first}{place}"
        lena = as_(client, world.cast.lena)
        assert lena.get(f"/concerns/{concern.pk}/")["Location"] == (
            f"{tess_round.get_absolute_url()}{place}"
        )

    def test_it_leads_to_the_page_it_stands_on(self, world: rounds.World, tom: Client) -> None:
        concerns = [world.concern() for _ in range(21)]
        location = tom.get(f"/concerns/{concerns[-1].pk}/")["Location"]
        assert "concerns=2" in location
        assert f'id="c{concerns[-1].pk}"' in main(tom.get(location.partition("#")[0]))


class TestCost:
    @pytest.mark.parametrize(
        ("who", "paragraph", "queries"),
        [("tom", "", 14), ("tom", "we_will", 15), ("lena", "", 15), ("lena", "we_will", 16)],
    )
    def test_it_costs_the_same_however_much_was_said(
        self,
        world: rounds.World,
        client: Client,
        django_assert_num_queries: Any,
        who: str,
        paragraph: str,
        queries: int,
    ) -> None:
        first = world.round
        world.save(we_will="We will price on guaranteed days.")
        world.share()
        person = as_(client, getattr(world.cast, who))
        address = world.address + (f"?p={world.at(paragraph)}" if paragraph else "")
        world.concern()
        with django_assert_num_queries(queries):
            person.get(address)
        for n in range(12):
            talk(world, n)
        assert first.comments.count() == 0
        with django_assert_num_queries(queries):
            person.get(address)


def talk(world: rounds.World, n: int) -> None:
    now = timezone.now()
    world.concern(symptom=f"Symptom {n}.", by=world.cast.mia if n % 2 else world.cast.tom)
    consultation.comment(
        round_=world.round, by=world.cast.tom, paragraph=world.at(), words=f"Remark {n}", now=now
    )
    consultation.suggest(
        round_=world.round,
        by=world.cast.tom,
        sales_role=world.cast.role,
        statement=f"Opens the price talk with {n} hours of downtime",
        now=now,
    )
    person = make.user(f"Trainer {n}", Role.TRAINER)
    consultation.add_participants(round_=world.round, people=[person], by=world.cast.lena, now=now)
    make.position(world.round, by=person, now=now + timedelta(seconds=n))


def test_rounds_keep_their_numbers(world: rounds.World) -> None:
    world.share()
    assert list(Round.objects.values_list("number", flat=True)) == [2, 1]
