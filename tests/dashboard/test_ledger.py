"""The concern ledger: predictions, the field's figures beside them, and who was right."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.people.models import Role, User
from feedback.models import Report, Stance
from strategy import actions as strategy
from strategy import consultation, engine
from strategy.models import BehaviorRevision, Concern, Objective, Strategy
from tests import make
from tests.dashboard.conftest import Read
from tests.make import NOW
from training.models import Observation

pytestmark = pytest.mark.django_db

CHECK = date(2027, 1, 17)
CHECKED = NOW + timedelta(days=61)
TRUE, NOT = Concern.Outcome.CAME_TRUE, Concern.Outcome.DID_NOT


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    """Two months after what was said took force."""
    with time_machine.travel(CHECKED, tick=False):
        yield


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team], name="From pumps to uptime")


def predict(
    cast: make.Cast,
    plan: Strategy,
    *,
    part: str = "we_will",
    symptom: str = "Reps will hide the discount in free installation.",
    check_on: date = CHECK,
    publish: bool = True,
    answer: str = "kept",
    people: list[User] | None = None,
) -> Concern:
    """Tom predicts something of an objective, which takes force all the same."""
    objective = make.draft(strategy_=plan, by=cast.lena)
    round_ = make.round_(objective, by=cast.lena, people=people or [cast.tom])
    concern = make.concern(round_, by=cast.tom, part=part, symptom=symptom, check_on=check_on)
    consultation.answer_concern(
        concern=concern, by=cast.lena, answer=answer, words="We see it otherwise.", now=NOW
    )
    if publish:
        make.publish(objective, by=cast.lena, now=NOW)
    return concern


def look(concern: Concern, by: User, outcome: str, note: str = "") -> None:
    consultation.record_outcome(concern=concern, by=by, outcome=outcome, note=note, now=CHECKED)


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" ;", ";").replace(" .", ".")


def objective_of(concern: Concern) -> Objective:
    return concern.round.revision.objective


# The finding


def test_it_opens_with_how_often_early_warnings_were_right(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    for outcome in (TRUE, TRUE, NOT):
        concern = predict(cast, plan)
        look(concern, cast.lena, outcome)
        look(concern, cast.tom, outcome)
    differ = predict(cast, plan)
    look(differ, cast.lena, NOT)
    look(differ, cast.tom, TRUE)
    predict(cast, plan)
    predict(cast, plan, check_on=CHECK + timedelta(days=9))

    page = text(read(cast.lena, "/concerns/"))

    said = "2 of 3 early warnings came true; 1 did not; on 1 the two differ; 2 are open."
    assert said in page


def test_one_word_alone_counts_for_nothing_unless_the_other_left(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    look(predict(cast, plan), cast.lena, TRUE)
    assert "No early warning has been looked at by both yet; 1 is open." in text(
        read(cast.lena, "/concerns/")
    )

    User.objects.filter(pk=cast.tom.pk).update(is_active=False)
    assert "1 of 1 early warning came true" in text(read(cast.lena, "/concerns/"))


def test_which_ones_were_right_by_strategy_and_by_the_leads_answer(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    other = make.active_strategy(lead=cast.lena, teams=[cast.team], name="Win the small plants")
    for where, answer, outcome in (
        (plan, "kept", TRUE),
        (plan, "kept", NOT),
        (other, "testing", NOT),
    ):
        concern = predict(cast, where, answer=answer)
        look(concern, cast.lena, outcome)
        look(concern, cast.tom, outcome)

    page = read(cast.tom, "/concerns/")

    rows = [text(row) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]
    assert any("From pumps to uptime 1 of 2" in row for row in rows)
    assert any("Win the small plants 0 of 1" in row for row in rows)
    assert any("Kept because 1 of 2" in row for row in rows)
    assert any("Testing 0 of 1" in row for row in rows)
    only = text(read(cast.tom, f"/concerns/?strategy={other.pk}&shown=not"))
    assert "1 of 3 shown." in only


# The rows


def test_what_waits_comes_first_then_what_is_to_come_then_the_past(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    past = predict(cast, plan, symptom="Past.")
    look(past, cast.lena, TRUE)
    look(past, cast.tom, TRUE)
    predict(cast, plan, symptom="To come.", check_on=CHECK + timedelta(days=90))
    predict(cast, plan, symptom="Not in force.", publish=False)
    predict(cast, plan, symptom="Now.")
    withdrawn = predict(cast, plan, symptom="Given up.", publish=False)
    strategy.discard_draft(revision=withdrawn.round.revision, by=cast.lena, now=NOW)

    page = read(cast.lena, "/concerns/")

    found = re.findall(r'<h3 class="serif"><a href="[^"]*">([^<]*)', page)
    assert found == ["Now.", "Not in force.", "To come.", "Past.", "Given up."]
    heads = re.findall(r'<h2 id="group\d">([^<]*)', page)
    assert heads == ["Look now", "Coming", "Looked at", "Never put to the test"]
    assert "1 of 5 is about a draft that was withdrawn" in text(page)


def test_beside_a_prediction_on_a_behavior_stands_what_was_seen_reached_and_reported(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    concern = predict(cast, plan, part="behavior")
    objective = objective_of(concern)
    behavior = make.behavior(objective)
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=behavior)
    reps = make.reps(6, team=cast.team, sales_role=cast.role)
    for rep in reps[:4]:
        make.completion(user=rep, module=module, completed_at=NOW + timedelta(days=3))
    for rep, level in zip(reps, (3, 4, 1), strict=False):
        observe(rep, objective, by=cast.mia, level=level)
    for rep in reps[:3]:
        make.report(author=rep, objective=objective, now=CHECKED - timedelta(days=2))
    make.report(
        author=reps[0],
        objective=objective,
        stance=Stance.WORKS,
        now=CHECKED - timedelta(days=1),
    )
    Report.objects.filter(author__in=reps[:2]).update(behavior=behavior)
    engine.judge([objective.pk], now=CHECKED)

    page = text(read(cast.tom, "/concerns/"))

    assert "Seen at standard 2 of 3 people" in page
    assert "Reach 4 of 7 people" in page  # Rosa counts, too
    assert "1 of 2 people say it will not work, 1 that it works since 18 Nov" in page
    assert "When it was raised seen in 9 of 11 visits" in page


def observe(rep: User, objective: Objective, *, by: User, level: int) -> None:
    Observation.objects.create(
        user=rep,
        behavior_revision=BehaviorRevision.objects.get(revision__objective=objective),
        observer=by,
        observed_at=CHECKED - timedelta(days=5),
        level=level,
        client_key=uuid4(),
        created_at=CHECKED,
    )


def test_beside_any_other_stands_the_voice_of_the_objective_and_its_coverage(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    objective = objective_of(predict(cast, plan))
    make.report(author=cast.rosa, objective=objective, now=CHECKED - timedelta(days=1))
    engine.judge([objective.pk], now=CHECKED)

    page = text(read(cast.lena, "/concerns/"))

    assert "Field voice 1 of 1 person says it will not work, 0 that it works" in page
    assert "Coverage 0 of 1 cells" in page


def test_where_there_is_nothing_it_says_not_yet_and_before_its_day_nothing(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    concern = predict(cast, plan, part="behavior")
    page = text(read(cast.lena, "/concerns/"))
    assert "Seen at standard not yet" in page
    assert "Reach not yet" in page
    assert "Reports on it not yet" in page

    Concern.objects.filter(pk=concern.pk).update(check_on=CHECK + timedelta(days=30))
    assert "Seen at standard" not in read(cast.lena, "/concerns/")


# Saying what one saw


def test_the_lead_and_the_raiser_each_say_what_they_saw_and_both_stand_there(
    client: Client, read: Read, cast: make.Cast, plan: Strategy
) -> None:
    concern = predict(cast, plan)
    action = re.search(r'action="(/concerns/\d+/outcome/)"', read(cast.tom, "/concerns/"))
    assert action is not None
    for person, outcome, note in ((cast.tom, TRUE, "Every second offer."), (cast.lena, NOT, "")):
        client.force_login(person)
        answer = client.post(action[1], {"outcome": outcome.value, "note": note})
        assert answer.status_code == 302

    concern.refresh_from_db()
    assert (concern.raiser_outcome, concern.lead_outcome) == (TRUE, NOT)
    page = text(read(cast.lena, "/concerns/"))
    assert "Tom Came true: Every second offer." in page
    assert "The lead Did not" in page
    assert "The two differ" in page
    assert "Change your word" in page


def test_who_was_only_asked_reads_and_says_nothing(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    predict(cast, plan, people=[cast.tom, cast.mia])
    page = read(cast.mia, "/concerns/")
    assert "Reps will hide the discount in free installation." in page
    assert "/outcome/" not in page


# Who sees what


def test_what_one_was_not_asked_about_does_not_exist(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    predict(cast, plan)
    for stranger in (make.user("Tess", Role.TRAINER), make.user("Otto", Role.LEAD), cast.mia):
        page = text(read(stranger, "/concerns/"))
        assert "No early warning yet." in page
        assert "hide the discount" not in page
    for other in (cast.rosa, cast.ada):
        read(other, "/concerns/", status=403)


def test_it_shows_the_title_that_was_shared_not_the_one_being_written(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    concern = predict(cast, plan, publish=False)
    draft = concern.round.revision
    strategy.edit_draft(
        revision=draft,
        words=make.words("A secret new title"),
        behaviors=strategy.behavior_words(draft),
        edits=draft.edits,
        by=cast.lena,
        now=NOW,
    )
    page = read(cast.tom, "/concerns/")
    assert "Price on guaranteed uptime" in page
    assert "secret" not in page


def test_many_predictions_are_read_a_page_at_a_time_with_as_many_queries_as_one(
    client: Client,
    read: Read,
    cast: make.Cast,
    plan: Strategy,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    concern = predict(cast, plan, part="behavior", symptom="Number 0.")
    predict(cast, plan, symptom="Number 1.")
    client.force_login(cast.tom)
    with django_assert_max_num_queries(12) as captured:
        client.get("/concerns/")
    Concern.objects.bulk_create(copies(concern, 30))

    with django_assert_num_queries(len(captured)):
        page = client.get("/concerns/").content.decode()

    assert page.count('<h3 class="serif">') == 20
    more = re.search(r'href="(\?page=2)"', page)
    assert more is not None
    rest = read(cast.tom, f"/concerns/{more[1]}")
    assert rest.count('<h3 class="serif">') == 12
    assert read(cast.tom, "/concerns/?page=99").count('<h3 class="serif">') == 12


def copies(concern: Concern, count: int) -> list[Concern]:
    made = []
    for number in range(2, count + 2):
        one = Concern.objects.get(pk=concern.pk)
        one.pk, one.symptom = None, f"Number {number}."
        made.append(one)
    return made


@pytest.mark.parametrize("query", ["strategy=x", "shown=<b>", "page=0", "page=-1", "strategy=0"])
def test_a_strange_address_is_no_accident(
    read: Read, cast: make.Cast, plan: Strategy, query: str
) -> None:
    predict(cast, plan)
    read(cast.tom, f"/concerns/?{query}")


def test_today_asks_the_lead_and_the_raiser_until_they_have_said(
    read: Read, cast: make.Cast, plan: Strategy
) -> None:
    concern = predict(cast, plan, people=[cast.tom, cast.mia])
    for person in (cast.lena, cast.tom):
        page = read(person, "/")
        assert "Did it come true?" in page
        assert f"/concerns/#concern-{concern.pk}" in page
    assert "Did it come true?" not in read(cast.mia, "/")

    look(concern, cast.lena, TRUE)
    assert "Did it come true?" not in read(cast.lena, "/")
    assert "Did it come true?" in read(cast.tom, "/")
