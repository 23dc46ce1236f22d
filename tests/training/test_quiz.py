"""Judging a quiz: against a slow, obvious second way; and what is wrong with one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import quiz
from training.quiz import Question


@st.composite
def quizzes(draw: st.DrawFn) -> quiz.Quiz:
    made = []
    for number in range(draw(st.integers(1, 8))):
        options = draw(st.integers(2, 6))
        places = st.integers(0, options - 1)
        right = draw(st.sets(places, min_size=1))
        made.append(
            Question(
                question=f"Question {number}",
                options=tuple(f"Option {place}" for place in range(options)),
                right=tuple(sorted(right)),
            )
        )
    return tuple(made)


@st.composite
def tries(draw: st.DrawFn) -> tuple[quiz.Quiz, dict[int, tuple[int, ...]], int]:
    asked = draw(quizzes())
    ticks = {
        at: tuple(draw(st.lists(st.integers(0, len(question.options) - 1), unique=True)))
        if draw(st.booleans())
        else question.right
        for at, question in enumerate(asked)
    }
    return asked, ticks, draw(st.integers(1, 100))


@given(tries())
def test_grading_is_what_counting_on_ones_fingers_gives(
    tried: tuple[quiz.Quiz, dict[int, tuple[int, ...]], int],
) -> None:
    asked, ticks, pass_mark = tried
    graded = quiz.grade(asked, ticks, pass_mark=pass_mark)
    fingers = 0
    for at, question in enumerate(asked):
        every = all((place in ticks[at]) == (place in question.right) for place in range(6))
        assert graded.right[at] == every
        fingers += every
    assert graded.passed == (fingers / len(asked) >= pass_mark / 100 - 1e-9)
    assert abs(float(graded.score) - 100 * fingers / len(asked)) <= 0.005
    assert len(graded.wrong) == len(asked) - fingers


@given(tries())
def test_one_more_right_answer_never_lowers_the_score(
    tried: tuple[quiz.Quiz, dict[int, tuple[int, ...]], int],
) -> None:
    asked, ticks, pass_mark = tried
    before = quiz.grade(asked, ticks, pass_mark=pass_mark)
    for at, question in enumerate(asked):
        after = quiz.grade(asked, ticks | {at: question.right}, pass_mark=pass_mark)
        assert after.score >= before.score
        assert after.passed >= before.passed


@given(tries())
def test_the_order_and_the_repetition_of_ticks_do_not_matter(
    tried: tuple[quiz.Quiz, dict[int, tuple[int, ...]], int],
) -> None:
    asked, ticks, pass_mark = tried
    turned = {at: (*reversed(places), *places) for at, places in ticks.items()}
    assert quiz.grade(asked, ticks, pass_mark=pass_mark) == quiz.grade(
        asked, turned, pass_mark=pass_mark
    )
    assert quiz.ticks_of(quiz.kept(ticks)) == {
        at: tuple(sorted(places)) for at, places in ticks.items() if places
    }


@given(quizzes())
def test_a_quiz_is_kept_as_it_was_written(asked: quiz.Quiz) -> None:
    assert quiz.parse(quiz.as_json(asked)) == asked
    assert quiz.problems(asked) == {}


@pytest.mark.parametrize(
    ("right", "of", "pass_mark", "passed"),
    [(4, 5, 80, True), (3, 5, 80, False), (2, 3, 67, False), (2, 3, 66, True), (1, 1, 100, True)],
)
def test_the_pass_mark_is_met_exactly_or_not(
    right: int, of: int, pass_mark: int, passed: bool
) -> None:
    one = Question(question="?", options=("a", "b"), right=(0,))
    ticks = {at: (0,) if at < right else (1,) for at in range(of)}
    assert quiz.grade((one,) * of, ticks, pass_mark=pass_mark).passed is passed


def test_thirds_are_rounded_half_up() -> None:
    one = Question(question="?", options=("a", "b"), right=(0,))
    graded = quiz.grade((one,) * 3, {0: (0,), 1: (0,)}, pass_mark=50)
    assert graded.score == Decimal("66.67")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question(question=" ", options=("a", "b"), right=(0,)), "write what is asked."),
        (Question(question="?", options=("a",), right=(0,)), "give 2 to 6 options."),
        (Question(question="?", options=tuple("abcdefg"), right=(0,)), "give 2 to 6 options."),
        (Question(question="?", options=("a", "A "), right=(0,)), "two options say the same."),
        (Question(question="?", options=("a", " "), right=(0,)), "no option may be empty."),
        (Question(question="?", options=("a", "b"), right=()), "mark at least one"),
        (Question(question="?", options=("a", "b"), right=(2,)), "must be an option."),
        (Question(question="?" * 401, options=("a", "b"), right=(0,)), "under 400"),
        (Question(question="?", options=("a" * 201, "b"), right=(0,)), "under 200"),
    ],
)
def test_what_is_wrong_names_the_question(question: Question, message: str) -> None:
    fine = Question(question="?", options=("a", "b"), right=(0,))
    [(name, sentence)] = quiz.problems((fine, question)).items()
    assert name.startswith("quiz.1.")
    assert sentence.startswith("Question 2: ")
    assert message in sentence


def test_a_quiz_has_an_end() -> None:
    fine = Question(question="?", options=("a", "b"), right=(0,))
    assert quiz.problems((fine,) * 20) == {}
    assert quiz.problems((fine,) * 21) == {"quiz": "A quiz has at most 20 questions."}
