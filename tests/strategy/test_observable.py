import pytest

from strategy.observable import refusal


@pytest.mark.parametrize(
    "statement",
    [
        "Understands the customer's business",
        "Deeply understands our products, competitors, and target personas",
        "Knows when to double down on pipeline generation",
        "Is aware of the competition",
        "Leverages channels and partnerships",
        "Viewed as a trusted partner",
        "Ability to give advice",
        "Reps should understand the price list",
        "Prepares the meeting and understands who decides",
        "Tests the message; leverages internal collateral",
        "Command of the message: understands how to find the pain",
        "Takes pride in every delivery",
        "Is politically savvy",
        "Continually expanding knowledge of the products",
        "Can be able to negotiate",
        "KNOWS the price list",
    ],
)
def test_what_nobody_can_see_is_refused_with_an_example(statement: str) -> None:
    refused = refusal(statement)
    assert refused is not None
    assert "Opens the price talk" in refused


@pytest.mark.parametrize(
    "statement",
    [
        "Opens the price talk with the cost of an hour of downtime",
        "Uses the usage data to understand how the account works",
        "Asks why to leverage a partner",
        "Declines a discount once, with the margin reason",
        "Brings the CFO a one-page sheet",
        "Writes the knowledge base article after each lost deal",
        "Nurtures champions; identifies and plans the next expansion",
        "",
    ],
)
def test_what_a_rep_does_passes(statement: str) -> None:
    assert refusal(statement) is None


def test_a_very_long_statement_is_read_in_linear_time() -> None:
    assert refusal("carefully " * 100_000) is None
