"""What two texts have not in common, to the letter."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strategy import compare
from strategy.compare import Changed, Piece
from strategy.text import Paragraph

WORDS = st.sampled_from(
    ["we", "price", "hours", ",", ".", " ", "  ", "\n", "\r\n", "é", "–", "a b"]
)
PROSE = st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=60)


def marked(pieces: list[Piece] | tuple[Piece, ...]) -> str:
    signs = {"same": "{}", "ins": "[+{}]", "del": "[-{}]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in pieces)


def old_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != "ins")


def new_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if piece.kind != "del")


class TestWords:
    @pytest.mark.parametrize(
        ("old", "new", "pieces"),
        [
            ("", "", ""),
            ("We sell hours.", "We sell hours.", "We sell hours."),
            ("", "We sell hours.", "[+We sell hours.]"),
            ("We sell hours.", "", "[-We sell hours.]"),
            ("We sell pumps.", "We sell hours.", "We sell [-pumps][+hours]."),
            ("We sell hours.", "We sell only hours.", "We sell [+only ]hours."),
            ("no discount", "no discount above 100", "no discount[+ above 100]"),
            ("one two three", "one 2 3", "one [-two three][+2 3]"),
            ("Names the price.", "Names the prices.", "Names the [-price][+prices]."),
        ],
    )
    def test_words_are_inserted_and_struck(self, old: str, new: str, pieces: str) -> None:
        assert marked(compare.words(old, new)) == pieces

    @given(PROSE, PROSE)
    def test_both_texts_are_in_it_to_the_letter(self, old: str, new: str) -> None:
        pieces = compare.words(old, new)
        assert old_of(pieces) == old
        assert new_of(pieces) == new
        assert all(piece.text for piece in pieces)
        assert all(one.kind != two.kind for one, two in pairwise(pieces))

    @given(PROSE, st.sampled_from([1, 10]))
    @settings(max_examples=20)
    def test_what_is_too_much_is_taken_as_a_whole(self, middle: str, copies: int) -> None:
        old = f"First. {'a b c ' * 4000} {middle} Last."
        new = f"First. {'b a c ' * 4000 * copies} Last."
        pieces = compare.words(old, new)
        assert old_of(pieces) == old
        assert new_of(pieces) == new
        assert len(pieces) <= 4


class TestParagraphs:
    def test_they_are_paired_by_their_number(self) -> None:
        old = [text(1, "Sell pumps"), text(2, "Because."), text(3, "Gone.")]
        new = [text(1, "Sell hours"), text(4, "New."), text(2, "Because.")]
        assert [shown(row) for row in compare.paragraphs(old, new)] == [
            (1, "changed", "Sell [-pumps][+hours]"),
            (4, "new", "[+New.]"),
            (2, "same", "Because."),
            (3, "gone", "[-Gone.]"),
        ]

    def test_what_is_gone_stands_where_it_stood(self) -> None:
        old = [text(number, f"Text {number}") for number in (1, 2, 3, 4)]
        assert [row.number for row in compare.paragraphs(old, [old[1], old[3]])] == [1, 2, 3, 4]
        assert [row.what for row in compare.paragraphs(old, [])] == ["gone"] * 4
        assert [row.what for row in compare.paragraphs([], old)] == ["new"] * 4

    def test_what_stands_beside_a_behavior_counts(self) -> None:
        old = text(1, "Names the sum", facts=(("Who", "Seller"), ("Critical", "no")))
        new = text(1, "Names the sum", facts=(("Who", "Seller"), ("Critical", "yes")))
        [row] = compare.paragraphs([old], [new])
        assert row.what == "changed"
        assert [(fact.name, marked(list(fact.pieces))) for fact in row.facts] == [
            ("Critical", "[-no][+yes]")
        ]

    def test_what_is_new_shows_all_that_stands_beside_it(self) -> None:
        [row] = compare.paragraphs([], [text(1, "Names it", facts=(("Who", "Seller"),))])
        assert [(fact.name, marked(list(fact.pieces))) for fact in row.facts] == [
            ("Who", "[+Seller]")
        ]

    def test_the_one_that_was_moved_is_named_and_no_other(self) -> None:
        old = [text(number, f"Text {number}") for number in (1, 2, 3, 4, 5)]
        new = [old[0], old[3], old[1], old[2], old[4]]
        rows = compare.paragraphs(old, new)
        assert [row.number for row in rows if row.moved] == [4]
        assert [row.number for row in rows if row.differs] == [4]

    @given(st.permutations(range(1, 9)), st.sets(st.integers(1, 8)), st.sets(st.integers(1, 8)))
    def test_every_paragraph_of_both_is_there_once(
        self, order: list[int], out_of_old: set[int], out_of_new: set[int]
    ) -> None:
        old = [text(n, f"Text {n}") for n in range(1, 9) if n not in out_of_old]
        new = [text(n, f"Text {n}") for n in order if n not in out_of_new]
        rows = compare.paragraphs(old, new)
        numbers = [row.number for row in rows]
        assert sorted(numbers) == sorted({row.number for row in [*old, *new]})
        assert [n for n in numbers if n not in out_of_new] == [row.number for row in new]
        still = [row.number for row in rows if row.what == "same" and not row.moved]
        assert still == sorted(still)

    def test_neighbors_that_stayed_the_same_fold_together(self) -> None:
        old = [text(number, f"Text {number}") for number in range(1, 7)]
        new = [*old[:3], text(4, "Other"), *old[4:]]
        runs = compare.runs(compare.paragraphs(old, new))
        assert [(run.differs, [row.number for row in run.rows]) for run in runs] == [
            (False, [1, 2, 3]),
            (True, [4]),
            (False, [5, 6]),
        ]


def text(number: int, said: str, *, facts: tuple[tuple[str, str], ...] = ()) -> Paragraph:
    return Paragraph(number=number, part="why", head="Why this changes", text=said, facts=facts)


def shown(row: Changed) -> tuple[int, str, str]:
    return row.number, row.what, marked(list(row.pieces))
