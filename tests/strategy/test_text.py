"""A paragraph keeps its number as long as it lives, and no number is ever given twice."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import actions as strategy
from strategy import text
from strategy.models import Objective, Revision
from tests import make
from tests.make import NOW

FRESH = 100  # the next free number in these tests


def match(old: list[str], new: list[str]) -> list[int]:
    """Number new blocks after old ones, which have 1, 2, 3 …"""
    return text.match(old, list(range(1, len(old) + 1)), new, count(FRESH))


class TestCutting:
    @pytest.mark.parametrize(
        ("typed", "blocks"),
        [
            ("", []),
            (" \r\n \n", []),
            ("One.", ["One."]),
            ("One,\ntwo.", ["One,\ntwo."]),
            ("One.\r\n\r\nTwo.\r\n", ["One.", "Two."]),
            ("One.\r\rTwo.", ["One.", "Two."]),
            ("\n\nOne.  \n \t \n\n\nTwo,\n  three.\n", ["One.", "Two,\n  three."]),
        ],
    )
    def test_a_text_is_cut_at_its_empty_lines(self, typed: str, blocks: list[str]) -> None:
        assert text.blocks("why", typed) == blocks

    def test_a_field_of_one_line_is_one_paragraph_or_none(self) -> None:
        assert text.blocks("title", " Sell\n\nhours ") == ["Sell\n\nhours"]
        assert text.blocks("segment", "  ") == []

    @given(st.text(alphabet="ab \t\r\n", max_size=60))
    def test_cutting_again_changes_nothing(self, typed: str) -> None:
        blocks = text.cut(typed)
        assert text.cut("\n\n".join(blocks)) == blocks
        assert all(block.strip() for block in blocks)


LONG = "A stopped line costs the plant more in one hour than the pump costs in a year."
OTHER = "Hardware discounts bought us no loyalty and half of our margin since 2023."


class TestMatching:
    @pytest.mark.parametrize(
        ("case", "old", "new", "numbers"),
        [
            ("nothing changed", ["a", "b", "c"], ["a", "b", "c"], [1, 2, 3]),
            ("one came first", ["a", "b"], ["x", "a", "b"], [100, 1, 2]),
            ("one came between", ["a", "b"], ["a", "x", "b"], [1, 100, 2]),
            ("one went", ["a", "b", "c"], ["a", "c"], [1, 3]),
            ("all went", ["a", "b"], [], []),
            ("the first ever", [], ["a", "b"], [100, 101]),
            ("one went and one came elsewhere", ["a", "b", "c"], ["b", "c", "x"], [2, 3, 100]),
            ("one was moved", ["a", "b", "c"], ["c", "a", "b"], [3, 1, 2]),
            ("equal ones", ["a", "a"], ["a", "a"], [1, 2]),
            ("one of the equal ones went", ["a", "a", "b"], ["a", "b"], [1, 3]),
            ("an equal one came", ["a"], ["a", "a"], [1, 100]),
            ("a new wording in the same place", ["a", "b", "c"], ["a", "x y", "c"], [1, 2, 3]),
            ("all worded anew", ["a", "b"], ["x", "y"], [1, 2]),
            ("reworded and moved", [LONG, OTHER], [OTHER, f"{LONG} Yes."], [2, 1]),
            ("both reworded and swapped", [LONG, OTHER], [f"{OTHER} x", f"{LONG} x"], [2, 1]),
            ("reworded, one before it", [LONG], ["Why?", f"Truly: {LONG}"], [100, 1]),
            ("split", [f"{LONG} {OTHER}"], [LONG, OTHER], [1, 100]),
            ("merged", [LONG, OTHER], [f"{LONG} {OTHER}"], [1]),
        ],
    )
    def test_the_number_stays_with_the_words(
        self, case: str, old: list[str], new: list[str], numbers: list[int]
    ) -> None:
        assert match(old, new) == numbers, case

    def test_two_hundred_paragraphs_are_matched_when_each_is_reworded(self) -> None:
        old = [f"{LONG} {n} {OTHER}" for n in range(200)]
        new = [f"{block} More." for block in old]
        assert sorted(match(old, new)) == list(range(1, 201))

    def test_thousands_of_tiny_paragraphs_are_matched_by_their_place(self) -> None:
        old = [f"a{n}" for n in range(2600)]
        assert match(old, [f"b{n}" for n in range(2600)]) == list(range(1, 2601))
        assert match(["a"] * 2600, ["a"] * 2600 + ["b"]) == [*range(1, 2601), FRESH]

    BLOCKS = st.lists(st.sampled_from(["a", "b", "a b", "a b c", LONG, OTHER, f"{LONG} x"]))

    @given(st.lists(BLOCKS, min_size=1, max_size=8))
    def test_through_any_edits_no_number_is_given_twice(self, texts: list[list[str]]) -> None:
        last = 0
        before: list[str] = []
        numbers: list[int] = []
        ever: set[int] = set()
        for blocks in texts:
            fresh = count(last + 1)
            now = text.match(before, numbers, blocks, fresh)
            last = next(fresh) - 1
            new = set(now) - set(numbers)
            assert len(set(now)) == len(now) == len(blocks)
            assert not new & ever, "a number that was in use came back"
            kept = {number for number in now if number in numbers}
            for block in set(before):
                lived = min(before.count(block), blocks.count(block))
                same = [n for n, b in zip(numbers, before, strict=True) if b == block]
                assert len(kept & set(same)) >= lived, "an unchanged paragraph lost its number"
            ever |= set(now)
            before, numbers = blocks, now
        assert last == len(ever)


@pytest.mark.django_db
class TestAnObjective:
    @pytest.fixture
    def cast(self) -> make.Cast:
        return make.cast()

    @pytest.fixture
    def objective(self, cast: make.Cast) -> Objective:
        plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
        return make.draft(strategy_=plan, by=cast.lena, code="A4")

    def numbered(self, revision: Revision) -> dict[int, str]:
        return {row.number: row.text for row in text.paragraphs(revision)}

    def test_a_text_is_numbered_in_reading_order(self, objective: Objective) -> None:
        rows = text.paragraphs(objective.revisions.get())
        assert [(row.number, row.part) for row in rows] == [
            (1, "title"),
            (2, "why"),
            (3, "we_will"),
            (4, "we_stop"),
            (5, "segment"),
            (6, "hypothesis"),
            (7, "behavior"),
        ]
        assert rows[-1].code == "B1"
        assert dict(rows[-1].facts)["Critical"] == "yes"

    def test_numbers_live_on_from_draft_to_text_in_force_to_draft(
        self, objective: Objective, cast: make.Cast
    ) -> None:
        before = self.numbered(objective.revisions.get())
        make.publish(objective, by=cast.lena)
        assert self.numbered(objective.revisions.get()) == before
        draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
        assert self.numbered(draft) == before

    def test_what_comes_is_numbered_on_and_what_went_leaves_a_gap(
        self, objective: Objective, cast: make.Cast
    ) -> None:
        make.publish(objective, by=cast.lena)
        for why in ("One went.\n\nTwo stays.", "Two stays.\n\nThree has come."):
            words = strategy.Words(**(vars(make.words()) | {"why": why}))
            make.revise(objective, by=cast.lena, words=words, now=NOW)
        numbers = [
            [row.number for row in text.paragraphs(revision) if row.part == "why"]
            for revision in objective.revisions.order_by("number")
        ]
        assert numbers == [[2], [8, 9], [9, 10]]
        objective.refresh_from_db()
        assert objective.paragraphs == 10

    def test_what_is_kept_of_a_text_comes_back_the_same(self, objective: Objective) -> None:
        rows = text.paragraphs(objective.revisions.get())
        assert text.thawed(text.frozen(rows)) == rows
