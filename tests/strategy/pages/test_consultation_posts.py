"""What is said in a consultation, through its pages."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from strategy.models import Comment, Concern, Position, Round, Suggestion
from tests import make
from tests.strategy.pages import rounds
from tests.strategy.pages.rounds import PNG, WHY, as_, main

pytestmark = pytest.mark.django_db

MB = 1024 * 1024


@pytest.fixture
def world() -> rounds.World:
    return rounds.build()


@pytest.fixture
def tom(world: rounds.World, client: Client) -> Client:
    return as_(client, world.cast.tom)


def lena_of(world: rounds.World) -> Client:
    return as_(Client(), world.cast.lena)


STAND = {"stance": "ready", "why": WHY, "note": ""}


class TestPosition:
    def test_it_is_taken_and_changed(self, world: rounds.World, tom: Client) -> None:
        answer = tom.post(f"{world.address}position/", STAND)
        assert answer["Location"] == f"{world.address}#sign"
        assert Position.objects.get().stance == "ready"
        changed = STAND | {"stance": "cannot", "note": "Dairies have a hardware line only."}
        tom.post(f"{world.address}position/", changed)
        assert Position.objects.get().stance == "cannot"
        page = main(tom.get(world.address))
        assert "Change my answer" in page
        assert 'value="cannot" checked' in page

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"stance": ""}, "Choose whether you can teach it."),
            ({"stance": "maybe"}, "Select a valid choice."),
            ({"why": ""}, "Write in your own words why the company does this."),
            ({"why": "Short."}, "Write in your own words why the company does this."),
            ({"stance": "changes", "note": ""}, "Name the changes."),
            ({"why": "Discounts cost us margin and bought no loyalty"}, "the draft&#x27;s own"),
            ({"why": "\x00" * 30}, "Null characters are not allowed."),
            ({"why": "x" * 2001}, "at most 2000 characters"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(
        self, world: rounds.World, tom: Client, changes: dict[str, str], said: str
    ) -> None:
        answer = tom.post(f"{world.address}position/", STAND | {"note": "Kept words."} | changes)
        assert answer.status_code == 422
        page = main(answer)
        assert said in page
        assert "There is a problem" in page
        assert "<title>Problem:" in answer.content.decode()
        assert ("Kept words." in page) is ("note" not in changes)
        assert not Position.objects.exists()

    def test_a_lead_who_was_not_asked_has_none(self, world: rounds.World) -> None:
        answer = lena_of(world).post(f"{world.address}position/", STAND)
        assert answer.status_code == 403
        assert "Those who were asked answer this draft." in answer.content.decode()

    def test_after_the_end_nothing_is_kept_and_nothing_lost(
        self, world: rounds.World, tom: Client
    ) -> None:
        world.end()
        answer = tom.post(f"{world.address}position/", STAND)
        assert answer.status_code == 409
        page = main(answer)
        assert "This round is over" in page
        assert WHY in page
        assert not Position.objects.exists()

    def test_a_newer_draft_is_pointed_to(self, world: rounds.World, tom: Client) -> None:
        first = world.round
        second = world.share()
        answer = tom.post(f"{first.get_absolute_url()}position/", STAND)
        assert answer.status_code == 409
        assert second.get_absolute_url() in main(answer)

    def test_looking_at_its_address_is_not_allowed(self, world: rounds.World, tom: Client) -> None:
        assert tom.get(f"{world.address}position/").status_code == 405


def concern_of(world: rounds.World, **changes: Any) -> dict[str, Any]:
    given = {
        "paragraph": world.at(),
        "symptom": "Reps will hide the discount.",
        "check_on": (timezone.now() + timedelta(days=60)).date().isoformat(),
        "visits": "11",
        "seen": "9",
    }
    return {name: value for name, value in (given | changes).items() if value is not None}


def raise_(client: Client, world: rounds.World, **changes: Any) -> Any:
    return client.post(f"{world.address}concerns/", concern_of(world, **changes))


class TestRaising:
    def test_it_is_raised_with_a_count_of_visits(self, world: rounds.World, tom: Client) -> None:
        answer = raise_(tom, world)
        assert answer["Location"] == f"{world.address}?p={world.at()}#p{world.at()}"
        made = Concern.objects.get()
        assert (made.seen, made.visits, made.raised_by) == (9, 11, world.cast.tom)
        assert "Seen in 9 of 11 visits" in main(tom.get(f"{world.address}?p={world.at()}"))

    def test_it_is_raised_with_reports_by_their_addresses(
        self, world: rounds.World, tom: Client
    ) -> None:
        objective = make.objective(strategy_=world.plan, by=world.cast.lena, code="A1")
        make.mapping(module=make.module(owner=world.cast.tom), behavior=make.behavior(objective))
        report = make.report(author=world.cast.rosa, objective=objective)
        lines = f"https://align.example/voice/reports/{report.ref}/\n"
        answer = raise_(tom, world, reports=lines, visits=None, seen=None)
        assert answer.status_code == 302, main(answer)
        assert Concern.objects.get().reports == [report.ref]
        assert f"/voice/reports/{report.ref}/" in main(tom.get(f"{world.address}?p={world.at()}"))

    def test_a_report_one_may_not_read_is_no_evidence(
        self, world: rounds.World, tom: Client
    ) -> None:
        hidden = make.report(author=world.cast.rosa, objective=None)
        for ref in (hidden.ref, uuid.uuid4()):
            answer = raise_(tom, world, reports=str(ref), visits=None, seen=None)
            assert answer.status_code == 422
            assert "There is no such report." in main(answer)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"symptom": ""}, "This field is required."),
            ({"symptom": "  "}, "This field is required."),
            ({"check_on": "2020-01-01"}, "Choose a day to come on which it shows."),
            ({"check_on": "9999-12-31"}, "Choose a day within ten years."),
            ({"visits": "", "seen": ""}, "A concern needs evidence"),
            ({"visits": "3"}, "It cannot have been seen more often"),
            ({"visits": ""}, "Say both"),
            ({"visits": "0", "seen": "0"}, "No visits are no evidence."),
            ({"visits": "9" * 30}, "less than or equal to"),
            ({"paragraph": "999"}, "There is no such paragraph in this draft."),
            ({"paragraph": "x"}, "Enter a whole number."),
            ({"reports": "see <b>there</b>"}, "“see &lt;b&gt;there&lt;/b&gt;” is not the address"),
            ({"reports": f"{uuid.UUID(int=1)}\n" * 51}, "Name at most 50 reports."),
        ],
    )
    def test_what_is_wrong_is_said_and_the_rest_kept(
        self, world: rounds.World, tom: Client, changes: dict[str, str], said: str
    ) -> None:
        answer = raise_(tom, world, **changes)
        assert answer.status_code == 422
        page = main(answer)
        assert said in page
        assert not Concern.objects.exists()

    def test_the_form_stands_open_with_what_was_typed(
        self, world: rounds.World, tom: Client
    ) -> None:
        page = main(raise_(tom, world, visits="3"))
        assert '<details class="exp" id="raise" open>' in page
        assert ">Reps will hide the discount.</textarea>" in page.replace("\n", "")

    def test_a_lead_who_was_not_asked_raises_none(self, world: rounds.World) -> None:
        assert raise_(lena_of(world), world).status_code == 403

    def test_after_the_end_it_is_too_late(self, world: rounds.World, tom: Client) -> None:
        data = concern_of(world)
        world.end()
        answer = tom.post(f"{world.address}concerns/", data)
        assert answer.status_code == 409
        assert "Reps will hide the discount." in main(answer)


def upload(name: str, body: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="image/png")


class TestFile:
    def attach(self, client: Client, world: rounds.World, name: str, body: bytes) -> Any:
        return raise_(client, world, visits=None, seen=None, file=upload(name, body))

    def test_it_comes_back_to_be_saved_and_never_shown(
        self, world: rounds.World, tom: Client
    ) -> None:
        assert self.attach(tom, world, "Lost “tenders”.png", PNG).status_code == 302
        concern = Concern.objects.get()
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert f"/concerns/{concern.pk}/file/" in page
        answer = tom.get(f"/concerns/{concern.pk}/file/")
        assert answer.content == PNG
        assert answer["Content-Type"] == "image/png"
        assert answer["Content-Disposition"].startswith("attachment; filename")
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_it_is_for_those_who_read_the_round(self, world: rounds.World, tom: Client) -> None:
        self.attach(tom, world, "a.png", PNG)
        address = f"/concerns/{Concern.objects.get().pk}/file/"
        for person in (world.cast.lena, world.cast.mia):
            assert as_(Client(), person).get(address).status_code == 200
        for person in (world.cast.rosa, world.cast.ada, world.tess):
            assert as_(Client(), person).get(address).status_code == 404

    def test_a_concern_without_one_has_none(self, world: rounds.World, tom: Client) -> None:
        assert tom.get(f"/concerns/{world.concern().pk}/file/").status_code == 404

    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
            ("a.pdf", PNG),
            ("a.png", b"not a picture"),
            ("a.exe", b"MZ\x00\x00"),
            ("a.html", b"<script>alert(1)</script>"),
            ("noending", b"words"),
            ("a.png", b""),
        ],
    )
    def test_what_is_not_what_it_says_is_refused(
        self, world: rounds.World, tom: Client, name: str, body: bytes
    ) -> None:
        assert self.attach(tom, world, name, body).status_code == 422
        assert not Concern.objects.exists()

    def test_ten_megabytes_are_taken_and_no_more(self, world: rounds.World, tom: Client) -> None:
        full = PNG + b"\x00" * (10 * MB - len(PNG))
        assert self.attach(tom, world, "a.png", full).status_code == 302
        answer = self.attach(tom, world, "a.png", full + b"\x00")
        assert answer.status_code == 422
        assert "The file is larger than 10 MB." in main(answer)
        assert self.attach(tom, world, "a.png", b"\x00" * (11 * MB)).status_code == 413

    def test_nowhere_else_is_so_much_taken(self, world: rounds.World, tom: Client) -> None:
        for path in (f"{world.address}comments/", f"{world.address}position/", "/tell/"):
            answer = tom.post(path, {"file": upload("a.png", b"\x00" * (2 * MB))})
            assert answer.status_code == 413, path


class TestComments:
    def say(self, client: Client, world: rounds.World, **changes: Any) -> Any:
        given = {"paragraph": world.at(), "text": "Days, not hours."}
        return client.post(f"{world.address}comments/", given | changes)

    def test_it_stands_at_its_paragraph(self, world: rounds.World, tom: Client) -> None:
        answer = self.say(tom, world)
        assert answer["Location"] == f"{world.address}?p={world.at()}#p{world.at()}"
        assert "Days, not hours." in main(tom.get(f"{world.address}?p={world.at()}"))

    def test_somebody_replies(self, world: rounds.World, tom: Client) -> None:
        self.say(tom, world)
        first = Comment.objects.get()
        lena = lena_of(world)
        page = main(lena.get(f"{world.address}?p={world.at()}&reply={first.pk}"))
        assert "Your reply to Tom: “Days, not hours.”" in page
        assert f'name="thread" value="{first.pk}"' in page
        self.say(lena, world, thread=first.pk, text="Why days?")
        assert Comment.objects.get(text="Why days?").thread == first

    def test_a_thread_goes_on_in_the_next_draft(self, world: rounds.World, tom: Client) -> None:
        self.say(tom, world)
        world.share()
        first = Comment.objects.get()
        assert self.say(tom, world, thread=first.pk, text="Still.").status_code == 302
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert page.index("Days, not hours.") < page.index("Still.")
        assert "on draft 1" in page

    def test_a_reply_to_what_one_cannot_read_is_shown_as_such(
        self, world: rounds.World, tom: Client
    ) -> None:
        self.say(tom, world)
        first = Comment.objects.get()
        world.share([world.tess, world.cast.tom])
        self.say(tom, world, thread=first.pk, text="Still.")
        tess = as_(Client(), world.tess)
        page = main(tess.get(f"{world.address}?p={world.at()}"))
        assert "on an earlier remark" in page
        assert "Days, not hours." not in page
        assert self.say(tess, world, thread=first.pk).status_code == 404

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"text": " "}, "Write your comment."),
            ({"text": "x" * 2001}, "at most 2000 characters"),
            ({"paragraph": "999"}, "There is no such paragraph in this draft."),
            ({"paragraph": ""}, "This field is required."),
            ({"thread": "x"}, "Enter a whole number."),
        ],
    )
    def test_what_is_wrong_is_said(
        self, world: rounds.World, tom: Client, changes: dict[str, str], said: str
    ) -> None:
        answer = self.say(tom, world, **changes)
        assert answer.status_code == 422
        assert said in main(answer)

    def test_a_reply_belongs_to_the_paragraph_of_its_thread(
        self, world: rounds.World, tom: Client
    ) -> None:
        self.say(tom, world)
        answer = self.say(
            tom, world, paragraph=world.at("we_stop"), thread=Comment.objects.get().pk
        )
        assert answer.status_code == 422
        assert "That remark is on another paragraph." in main(answer)

    def test_one_takes_back_ones_own_and_nobody_elses(
        self, world: rounds.World, tom: Client
    ) -> None:
        self.say(tom, world)
        address = f"/comments/{Comment.objects.get().pk}/take-back/"
        assert lena_of(world).post(address).status_code == 403
        assert as_(Client(), world.tess).post(address).status_code == 404
        assert tom.post(address).status_code == 302
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert "Taken back." in page
        assert "Days, not hours." not in page

    def test_what_is_typed_stays_text(self, world: rounds.World, tom: Client) -> None:
        self.say(tom, world, text="<img src=x onerror=alert(1)>\nSecond line")
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert "<img" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page

    def test_after_the_end_it_is_too_late(self, world: rounds.World, tom: Client) -> None:
        number, address = world.at(), f"{world.address}comments/"
        world.end()
        answer = tom.post(address, {"paragraph": number, "text": "Too late."})
        assert answer.status_code == 409
        assert "Too late." in main(answer)


ANSWER = {"answer": "changed", "answer_text": "One step of 4%."}


class TestAnswering:
    def test_the_lead_answers_and_the_raiser_settles_it(
        self, world: rounds.World, tom: Client
    ) -> None:
        concern = world.concern()
        answer = lena_of(world).post(f"/concerns/{concern.pk}/answer/", ANSWER)
        place = f"{world.address}?p={world.at()}#p{world.at()}"
        assert answer["Location"] == place
        page = main(tom.get(f"{world.address}?p={world.at()}"))
        assert "One step of 4%." in page
        assert tom.post(f"/concerns/{concern.pk}/settle/", {"settled": "no"})["Location"] == place
        assert "this does not settle it" in main(tom.get(world.address))
        tom.post(f"/concerns/{concern.pk}/settle/", {"settled": "yes"})
        concern.refresh_from_db()
        assert concern.settled

    def test_who_may_not_is_told_so(self, world: rounds.World, tom: Client) -> None:
        concern = world.concern()
        address = f"/concerns/{concern.pk}/"
        assert tom.post(f"{address}answer/", ANSWER).status_code == 403
        assert lena_of(world).post(f"{address}settle/", {"settled": "yes"}).status_code == 403
        mia = as_(Client(), world.cast.mia)
        assert mia.post(f"{address}outcome/", {"outcome": "did not"}).status_code == 403
        tess = as_(Client(), world.tess)
        for verb in ("answer", "settle", "outcome"):
            assert tess.post(f"{address}{verb}/", ANSWER).status_code == 404

    def test_an_answer_needs_a_kind_and_words(self, world: rounds.World) -> None:
        concern = world.concern()
        answer = lena_of(world).post(f"/concerns/{concern.pk}/answer/", {"answer_text": "Words."})
        assert answer.status_code == 422
        page = main(answer)
        assert "Choose an answer." in page
        assert "Words." in page

    def test_what_has_no_answer_cannot_be_settled(self, world: rounds.World, tom: Client) -> None:
        concern = world.concern()
        for sent in ({"settled": "yes"}, {}, {"settled": "perhaps"}):
            answer = tom.post(f"/concerns/{concern.pk}/settle/", sent)
            assert answer.status_code == 422

    def test_what_is_published_is_not_answered_any_more(self, world: rounds.World) -> None:
        concern = world.concern()
        world.publish(override="The board decided it.")
        answer = lena_of(world).post(f"/concerns/{concern.pk}/answer/", ANSWER)
        assert answer.status_code == 409
        assert "One step of 4%." in main(answer)

    def test_on_its_day_both_say_whether_it_came_true(
        self, world: rounds.World, tom: Client
    ) -> None:
        concern = world.concern()
        address = f"/concerns/{concern.pk}/outcome/"
        came = {"outcome": "came true", "note": "Seen twice."}
        assert tom.post(address, came).status_code == 422
        Concern.objects.update(check_on=timezone.now().date())
        assert "Did it come true?" in main(tom.get(world.address))
        assert tom.post(address, came | {"next": "/concerns/"})["Location"] == "/concerns/"
        away = lena_of(world).post(address, {"outcome": "did not", "next": "//evil.example/"})
        assert away["Location"].startswith(world.address)
        concern.refresh_from_db()
        assert (concern.raiser_outcome, concern.lead_outcome) == ("came true", "did not")
        page = main(tom.get(world.address))
        assert "Seen twice." in page
        assert "Did it come true?" not in page


NAMED = {
    "statement": "Writes the hourly cost of a stop on the first quotation",
    "occasion": "First quotation",
    "standard": "With the customer's figure",
    "critical": "on",
}


class TestSuggesting:
    def name(self, client: Client, world: rounds.World, **changes: Any) -> Any:
        given = NAMED | {"sales_role": world.cast.role.pk} | changes
        return client.post(f"{world.address}suggestions/", given)

    def test_a_behavior_is_named_and_taken_into_the_draft(
        self, world: rounds.World, tom: Client
    ) -> None:
        assert self.name(tom, world)["Location"] == f"{world.address}#named"
        made = Suggestion.objects.get()
        lena = lena_of(world)
        assert "Take it into the draft" in main(lena.get(world.address))
        assert lena.post(f"/suggestions/{made.pk}/take/").status_code == 302
        assert world.draft.behaviors.filter(statement=made.statement, critical=True).exists()
        page = main(lena.get(world.address))
        assert "Share as draft 2" in page
        assert "Taken into the draft" in main(tom.get(world.address))

    def test_it_is_left_out_with_a_reason(self, world: rounds.World, tom: Client) -> None:
        self.name(tom, world)
        address = f"/suggestions/{Suggestion.objects.get().pk}/decline/"
        lena = lena_of(world)
        assert lena.post(address, {}).status_code == 422
        assert lena.post(address, {"answer": "A4-1 says it."}).status_code == 302
        assert "A4-1 says it." in main(tom.get(world.address))
        assert "This was answered meanwhile." in main(lena.post(address, {"answer": "Again."}))

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"statement": ""}, "This field is required."),
            ({"statement": "Understands the price"}, "understand"),
            ({"sales_role": "999999"}, "Select a valid choice."),
            ({"sales_role": "x"}, "Select a valid choice."),
        ],
    )
    def test_what_is_wrong_is_said(
        self, world: rounds.World, tom: Client, changes: dict[str, str], said: str
    ) -> None:
        answer = self.name(tom, world, **changes)
        assert answer.status_code == 422
        assert said in main(answer)

    def test_those_who_are_asked_answer_none(self, world: rounds.World, tom: Client) -> None:
        self.name(tom, world)
        pk = Suggestion.objects.get().pk
        for verb in ("take", "decline"):
            assert tom.post(f"/suggestions/{pk}/{verb}/").status_code == 403
            tess = as_(Client(), world.tess)
            assert tess.post(f"/suggestions/{pk}/{verb}/").status_code == 404

    def test_a_published_draft_takes_none(self, world: rounds.World, tom: Client) -> None:
        self.name(tom, world)
        world.publish()
        pk = Suggestion.objects.get().pk
        assert lena_of(world).post(f"/suggestions/{pk}/take/").status_code == 409


class TestRunning:
    def test_it_gets_another_last_day(self, world: rounds.World) -> None:
        day = (timezone.now() + timedelta(days=30)).date()
        answer = lena_of(world).post(f"{world.address}extend/", {"closes_on": day.isoformat()})
        assert answer.status_code == 302
        assert world.round.last_day == day

    @pytest.mark.parametrize("day", ["", "2020-01-01", "x", "9999-12-31"])
    def test_a_day_that_is_none_is_refused(self, world: rounds.World, day: str) -> None:
        answer = lena_of(world).post(f"{world.address}extend/", {"closes_on": day})
        assert answer.status_code == 422

    def test_it_is_closed_once(self, world: rounds.World) -> None:
        lena = lena_of(world)
        assert lena.post(f"{world.address}close/").status_code == 302
        assert Round.objects.get().closed_at is not None
        assert lena.post(f"{world.address}close/").status_code == 409

    def test_those_who_are_asked_run_nothing(self, world: rounds.World, tom: Client) -> None:
        for verb in ("extend", "close"):
            assert tom.post(f"{world.address}{verb}/").status_code == 403
