"""A manager logs a visit: one person, several behaviors, one minute."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from align.notices.models import Notice
from align.people.models import Role
from strategy.models import Behavior, Objective, Touch
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import Observation

pytestmark = pytest.mark.django_db


def visit(cast: make.Cast, *behaviors: Behavior) -> str:
    named = "".join(f"&behavior={behavior.pk}" for behavior in behaviors)
    return f"/team/visits/new/?person={cast.rosa.pk}{named}"


def said(*answers: dict[str, str], **changed: str) -> dict[str, str]:
    typed = {
        "occasion": "price talk",
        "observed_at": "2026-11-17T10:30",
        "client_key": str(uuid.UUID(int=7)),
    }
    for answer in answers:
        typed |= answer
    return typed | changed


def of(behavior: Behavior, seen: str = "", level: str = "", line: str = "") -> dict[str, str]:
    return {
        f"seen_{behavior.pk}": seen,
        f"level_{behavior.pk}": level,
        f"line_{behavior.pk}": line,
    }


@pytest.fixture
def second(cast: make.Cast, place: Place) -> Behavior:
    objective = make.objective(
        strategy_=place.plan,
        by=cast.lena,
        behaviors=[
            make.behavior_words(
                "B2", sales_role=cast.role, critical=False, statement="Declines a discount once"
            )
        ],
    )
    return make.behavior(objective, "B2")


@pytest.mark.parametrize("who", ["lena", "tom", "rosa", "ada"])
def test_visits_are_logged_by_managers(cast: make.Cast, place: Place, read: Read, who: str) -> None:
    there = visit(cast, place.behavior)
    assert "This is for managers." in read(getattr(cast, who), there, status=403)


def test_one_page_keeps_several_behaviors_and_leaves_out_what_was_skipped(
    cast: make.Cast, place: Place, second: Behavior, client: Client
) -> None:
    third = make.objective(strategy_=place.plan, by=cast.lena)
    client.force_login(cast.mia)
    page = client.get(visit(cast)).content.decode()
    assert "3 Did it as it should be" in page
    assert "Declines a discount once" in page
    answer = client.post(
        visit(cast),
        said(
            of(place.behavior, "seen", line="Named 4,000 euro an hour."),
            of(second, "not"),
            of(make.behavior(third)),
        ),
    )
    assert answer.headers["Location"] == "/team/"
    kept = {row.behavior_revision.behavior: row for row in Observation.objects.all()}
    assert {behavior: row.level for behavior, row in kept.items()} == {place.behavior: 3, second: 1}
    first = kept[place.behavior]
    assert (first.user, first.observer, first.team) == (cast.rosa, cast.mia, cast.team)
    assert (first.evidence, first.occasion) == ("Named 4,000 euro an hour.", "price talk")
    assert first.observed_at == NOW.replace(day=17, hour=10, minute=30)
    assert {row.objective_id for row in Touch.objects.all()} >= {
        place.objective.pk,
        second.objective_id,
    }


def test_the_person_hears_of_it_once_and_not_by_mail(
    cast: make.Cast, place: Place, second: Behavior, client: Client
) -> None:
    client.force_login(cast.mia)
    for _ in range(2):
        client.post(visit(cast), said(of(place.behavior, "seen"), of(second, "seen")))
    notice = Notice.objects.get(person=cast.rosa)
    assert notice.text == "Mia wrote down what they saw you do."
    assert (notice.link, notice.at_once) == ("/training/learn/seen/", False)


@pytest.mark.parametrize(
    ("seen", "level", "kept"),
    [
        ("seen", "", 3),
        ("seen", "2", 2),
        ("seen", "4", 4),
        ("not", "", 1),
        ("not", "1", 1),
        ("none", "", None),
        ("", "4", 4),
        ("", "1", 1),
    ],
)
def test_an_answer_and_a_level_together_say_one_thing(
    cast: make.Cast, place: Place, client: Client, seen: str, level: str, kept: int | None
) -> None:
    client.force_login(cast.mia)
    client.post(visit(cast), said(of(place.behavior, seen, level)))
    assert Observation.objects.get().level == kept


@pytest.mark.parametrize(("seen", "level"), [("seen", "1"), ("not", "3"), ("none", "2")])
def test_what_contradicts_itself_is_asked_again(
    cast: make.Cast, place: Place, client: Client, seen: str, level: str
) -> None:
    client.force_login(cast.mia)
    answer = client.post(visit(cast), said(of(place.behavior, seen, level, "She tried.")))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "do not go together" in page
    assert "She tried." in page
    assert "<title>Problem: " in page
    assert not Observation.objects.exists()


def test_sending_twice_keeps_one_visit(
    cast: make.Cast, place: Place, second: Behavior, client: Client
) -> None:
    client.force_login(cast.mia)
    typed = said(of(place.behavior, "seen"), of(second, "not"))
    for _ in range(2):
        assert client.post(visit(cast), typed).status_code == 302
    assert Observation.objects.count() == 2


def test_the_same_key_with_less_or_more_or_other_words_is_a_conflict_that_keeps_them(
    cast: make.Cast, place: Place, second: Behavior, client: Client
) -> None:
    client.force_login(cast.mia)
    client.post(visit(cast), said(of(place.behavior, "seen")))
    for typed in (
        said(of(place.behavior, "not", line="Did not name it.")),
        said(of(place.behavior, "seen"), of(second, "seen", line="Did not name it.")),
        said(of(second, "seen", line="Did not name it.")),
    ):
        answer = client.post(visit(cast), typed)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Did not name it." in page
        assert str(uuid.UUID(int=7)) not in page
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"observed_at": "2026-11-18T10:00"}, "cannot lie in the future"),
        ({"observed_at": "2020-01-01T10:00"}, "more than a year ago"),
        ({"observed_at": "soon"}, "Enter a valid date/time"),
        ({"client_key": "x"}, "Enter a valid UUID"),
        ({"occasion": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_wrong_with_a_visit_is_said(
    cast: make.Cast, place: Place, client: Client, typed: dict[str, str], message: str
) -> None:
    client.force_login(cast.mia)
    answer = client.post(visit(cast), said(of(place.behavior, "seen"), **typed))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("seen", "level", "line", "message"),
    [
        ("", "", "", "Say of one behavior at least what you saw."),
        ("", "", "She asked.", "Choose what you saw"),
        ("perhaps", "", "", "Select a valid choice"),
        ("seen", "5", "", "Select a valid choice"),
        ("seen", "", "x" * 401, "at most 400 characters"),
    ],
)
def test_what_is_wrong_with_a_behavior_is_said_beside_it(
    cast: make.Cast, place: Place, client: Client, seen: str, level: str, line: str, message: str
) -> None:
    client.force_login(cast.mia)
    answer = client.post(visit(cast), said(of(place.behavior, seen, level, line)))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Observation.objects.exists()


def test_only_the_people_of_my_teams_and_what_is_asked_of_them(
    cast: make.Cast, place: Place, client: Client
) -> None:
    stranger = make.user("Sam Strange", Role.REP, team=make.team("South"), sales_role=cast.role)
    hunter = make.user("Hugo", Role.REP, team=cast.team, sales_role=make.sales_role("Hunter"))
    client.force_login(cast.mia)
    page = client.get("/team/visits/new/").content.decode()
    assert "Rosa" in page
    assert "Sam Strange" not in page
    for person in (stranger, hunter):
        there = f"/team/visits/new/?person={person.pk}&behavior={place.behavior.pk}"
        assert client.post(there, said(of(place.behavior, "seen"))).status_code == 422
    assert not Observation.objects.exists()
    misfit = f"/team/visits/new/?person={hunter.pk}&behavior={place.behavior.pk}"
    assert "Hugo is not asked for that." in client.get(misfit).content.decode()
    asked = client.get(f"/team/visits/new/?behavior={place.behavior.pk}").content.decode()
    assert "Rosa" in asked
    assert "Hugo" not in asked


def test_a_behavior_asked_of_other_teams_is_not_asked_here(
    cast: make.Cast, place: Place, read: Read
) -> None:
    south = make.team("South")
    plan = make.active_strategy(lead=cast.lena, teams=[south])
    make.objective(
        strategy_=plan,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, statement="Only in the South")],
    )
    page = read(cast.mia, visit(cast))
    assert "Opens the price talk" in page
    assert "Only in the South" not in page


def test_what_is_not_asked_any_more_is_named_and_the_rest_stays(
    cast: make.Cast, place: Place, second: Behavior, client: Client
) -> None:
    """A visit that waited on a phone while the strategy changed."""
    ended = Objective.objects.get(pk=second.objective_id)
    from_now = Objective.State.RETIRED
    Objective.objects.filter(pk=ended.pk).update(state=from_now, retired_at=NOW)
    client.force_login(cast.mia)
    typed = said(of(place.behavior, "seen", line="Named it."), of(second, "seen"))
    answer = client.post(visit(cast), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“Declines a discount once” is not asked of this person today." in page
    assert "Named it." in page
    assert not Observation.objects.exists()


def test_at_most_six_behaviors_stand_there_and_the_named_one_first(
    cast: make.Cast, place: Place, client: Client
) -> None:
    made = [
        make.objective(strategy_=place.plan, by=cast.lena, now=NOW - timedelta(days=20 + n))
        for n in range(8)
    ]
    named = make.behavior(made[7])
    client.force_login(cast.mia)
    rows = client.get(visit(cast, named)).context["form"].rows
    assert len(rows) == 6
    assert rows[0].words.behavior == named
    assert "Another behavior" in client.get(visit(cast)).content.decode()


def test_a_manager_without_people_is_told_so(cast: make.Cast, read: Read) -> None:
    lonely = make.user("Max", Role.MANAGER, team=make.team("Nowhere"))
    assert "Nobody who sells is in your teams" in read(lonely, "/team/visits/new/")


@pytest.mark.parametrize("people", [1, 60])
def test_a_visit_costs_the_same_however_many_people_there_are(
    cast: make.Cast,
    place: Place,
    client: Client,
    people: int,
    django_assert_max_num_queries: Any,
) -> None:
    make.reps(people, team=cast.team, sales_role=cast.role)
    for _ in range(5):
        make.objective(strategy_=place.plan, by=cast.lena, now=NOW - timedelta(days=20))
    client.force_login(cast.mia)
    for there in ("/team/visits/new/", visit(cast, place.behavior)):
        with django_assert_max_num_queries(16):
            assert client.get(there).status_code == 200


# Whom to see next


def next_people(client: Client) -> list[tuple[str, str]]:
    rows = client.get("/team/visits/new/").context["next"]
    return [(row.member.user.name, row.reason) for row in rows]


def test_who_took_the_training_and_was_never_seen_comes_first(
    cast: make.Cast, place: Place, client: Client
) -> None:
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=place.behavior)
    anna, bert, cleo = (
        make.user(name, Role.REP, team=cast.team, sales_role=cast.role)
        for name in ("Anna", "Bert", "Cleo")
    )
    make.completion(user=cleo, module=drill)
    see(bert, cast, place.behavior, days=60)
    see(anna, cast, place.behavior, days=2)
    client.force_login(cast.mia)
    assert next_people(client) == [
        ("Cleo", "took the training, and nobody has looked for it since"),
        ("Rosa", "critical, and nobody has looked for it yet"),
        ("Bert", "nobody has looked for it since"),
    ]


@pytest.mark.parametrize("levels", [(1, 4), (4, 1)])
def test_how_well_somebody_does_it_plays_no_part(
    cast: make.Cast, place: Place, client: Client, levels: tuple[int, int]
) -> None:
    anna = make.user("Anna", Role.REP, team=cast.team, sales_role=cast.role)
    see(anna, cast, place.behavior, days=50, level=levels[0])
    see(cast.rosa, cast, place.behavior, days=60, level=levels[1])
    client.force_login(cast.mia)
    assert [name for name, _ in next_people(client)] == ["Rosa", "Anna"]


def test_five_people_at_most_are_named_of_however_many(
    cast: make.Cast, place: Place, client: Client
) -> None:
    make.reps(60, team=cast.team, sales_role=cast.role)
    client.force_login(cast.mia)
    assert len(next_people(client)) == 5


def see(user: Any, cast: make.Cast, behavior: Behavior, *, days: int, level: int = 3) -> None:
    at = NOW - timedelta(days=days)
    actions.record_visit(
        user=user,
        observer=cast.mia,
        looks=[actions.Look(behavior=behavior, level=level)],
        observed_at=at,
        client_key=uuid.uuid4(),
        now=at,
    )


# Corrections


def test_a_correction_stands_beside_what_it_corrects(
    cast: make.Cast, place: Place, client: Client
) -> None:
    see(cast.rosa, cast, place.behavior, days=1)
    first = Observation.objects.get()
    client.force_login(cast.mia)
    assert "Rosa: 3, did it as it should be" in client.get("/team/visits/").content.decode()
    there = f"/team/visits/{first.pk}/correct/"
    typed = {"level": "2", "evidence": "Only the price.", "client_key": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(there, typed).headers["Location"] == "/team/visits/"
    newer = Observation.objects.exclude(pk=first.pk).get()
    first.refresh_from_db()
    assert (first.level, newer.level, newer.corrects) == (3, 2, first)
    assert (newer.user, newer.observed_at, newer.team) == (cast.rosa, first.observed_at, cast.team)
    page = client.get("/team/visits/").content.decode()
    assert "Rosa: 2, did part of it" in page
    assert "<s>3</s>" in page
    assert "Rosa: 3" not in page


def test_what_was_corrected_is_corrected_at_its_newest(
    cast: make.Cast, place: Place, client: Client
) -> None:
    see(cast.rosa, cast, place.behavior, days=1)
    first = Observation.objects.get()
    client.force_login(cast.mia)
    for level, status in (("2", 302), ("1", 409)):
        typed = {"level": level, "evidence": "", "client_key": str(uuid.uuid4())}
        assert client.post(f"/team/visits/{first.pk}/correct/", typed).status_code == status
    assert Observation.objects.count() == 2


def test_a_correction_that_changes_nothing_is_refused(
    cast: make.Cast, place: Place, client: Client
) -> None:
    see(cast.rosa, cast, place.behavior, days=1)
    client.force_login(cast.mia)
    answer = client.post(
        f"/team/visits/{Observation.objects.get().pk}/correct/",
        {"level": "3", "evidence": "", "client_key": str(uuid.uuid4())},
    )
    assert answer.status_code == 422
    assert "Nothing is different." in answer.content.decode()


def test_after_thirty_days_it_stands(cast: make.Cast, place: Place, client: Client) -> None:
    see(cast.rosa, cast, place.behavior, days=31)
    old = Observation.objects.get()
    client.force_login(cast.mia)
    page = client.get("/team/visits/").content.decode()
    assert f"/team/visits/{old.pk}/correct/" not in page
    answer = client.post(
        f"/team/visits/{old.pk}/correct/",
        {"level": "1", "evidence": "", "client_key": str(uuid.uuid4())},
    )
    assert answer.status_code == 422
    assert "more than 30 days ago" in answer.content.decode()


def test_nobody_overwrites_what_somebody_else_saw(
    cast: make.Cast, place: Place, client: Client
) -> None:
    see(cast.rosa, cast, place.behavior, days=1)
    seen = Observation.objects.get()
    second = make.user("Moritz", Role.MANAGER, team=cast.team)
    client.force_login(second)
    assert client.get(f"/team/visits/{seen.pk}/correct/").status_code == 403
    stranger = make.user("Max", Role.MANAGER, team=make.team("South"))
    client.force_login(stranger)
    assert client.get(f"/team/visits/{seen.pk}/correct/").status_code == 404


@pytest.mark.parametrize("visits", [1, 30])
def test_the_list_costs_the_same_however_long(
    cast: make.Cast,
    place: Place,
    client: Client,
    visits: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(visits):
        see(cast.rosa, cast, place.behavior, days=1)
    client.force_login(cast.mia)
    with django_assert_max_num_queries(8):
        client.get("/team/visits/")


# What the person sees


def test_a_rep_sees_what_was_seen_of_them_and_nothing_of_others(
    cast: make.Cast, place: Place, client: Client, read: Read
) -> None:
    anna = make.user("Anna", Role.REP, team=cast.team, sales_role=cast.role)
    for person, line in ((cast.rosa, "Named it at once."), (anna, "Forgot about it.")):
        actions.record_visit(
            user=person,
            observer=cast.mia,
            looks=[actions.Look(behavior=place.behavior, level=2, evidence=line)],
            observed_at=NOW - timedelta(days=1),
            occasion="price talk",
            client_key=uuid.uuid4(),
            now=NOW - timedelta(days=1),
        )
    seen = Observation.objects.get(user=cast.rosa)
    actions.correct_observation(
        observation=seen,
        level=3,
        evidence="Named it, and the hour.",
        client_key=uuid.uuid4(),
        by=cast.mia,
        now=NOW,
    )
    page = read(cast.rosa, "/training/learn/seen/")
    assert "3: Did it as it should be" in page
    assert "Named it, and the hour." in page
    assert "<s>2, Named it at once.</s>" in page
    assert "Mia, price talk" in page
    assert "Forgot about it." not in page
    assert "appears here" in read(cast.tom, "/training/learn/seen/")
