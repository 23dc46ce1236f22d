"""What a fingerprint sees, and what it does not: the smallest edits that matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import fingerprints
from strategy.fingerprints import folded_text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We price on hours", "We  price\non hours "),
        ("We price on hours", "We price on hours."),
        ("We price on hours", "we Price on Hours"),
        ("Hours not hardware", "Hours, not hardware"),
        ("Says: “never below list”", 'Says "never below list"'),
        ("Offers 12 pumps, then a visit", "Offers 12 pumps; then a visit"),
        ("Offers a follow-up", "Offers a follow up"),
        ("Hours – not hardware", "Hours - not hardware"),
        ("Asks who decides", "Asks who decides?"),
        ("The customers why", "The customer's why"),
        ("The customer's why", "The customer’s why"),
        ("Between 5 and 10, at most", "Between 5 and 10 at most"),
        ("Takes 5-10 minutes", "Takes 5–10 minutes"),
        ("café", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("down\N{SOFT HYPHEN}time", "downtime"),
        ("4,000\N{NO-BREAK SPACE}EUR", "4,000 EUR"),
        ("5 - 3", "5 \N{MINUS SIGN} 3"),
    ],
)
def test_what_only_dresses_the_words_is_not_seen(before: str, after: str) -> None:
    assert fingerprints.digest(before) == fingerprints.digest(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We price on hours", "We do not price on hours"),
        ("We price on hours", "We price on hour"),
        ("€4,000 an hour", "€4.000 an hour"),
        ("€4,000 an hour", "$4,000 an hour"),
        ("4,000", "4000"),
        ("4 000", "4000"),
        ("at .5", "at 5"),
        ("starts 9:30", "starts 930"),
        ("a margin of -5", "a margin of 5"),
        ("a margin of −5", "a margin of 5"),
        ("a change of - 5", "a change of 5"),
        ("a change of -.5", "a change of .5"),
        ("a change of -€5", "a change of €5"),
        ("5-10 minutes", "510 minutes"),
        ("revenue − cost", "revenue cost"),
        ("5 %", "5"),
        ("< 5", "> 5"),
        ("5'4", "54"),
        ("4'000", "4.000"),
        ("10²", "102"),
        ("½ hour", "12 hour"),
        ("re-sign the contract", "resign the contract"),
        ("and/or", "and or"),
        ("q&a", "q a"),
    ],
)
def test_what_may_change_the_meaning_is_seen(before: str, after: str) -> None:
    assert fingerprints.digest(before) != fingerprints.digest(after)


def test_one_field_never_runs_into_the_next() -> None:
    assert fingerprints.digest("a", "b c") != fingerprints.digest("a b", "c")
    assert fingerprints.digest(["a", "b"]) != fingerprints.digest(["a b"])


WORDS = st.text(alphabet="aB é'’-–−.,:;!?\"“”()%€$<0159 \n", max_size=40)


@given(WORDS)
def test_folding_twice_folds_once(text: str) -> None:
    assert folded_text(folded_text(text)) == folded_text(text)


@given(WORDS)
def test_no_letter_no_digit_and_no_unit_is_lost(text: str) -> None:
    def said(words: str) -> list[str]:
        return [letter for letter in words.casefold() if letter.isalnum() or letter in "%€$<"]

    assert said(folded_text(text)) == said(text)
