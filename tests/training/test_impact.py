"""What the preview of publishing says is what publishing does, to the digit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from align.people.models import Audience, User
from feedback import actions as feedback
from feedback.models import Decision, Report
from strategy import actions as strategy
from strategy import effect, impact, owning
from strategy.models import Objective, Revision, TeachBack
from tests import make
from tests.make import LONG_AGO, NOW
from training.models import Mapping

pytestmark = pytest.mark.django_db

CODES = ("B1", "B2", "B3")
NEW = "B9"


@dataclass(frozen=True)
class Edit:
    """What a lead does to a draft before publishing it."""

    we_will: str = ""  # "", "other" or "typo"
    why: str = ""
    title: bool = False
    behaviors: dict[str, str] = field(default_factory=dict)  # code: what is done to it
    new: bool = False
    answers: int = 0  # reports
    days: int = 0  # until it takes force


@dataclass(frozen=True)
class Ground:
    cast: make.Cast
    objective: Objective
    south: list[User]
    mappings: dict[str, set[int]]  # by behavior
    everyone: Audience
    northerners: Audience


@pytest.fixture
def ground() -> Ground:
    """Make three behaviors of two teams, one mapped twice, one once, one not; all untouched yet."""
    cast = make.cast()
    top = make.team("All")
    type(cast.team).objects.filter(pk=cast.team.pk).update(parent=top)
    south = make.team("South", parent=top)
    southerners = make.reps(2, team=south, sales_role=cast.role)
    # Joined so late that they count in a fortnight only:
    make.user("Nora", team=south, sales_role=cast.role, begins=(NOW - timedelta(days=20)).date())
    northerners = Audience.objects.of(sales_roles=[cast.role], teams=[cast.team])
    everyone = Audience.objects.of(sales_roles=[cast.role], teams=[top])
    plan = make.active_strategy(lead=cast.lena, teams=[top])
    words = [make.behavior_words(code, sales_role=cast.role) for code in CODES]
    words[2] = replace(words[2], audiences=(northerners,))
    objective = make.objective(strategy_=plan, by=cast.lena, code="A4", behaviors=words)
    claims = {
        code: {
            make.mapping(
                module=make.module(owner=cast.tom), behavior=make.behavior(objective, code)
            ).pk
            for _ in range(count)
        }
        for code, count in zip(CODES, (2, 1, 0), strict=True)
    }
    explained = "A stopped line costs our customer more than a pump, so we sell the hours."
    given_ = owning.give_teach_back(
        revision=current(objective), text=explained, by=cast.tom, now=LONG_AGO
    )
    owning.sign_teach_back(teach_back=given_, by=cast.lena, now=LONG_AGO)
    return Ground(cast, objective, southerners, claims, everyone, northerners)


def current(objective: Objective) -> Revision:
    assert objective.current is not None
    return objective.current


DONE_TO_ONE = st.sampled_from(["statement", "typo", "removed", "narrowed", "asked", "space", ""])

EDITS = st.builds(
    Edit,
    we_will=st.sampled_from(["", "", "", "typo", "other"]),
    why=st.sampled_from(["", "", "typo", "other"]),
    title=st.booleans(),
    behaviors=st.fixed_dictionaries(dict.fromkeys(CODES, DONE_TO_ONE)),
    new=st.booleans(),
    answers=st.integers(min_value=0, max_value=2),
    days=st.sampled_from([0, 0, 12]),
)


def write(on: Ground, edit: Edit) -> Revision:
    """Do an edit to the draft, as the form would."""
    reports = [
        make.report(author=on.cast.rosa, objective=on.objective) for _ in range(edit.answers)
    ]
    if reports:
        feedback.decide(
            reports=reports, kind="strategy", reason="You are right.", by=on.cast.lena, now=NOW
        )
    draft = strategy.open_draft(objective=on.objective, by=on.cast.lena, now=NOW)
    words = make.words("Another title" if edit.title else "Price on guaranteed uptime")
    rows = {row.code: row for row in strategy.behavior_words(draft)}
    for code, done in edit.behaviors.items():
        rows[code] = changed(rows[code], done, on)
    behaviors = [row for code, row in rows.items() if edit.behaviors.get(code) != "removed"]
    if edit.new or not behaviors:
        behaviors.append(make.behavior_words(NEW, sales_role=on.cast.role))
    return strategy.edit_draft(
        revision=draft,
        words=replace(
            words, we_will=said(words.we_will, edit.we_will), why=said(words.why, edit.why)
        ),
        behaviors=behaviors,
        reason="The field asked for it.",
        edits=draft.edits,
        by=on.cast.lena,
        now=NOW,
    )


def said(text: str, done: str) -> str:
    typo = text.replace(".", ",").replace(" ", "  ").upper()
    return {"": text, "other": f"{text} And more.", "typo": typo}[done]


def changed(row: strategy.BehaviorWords, done: str, on: Ground) -> strategy.BehaviorWords:
    if done == "statement":
        return replace(row, statement="Names the cost of an hour before any price")
    if done == "typo":
        return replace(row, statement=f"“{row.statement}”.")
    if done == "space":
        return replace(row, statement=row.statement.replace(" ", "  "))
    if done == "narrowed":
        return replace(row, audiences=(on.northerners,))
    if done == "asked":
        return replace(row, audiences=(on.everyone,))
    return row


# The same once more, slowly: what a person would say of an edit


def touched(edit: Edit) -> set[str]:
    """Which behaviors are no longer what was taught."""
    found = set(CODES) if edit.we_will == "other" else set()
    for code, done in edit.behaviors.items():
        narrowed = done == "narrowed" and code != "B3"  # B3 asks only the North already
        widened = done == "asked" and code == "B3"
        if done in {"statement", "removed"} or narrowed or widened:
            found.add(code)
    return found


def told(on: Ground, edit: Edit, *, day: datetime) -> int:
    """How many people are asked for something else than before, or were."""
    people: set[int] = set()
    for code in (*CODES, NEW):
        done = edit.behaviors.get(code, "")
        before = on.northerners if code == "B3" else on.everyone
        after = {"narrowed": on.northerners, "asked": on.everyone}.get(done, before)
        adds = code == NEW and (edit.new or set(edit.behaviors.values()) == {"removed"})
        new_why = edit.why == "other" and (code != NEW or adds)
        if code in touched(edit) or new_why or adds:
            for audience in (before, after):
                people |= set(audience.members_on(day.date()).values_list("pk", flat=True))
    return len(people)


def suspects() -> set[int]:
    rows = Mapping.objects.with_suspect().filter(Q(suspect=True))
    return set(rows.values_list("pk", flat=True))


@contextmanager
def tried() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edit=EDITS)
@example(edit=Edit(why="typo", we_will="typo", behaviors=dict.fromkeys(CODES, "typo")))
@example(edit=Edit(we_will="other"))
@example(edit=Edit(why="other", answers=1))
@example(edit=Edit(behaviors=dict.fromkeys(CODES, "removed")))
def test_the_counts_before_are_the_counts_after(ground: Ground, edit: Edit) -> None:
    with tried():
        draft = write(ground, edit)
        starts = NOW + timedelta(days=edit.days)
        before = impact.preview(draft, now=NOW, starts=starts).figures
        untouched_before = suspects()
        valid_before = TeachBack.objects.valid().count()
        strategy.publish(
            revision=draft,
            edits=draft.edits,
            by=ground.cast.lena,
            now=NOW,
            effective_from=starts if edit.days else None,
        )
        effect.take_effect(now=starts)
        draft.refresh_from_db()

        assert impact.counted(draft, now=starts).figures == before
        assert impact.kept(draft) == before

        turned = suspects() - untouched_before
        expected = {pk for code in touched(edit) for pk in ground.mappings[code]}
        assert turned == expected
        assert before["mappings suspect"] == len(expected)
        voided = valid_before - TeachBack.objects.valid().count()
        assert before["teach-backs voided"] == voided == (edit.why == "other")
        assert before["people to brief"] == told(ground, edit, day=starts)
        decisions = Decision.objects.filter(revision=draft)
        answered = Report.objects.filter(decisions__in=decisions).count()
        assert before["reports answered"] == answered == edit.answers


def test_a_mended_typo_is_editorial_and_sets_nothing_in_motion(ground: Ground) -> None:
    edit = Edit(we_will="typo", why="typo", title=True, behaviors=dict.fromkeys(CODES, "typo"))
    draft = write(ground, edit)
    assert set(impact.preview(draft, now=NOW).figures.values()) == {0}
    strategy.publish(revision=draft, edits=draft.edits, by=ground.cast.lena, now=NOW)
    draft.refresh_from_db()
    assert (draft.significance, draft.epoch) == ("editorial", 1)
    assert suspects() == set()
    assert TeachBack.objects.valid().count() == 1


def test_a_mapping_that_was_suspect_already_is_not_counted_again(ground: Ground) -> None:
    make.revise(
        ground.objective,
        by=ground.cast.lena,
        behaviors=[
            changed(row, "statement" if row.code == "B1" else "", ground)
            for row in strategy.behavior_words(current(ground.objective))
        ],
    )
    assert suspects() == ground.mappings["B1"]
    draft = write(ground, Edit(we_will="other", behaviors={"B1": "statement"}))
    assert impact.preview(draft, now=NOW).figures["mappings suspect"] == 1


def test_training_mapped_before_the_day_counts_against_what_was_published(
    ground: Ground,
) -> None:
    """What comes in a month is mapped, then another revision takes force earlier."""
    cast = ground.cast
    objective = make.draft(strategy_=ground.objective.strategy, by=cast.lena, code="A5")
    draft = objective.revisions.get()
    month = NOW + timedelta(days=30)
    strategy.publish(revision=draft, edits=0, by=cast.lena, now=NOW, effective_from=month)
    make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective), now=NOW)
    objective.refresh_from_db()
    second = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    [row] = strategy.behavior_words(second)
    second = strategy.edit_draft(
        revision=second,
        words=make.words(),
        behaviors=[changed(row, "statement", ground)],
        reason="Better.",
        edits=second.edits,
        by=cast.lena,
        now=NOW,
    )
    assert impact.preview(second, now=NOW).figures["mappings suspect"] == 1
    assert suspects() == set()
    strategy.publish(revision=second, edits=second.edits, by=cast.lena, now=NOW)
    assert len(suspects()) == 1
    second.refresh_from_db()
    assert impact.kept(second)["mappings suspect"] == 1
