"""The voice against a slow and obvious second implementation, over random worlds."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from align.people.models import User
from feedback import voice
from feedback.models import NEGATIVE, ObjectiveVoice, Report, Stance
from strategy import actions as strategy
from strategy.config import Config
from strategy.models import Objective
from strategy.statistics import wilson
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

CONFIG = Config()
WINDOW = 90 * 24  # hours
PEOPLE = 6


@dataclass(frozen=True)
class Said:
    who: int
    stance: Stance
    hours_ago: int


def said_within(hours: int) -> st.SearchStrategy[list[Said]]:
    one = st.builds(
        Said,
        who=st.integers(0, PEOPLE - 1),
        stance=st.sampled_from(Stance),
        hours_ago=st.integers(-48, hours),
    )
    return st.lists(one, max_size=16, unique_by=lambda one: (one.who, one.hours_ago))


@dataclass(frozen=True)
class Heard:
    people: int
    negative: int
    share: float | None
    sample: float


def slow(said: list[Said], *, hours_ago: int = 0) -> Heard:
    """What one would count on paper at that hour."""
    newest: dict[int, Said] = {}
    for one in sorted(said, key=lambda one: -one.hours_ago):
        if 0 <= one.hours_ago - hours_ago < WINDOW:
            newest[one.who] = one
    weights = {who: 0.5 ** (one.hours_ago / 24 / 21) for who, one in newest.items()}
    against = [who for who, one in newest.items() if one.stance in NEGATIVE]
    if not weights:
        return Heard(0, 0, None, 0.0)
    total = sum(weights.values())
    share = round(sum(weights[who] for who in against) / total, voice.DIGITS)
    squares = sum(weight**2 for weight in weights.values())
    return Heard(len(newest), len(against), share, total**2 / squares)


def slowly_marked(said: list[Said]) -> bool:
    """Walk through every hour at which something changed, and keep or drop the mark."""
    moments = {one.hours_ago for one in said} | {one.hours_ago - WINDOW for one in said}
    marked = False
    for hours_ago in sorted((hour for hour in moments if hour >= 0), reverse=True):
        heard = slow(said, hours_ago=hours_ago)
        if heard.share is None or heard.share < 0.35:
            marked = False
        elif heard.people >= 3 and heard.share >= 0.40:
            marked = True
    return marked


class World:
    """One objective and six people who talk about it."""

    def __init__(self) -> None:
        self.cast = make.cast()
        plan = make.active_strategy(lead=self.cast.lena, teams=[self.cast.team])
        self.objective = make.objective(strategy_=plan, by=self.cast.lena)
        self.people: list[User] = make.reps(PEOPLE, team=self.cast.team, sales_role=self.cast.role)

    def keep(self, said: list[Said]) -> None:
        """Make these the only reports."""
        Report.objects.all().delete()
        Report.objects.bulk_create(
            Report(
                author=self.people[one.who],
                objective=self.objective,
                revision=self.objective.current,
                stance=one.stance,
                client_key=uuid.uuid4(),
                created_at=NOW - timedelta(hours=one.hours_ago),
            )
            for one in said
        )

    def heard(self, *, days: int = 0) -> voice.Voice:
        [found] = voice.voices([self.objective.pk], now=NOW + timedelta(days=days), config=CONFIG)
        return found

    def row(self) -> ObjectiveVoice:
        voice.judge([self.objective.pk], NOW, CONFIG)
        return ObjectiveVoice.objects.get()


@pytest.fixture
def world() -> World:
    return World()


def over(
    worlds: st.SearchStrategy[list[Said]], check: Callable[[list[Said]], None], examples: int
) -> None:
    settings(max_examples=examples, deadline=None)(given(worlds)(check))()


def test_it_counts_what_one_would_count_on_paper(world: World) -> None:
    def check(said: list[Said]) -> None:
        world.keep(said)
        heard, paper = world.heard(), slow(said)
        assert (heard.people, heard.negative) == (paper.people, paper.negative)
        assert heard.share == pytest.approx(paper.share, abs=1e-8)
        assert heard.sample == pytest.approx(paper.sample)
        bounds = heard.bounds(CONFIG)
        assert (bounds is None) == (paper.share is None)
        if bounds is not None and paper.share is not None:
            assert bounds.lower == pytest.approx(wilson(paper.share, paper.sample, 1.645).lower)

    over(said_within(100 * 24), check, 150)


def test_the_mark_is_where_walking_through_time_would_leave_it(world: World) -> None:
    def check(said: list[Said]) -> None:
        world.keep(said)
        assert world.row().souring == slowly_marked(said)

    over(said_within(130 * 24), check, 150)


def test_aging_alone_changes_no_bound(world: World) -> None:
    def check(said: list[Said]) -> None:
        world.keep([one for one in said if one.hours_ago >= 0])
        today, later = world.heard(), world.heard(days=20)
        assert later.share == pytest.approx(today.share)
        assert later.sample == pytest.approx(today.sample)
        assert (later.bounds(CONFIG) is None) == (today.bounds(CONFIG) is None)

    over(said_within(69 * 24), check, 50)


AGAINST = [Said(who, Stance.WONT, 240) for who in (0, 1)]
FOR_IT = [Said(who, Stance.WORKS, 240) for who in (2, 3, 4)]
FOR_IT_LATER = [Said(who, Stance.WORKS, 144) for who in (2, 3, 4)]


def test_the_mark_stays_between_its_two_thresholds_and_goes_below(world: World) -> None:
    world.keep(AGAINST + FOR_IT)
    assert (world.row().share, world.row().souring) == (0.4, True)
    world.keep(AGAINST + FOR_IT + FOR_IT_LATER)
    assert world.row().share == pytest.approx(0.369, abs=0.001)
    assert world.row().souring
    world.keep([*AGAINST, *FOR_IT, *FOR_IT_LATER, Said(5, Stance.WORKS, 1)])
    assert world.row().share == pytest.approx(0.294, abs=0.001)
    assert not world.row().souring


def test_a_share_between_the_thresholds_that_came_from_below_has_no_mark(world: World) -> None:
    world.keep(AGAINST + FOR_IT_LATER)
    assert world.row().share == pytest.approx(0.369, abs=0.001)
    assert not world.row().souring


def test_two_people_are_too_few_for_the_mark(world: World) -> None:
    world.keep(AGAINST)
    assert (world.row().share, world.row().souring) == (1.0, False)


def test_one_rep_who_posts_twenty_times_is_one_voice(world: World) -> None:
    world.keep([Said(who=0, stance=Stance.WONT, hours_ago=hour) for hour in range(20)])
    heard = world.heard()
    assert (heard.people, heard.negative) == (1, 1)
    assert heard.sample == pytest.approx(1)


def test_a_revision_of_substance_starts_a_new_count_and_an_editorial_one_does_not(
    world: World,
) -> None:
    world.keep([Said(who=0, stance=Stance.WONT, hours_ago=5)])
    objective = Objective.objects.get()
    make.revise(objective, by=world.cast.lena)
    assert world.heard().people == 1
    changed = {name: getattr(make.words(), name) for name in strategy.WORDS}
    changed["we_will"] = "Something else"
    make.revise(objective, by=world.cast.lena, words=strategy.Words(**changed))
    assert world.heard().people == 0


def test_a_retired_objective_has_no_row(world: World) -> None:
    world.keep([Said(who=0, stance=Stance.WONT, hours_ago=5)])
    assert world.row().people == 1
    strategy.retire(objective=world.objective, by=None, now=NOW)
    voice.judge(None, NOW, CONFIG)
    assert not ObjectiveVoice.objects.exists()


def test_judging_one_or_all_from_scratch_gives_the_same_rows(world: World) -> None:
    stances = list(Stance)
    world.keep([Said(n % PEOPLE, stances[n % 4], 7 * n) for n in range(40)])
    world.row()
    one = list(ObjectiveVoice.objects.values())
    ObjectiveVoice.objects.all().delete()
    voice.judge(None, NOW, CONFIG)
    assert list(ObjectiveVoice.objects.values()) == one


def test_the_number_of_statements_does_not_grow(world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            voice.judge(None, NOW, CONFIG)
        return len([row for row in asked if "SAVEPOINT" not in row["sql"]])

    empty = statements()
    world.keep([Said(n % PEOPLE, Stance.WONT, n) for n in range(60)])
    assert statements() == empty == 4
