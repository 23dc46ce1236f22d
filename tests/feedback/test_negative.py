"""Each number of the rule, below it, at it and above it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from align.notices.models import Notice
from align.people.models import User
from feedback import actions as feedback
from feedback import rules
from feedback.models import Report, Stance
from strategy import actions as strategy
from strategy import engine
from strategy.config import Config
from strategy.models import Flag, FlagEvent, Objective
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


class World:
    """One objective, its lead, and as many reps as a test needs."""

    def __init__(self) -> None:
        self.cast = make.cast()
        plan = make.active_strategy(lead=self.cast.lena, teams=[self.cast.team])
        self.objective = make.objective(strategy_=plan, by=self.cast.lena, code="A4")
        self.reps = make.reps(12, team=self.cast.team, sales_role=self.cast.role)

    def say(self, stances: str, *, now: datetime = NOW, reps: list[User] | None = None) -> None:
        """One letter a rep: x will not work, c cannot do it, w works, ~ works with changes."""
        words = {"x": Stance.WONT, "c": Stance.CANNOT, "w": Stance.WORKS, "~": Stance.CHANGES}
        for rep, letter in zip(reps or self.reps, stances, strict=False):
            make.report(author=rep, objective=self.objective, stance=words[letter], now=now)

    def judge(self, *, now: datetime = NOW) -> Flag | None:
        engine.judge_all(now=now)
        return Flag.objects.filter(rule="negative").order_by("pk").last()


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("stances", "opened"),
    [
        ("xxxx", False),  # four people
        ("xxxxx", True),  # five
        ("ccccc", True),  # cannot counts as will not
        ("xxwww", False),  # two negative
        ("xxx~~", False),  # three of five: the lower bound is 0.27
        ("xxxxxx~", True),  # six of seven: 0.55
        ("xxxxxw~~", False),  # five of eight: 0.35
        ("xxxxxxx~~~", True),  # seven of ten: 0.44
        ("xxxxxx~~~~", False),  # six of ten: 0.35
    ],
)
def test_it_opens_exactly_when_enough_people_say_no_clearly(
    world: World, stances: str, opened: bool
) -> None:
    world.say(stances)
    flag = world.judge()
    assert (flag is not None) == opened


def test_one_rep_posting_twenty_times_opens_nothing(world: World) -> None:
    for hour in range(20):
        world.say("x", now=NOW - timedelta(hours=hour))
    assert world.judge() is None


def open_flag(world: World) -> Flag:
    world.say("xxxxx")
    flag = world.judge()
    assert flag is not None
    return flag


@pytest.mark.parametrize(
    ("days", "changed", "state"),
    [
        (14, "wwwww", "resolved"),
        (13, "wwwww", "open"),  # too early
        (14, "ww", "open"),  # too few changed their mind
        (14, "xxx", "open"),  # they said the same again
    ],
)
def test_it_clears_only_when_people_change_their_minds(
    world: World, days: int, changed: str, state: str
) -> None:
    flag = open_flag(world)
    then = NOW + timedelta(days=days)
    world.say(changed, now=then)
    if changed == "ww":  # so that the share is low and only the people are too few
        world.say("ww", now=then, reps=world.reps)
    world.judge(now=then)
    flag.refresh_from_db()
    assert flag.state == state


def test_new_people_can_clear_it_too(world: World) -> None:
    flag = open_flag(world)
    then = NOW + timedelta(days=60)  # the old voices weigh little by now
    world.say("wwwwww", now=then, reps=world.reps[5:11])
    world.judge(now=then)
    flag.refresh_from_db()
    assert flag.state == "resolved"


def test_silence_never_resolves_it_and_after_thirty_days_makes_it_stale(world: World) -> None:
    flag = open_flag(world)
    for days, state in [(30, "open"), (31, "stale"), (89, "stale"), (200, "stale")]:
        world.judge(now=NOW + timedelta(days=days))
        flag.refresh_from_db()
        assert flag.state == state, days
    then = NOW + timedelta(days=201)
    world.say("x", now=then)
    world.judge(now=then)
    flag.refresh_from_db()
    assert flag.state == "open"
    kinds = list(FlagEvent.objects.filter(flag=flag).values_list("kind", flat=True))
    assert kinds == ["opened", "stale", "heard"]


def revise(world: World, now: datetime) -> None:
    words = {name: getattr(make.words(), name) for name in strategy.WORDS}
    words["we_will"] = "We will do it another way."
    make.revise(Objective.objects.get(), by=world.cast.lena, words=strategy.Words(**words), now=now)
    world.objective.refresh_from_db()


def test_publishing_a_revision_is_no_answer_yet(world: World) -> None:
    flag = open_flag(world)
    then = NOW + timedelta(days=20)
    revise(world, then)
    world.judge(now=then)
    flag.refresh_from_db()
    assert (flag.state, flag.epoch) == ("open", 1)


def test_voices_on_the_new_revision_clear_the_old_flag(world: World) -> None:
    flag = open_flag(world)
    then = NOW + timedelta(days=20)
    revise(world, then)
    world.say("wwwww", now=then + timedelta(hours=1))
    world.judge(now=then + timedelta(hours=2))
    flag.refresh_from_db()
    assert flag.state == "resolved"


def test_a_flag_on_the_new_revision_supersedes_the_old_one(world: World) -> None:
    flag = open_flag(world)
    then = NOW + timedelta(days=20)
    revise(world, then)
    world.say("xxxxx", now=then + timedelta(hours=1))
    newest = world.judge(now=then + timedelta(hours=2))
    flag.refresh_from_db()
    assert newest is not None
    assert (flag.state, newest.state, newest.epoch) == ("resolved", "open", 2)


def test_trainers_hear_of_it_when_skill_or_the_why_stands_in_the_way(world: World) -> None:
    module = make.module(owner=world.cast.tom)
    make.mapping(module=module, behavior=make.behavior(world.objective))
    for rep in world.reps[:5]:
        make.report(author=rep, objective=world.objective, barriers=["why"])
    flag = world.judge()
    assert flag is not None
    assert flag.evidence["leading barrier"] == "Never told why"
    assert told(flag) == {"Lena", "Tom"}


def test_trainers_are_left_alone_when_something_else_does(world: World) -> None:
    module = make.module(owner=world.cast.tom)
    make.mapping(module=module, behavior=make.behavior(world.objective))
    for rep in world.reps[:5]:
        make.report(author=rep, objective=world.objective, barriers=["market"])
    flag = world.judge()
    assert flag is not None
    assert told(flag) == {"Lena"}


def told(flag: Flag) -> set[str]:
    from_flag = Notice.objects.filter(link=flag.get_absolute_url())
    return set(from_flag.values_list("person__name", flat=True))


def test_training_alone_is_no_answer_to_another_barrier(world: World) -> None:
    for rep in world.reps[:3]:
        make.report(author=rep, objective=world.objective, barriers=["incentives"])
    with pytest.raises(feedback.Invalid, match="Training alone cannot change"):
        feedback.decide(
            reports=list(Report.objects.all()),
            kind="training",
            reason="We train it.",
            action="A drill",
            by=world.cast.tom,
            now=NOW,
        )


def test_the_number_of_statements_does_not_grow(world: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            rules.negative(None, NOW, Config())
        return len(asked)

    make.report(author=world.reps[0], objective=world.objective, barriers=["tools"])
    few = statements()
    plan = world.objective.strategy
    for number in range(3):
        other = make.objective(strategy_=plan, by=world.cast.lena, code=f"E{number}")
        for rep in world.reps[:5]:
            make.report(author=rep, objective=other, barriers=["tools"])
    world.judge()
    assert statements() == few == 5


def test_a_flag_whose_objective_ended_is_superseded(world: World) -> None:
    flag = open_flag(world)
    strategy.retire(objective=world.objective, by=None, now=NOW)
    world.judge()
    flag.refresh_from_db()
    assert flag.state == "resolved"
    assert flag.events.last().kind == FlagEvent.Kind.SUPERSEDED  # type: ignore[union-attr]


def test_it_shows_the_figures_with_their_base(world: World) -> None:
    world.say("xxxxxxc~~w")
    flag = world.judge()
    assert flag is not None
    assert flag.sentence == ("7 of 10 people say it will not work or they cannot do it.")
    assert flag.evidence["people"] == 10
    assert flag.evidence["negative"] == 7
    assert flag.evidence["share negative"] == 0.7
    assert flag.evidence["effective sample"] == 10.0
    assert flag.evidence["lower bound"] == pytest.approx(0.44, abs=0.01)
    assert flag.evidence["threshold"] == 0.40
    assert flag.evidence["window in days"] == 90
    assert flag.owner == world.cast.lena
