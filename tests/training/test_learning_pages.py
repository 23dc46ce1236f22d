"""A rep takes a module on the phone: part by part, the quiz, done."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions, quiz
from training.models import Attempt, Completion, Module, Progress

pytestmark = pytest.mark.django_db

CONTENT = "Before all.\n\n## The cost\n\nAn hour.\n\n## The offer\n\nA day.\n\n## The close\n\nNow."
QUIZ = (
    quiz.Question(question="What do you open with?", options=("Cost", "Price"), right=(0,)),
    quiz.Question(
        question="Whom do you ask?", options=("Plant", "Purchasing", "Nobody"), right=(0, 1)
    ),
)


def write(
    module: Module,
    *,
    content: str = CONTENT,
    questions: quiz.Quiz = QUIZ,
    pass_mark: int = 80,
    link: str = "",
) -> Module:
    """Publish the next version of a module with these words."""
    draft = actions.new_version(module=module, by=module.owner, now=NOW)
    actions.edit_module(
        version=draft,
        title=draft.title,
        kind=draft.kind,
        hours=draft.hours,
        content=content,
        link=link,
        questions=questions,
        pass_mark=pass_mark,
        edits=draft.edits,
        now=NOW,
    )
    actions.publish_module(module=module, by=module.owner, now=NOW)
    module.refresh_from_db()
    return module


@pytest.fixture
def drill(cast: make.Cast, place: Place) -> Module:
    module = make.module(owner=cast.tom, title="The drill")
    make.mapping(module=module, behavior=place.behavior)
    return write(module)


@pytest.fixture
def rosa(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.rosa)
    return client


def learn(module: Module, rest: str = "") -> str:
    return f"/training/learn/{module.pk}/{rest}"


def sent(module: Module, first: Any = 0, second: Any = (0, 1), **more: Any) -> dict[str, Any]:
    assert module.current is not None
    given = {"version": module.current.pk, "client_key": str(uuid.uuid4())} | more
    if first is not None:
        given["answer_0"] = first
    if second is not None:
        given["answer_1"] = list(second)
    return given


# Reading


def test_content_comes_part_by_part(cast: make.Cast, drill: Module, rosa: Client) -> None:
    first = rosa.get(learn(drill)).content.decode()
    assert "Part 1 of 3" in first
    assert "Before all." in first
    assert "A day." not in first
    assert ">Next" in first
    last = rosa.get(learn(drill, "?part=3")).content.decode()
    assert "Part 3 of 3" in last
    assert "To the quiz" in last
    assert 'href="?part=2"' in last


def test_next_keeps_the_place_and_one_continues_there(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    assert drill.current is not None
    answer = rosa.post(learn(drill, "place/"), {"part": "2", "version": drill.current.pk})
    assert answer.headers["Location"] == learn(drill, "?part=2")
    assert "continue at part 2" in rosa.get("/training/learn/").content.decode()
    page = rosa.get(learn(drill)).content.decode()
    assert "You stopped here." in page
    assert "Part 2 of 3" in page
    assert "You stopped here." not in rosa.get(learn(drill, "?part=1")).content.decode()


def test_reading_keeps_nothing(cast: make.Cast, drill: Module, rosa: Client) -> None:
    rosa.get(learn(drill, "?part=2"))
    assert rosa.get(learn(drill, "place/")).status_code == 405
    assert not Progress.objects.exists()


@pytest.mark.parametrize("part", ["0", "4", "x", "", "99999999999999999999"])
def test_a_part_that_is_not_there_is_not_kept(
    cast: make.Cast, drill: Module, rosa: Client, part: str
) -> None:
    assert drill.current is not None
    rosa.post(learn(drill, "place/"), {"part": part, "version": drill.current.pk})
    assert not Progress.objects.exists()
    assert "Part " in rosa.get(learn(drill, f"?part={part}")).content.decode()


def test_a_new_version_says_so_and_keeps_the_place_only(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    began = drill.current
    assert began is not None
    rosa.post(learn(drill, "place/"), {"part": "2", "version": began.pk})
    rosa.post(learn(drill, "quiz/"), sent(drill, 0, None, later="1"))
    write(drill)
    page = rosa.get(learn(drill)).content.decode()
    assert "This module was changed since you began it: this is version 3." in page
    assert "Part 2 of 3" in page
    assert "checked" not in rosa.get(learn(drill, "quiz/")).content.decode()
    answer = rosa.post(learn(drill, "place/"), {"part": "3", "version": began.pk}, follow=True)
    assert "This is the new version." in answer.content.decode()
    assert Progress.objects.get().part == 2


def test_a_module_without_a_quiz_is_said_to_be_done(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    write(drill, questions=(), content="All of it.")
    assert drill.current is not None
    page = rosa.get(learn(drill)).content.decode()
    assert "I have completed it" in page
    rosa.post(learn(drill), {"version": drill.current.pk})
    rosa.post(learn(drill), {"version": drill.current.pk})
    assert Completion.objects.count() == 1


def test_done_is_not_said_of_words_one_did_not_read(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    write(drill, questions=())
    old = drill.current
    assert old is not None
    write(drill, questions=())
    answer = rosa.post(learn(drill), {"version": old.pk}, follow=True)
    assert "This is the new version." in answer.content.decode()
    assert not Completion.objects.exists()


def test_an_external_module_is_opened_and_said_to_be_done(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    write(drill, questions=(), content="", link="https://lms.example.com/7")
    page = rosa.get(learn(drill)).content.decode()
    assert 'href="https://lms.example.com/7" rel="noopener noreferrer"' in page
    assert "I have completed it" in page


# The quiz


def test_a_quiz_is_passed_and_completes_the_module(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    answer = rosa.post(learn(drill, "quiz/"), sent(drill), follow=True)
    assert "Passed, 2 of 2 right." in answer.content.decode()
    attempt, completion = Attempt.objects.get(), Completion.objects.get()
    assert (attempt.passed, attempt.score, attempt.source) == (True, Decimal(100), "align")
    assert (completion.user, completion.score, completion.version) == (
        cast.rosa,
        Decimal(100),
        drill.current,
    )


def test_the_same_try_sent_twice_is_one(cast: make.Cast, drill: Module, rosa: Client) -> None:
    given = sent(drill)
    for _ in range(2):
        assert rosa.post(learn(drill, "quiz/"), given).status_code == 302
    assert Attempt.objects.count() == Completion.objects.count() == 1
    other = rosa.post(learn(drill, "quiz/"), given | {"answer_0": 1})
    assert other.status_code == 409
    page = other.content.decode()
    assert "Send again to make this another try." in page
    assert given["client_key"] not in page
    assert Attempt.objects.count() == 1


def test_passing_twice_on_a_day_completes_once(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    for _ in range(2):
        rosa.post(learn(drill, "quiz/"), sent(drill))
    assert (Attempt.objects.count(), Completion.objects.count()) == (2, 1)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        rosa.post(learn(drill, "quiz/"), sent(drill))
    assert Completion.objects.count() == 2


def test_failing_shows_what_to_read_again_and_no_right_answer(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    answer = rosa.post(learn(drill, "quiz/"), sent(drill, 0, (0, 2)), follow=True)
    page = answer.content.decode()
    assert "1 of 2 right" in page
    assert "question 2." in page
    assert "The right answers" not in page
    assert " checked" not in page
    assert Attempt.objects.get().passed is False
    assert not Completion.objects.exists()
    assert "Passed" in rosa.post(learn(drill, "quiz/"), sent(drill), follow=True).content.decode()
    assert Attempt.objects.count() == 2


def test_the_right_answers_come_after_passing(cast: make.Cast, drill: Module, rosa: Client) -> None:
    assert "right</span>" not in rosa.get(learn(drill, "quiz/")).content.decode()
    rosa.post(learn(drill, "quiz/"), sent(drill))
    page = rosa.get(learn(drill, "quiz/")).content.decode()
    assert "The right answers" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "Check my answers" in rosa.get(learn(drill, "quiz/?again=1")).content.decode()


def test_who_passed_and_fails_again_can_try_again(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    rosa.post(learn(drill, "quiz/"), sent(drill))
    answer = rosa.post(learn(drill, "quiz/"), sent(drill, 1), follow=True)
    page = answer.content.decode()
    assert "question 1." in page
    assert "Check my answers" in page


def test_right_answers_are_on_no_page_of_who_has_not_passed(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    for address in (learn(drill), learn(drill, "quiz/"), drill.get_absolute_url()):
        page = rosa.get(address).content.decode()
        assert "circle-check" not in page.split("<main")[1], address
    page = rosa.get(drill.get_absolute_url()).content.decode()
    assert "Whom do you ask?" not in page
    assert "2 questions" in page


def test_what_is_not_answered_is_named_and_ticks_stay(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    answer = rosa.post(learn(drill, "quiz/"), sent(drill, 1, None))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Whom do you ask?: Choose an answer." in page
    assert re.search(r'name="answer_0" value="1"[^>]* checked', page)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"answer_0": "7"}, {"answer_1": ["9"]}, {"client_key": "x"}, {"version": "x"}]
)
def test_nonsense_is_refused(
    cast: make.Cast, drill: Module, rosa: Client, wrong: dict[str, Any]
) -> None:
    assert rosa.post(learn(drill, "quiz/"), sent(drill) | wrong).status_code == 422
    assert not Attempt.objects.exists()


def test_answers_are_kept_for_later(cast: make.Cast, drill: Module, rosa: Client) -> None:
    rosa.post(learn(drill, "quiz/"), sent(drill, 1, None, later="1"))
    page = rosa.get(learn(drill, "quiz/")).content.decode()
    assert re.search(r'name="answer_0" value="1"[^>]* checked', page)
    assert not Attempt.objects.exists()
    rosa.post(learn(drill, "quiz/"), sent(drill, 1))
    assert Progress.objects.get().answers == {}


def test_a_quiz_of_an_earlier_version_is_not_judged(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    given = sent(drill)
    write(drill)
    answer = rosa.post(learn(drill, "quiz/"), given)
    assert answer.status_code == 409
    assert "This is the new version." in answer.content.decode()
    assert not Attempt.objects.exists()


def test_done_cannot_be_said_past_a_quiz(cast: make.Cast, drill: Module, rosa: Client) -> None:
    answer = rosa.post(learn(drill), follow=True)
    assert "Passing it completes the module." in answer.content.decode()
    assert not Completion.objects.exists()


def test_a_module_without_a_quiz_has_no_quiz_page(
    cast: make.Cast, drill: Module, rosa: Client
) -> None:
    write(drill, questions=())
    assert rosa.get(learn(drill, "quiz/")).headers["Location"] == learn(drill)


@pytest.mark.parametrize("questions", [1, 20])
def test_reading_and_the_quiz_cost_the_same(
    cast: make.Cast,
    drill: Module,
    rosa: Client,
    questions: int,
    django_assert_max_num_queries: Any,
) -> None:
    write(drill, questions=QUIZ[:1] * questions)
    for address in (learn(drill), learn(drill, "quiz/")):
        with django_assert_max_num_queries(16):
            rosa.get(address)


# What took its place


def test_learners_are_led_to_the_successor(
    cast: make.Cast, drill: Module, client: Client, read: Read
) -> None:
    middle, last = (make.module(owner=cast.tom, title=title) for title in ("Middle", "Last"))
    client.force_login(cast.tom)
    client.post(
        f"{drill.get_absolute_url()}retire/", {"successor": middle.pk, "reason": "Too long."}
    )
    client.post(f"{middle.get_absolute_url()}retire/", {"successor": last.pk})
    page = read(cast.rosa, drill.get_absolute_url())
    assert "Too long." in page
    assert "Middle" in page
    answer = client.get(learn(drill), follow=True)
    assert answer.redirect_chain == [(learn(last), 302)]
    assert "This one takes its place." in answer.content.decode()


def test_only_modules_in_use_can_take_a_place(
    cast: make.Cast, drill: Module, client: Client
) -> None:
    gone = make.module(owner=cast.tom, title="Gone")
    actions.retire_module(module=gone, now=NOW)
    client.force_login(cast.tom)
    for wrong in (gone.pk, drill.pk, 999999):
        answer = client.post(f"{drill.get_absolute_url()}retire/", {"successor": wrong})
        assert answer.status_code == 422
    with pytest.raises(actions.Invalid):
        actions.retire_module(module=drill, successor=drill, now=NOW)
    drill.refresh_from_db()
    assert drill.state == Module.State.PUBLISHED


def test_a_retired_module_without_successor_is_not_taken(
    cast: make.Cast, drill: Module, read: Read
) -> None:
    actions.retire_module(module=drill, now=NOW)
    read(cast.rosa, learn(drill), status=404)
    read(cast.rosa, learn(drill, "quiz/"), status=404)
