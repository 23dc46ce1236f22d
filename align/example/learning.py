"""What some modules of the example hold besides their text: parts, a quiz, a video."""

from training.quiz import Question, Quiz

QUIZZES: dict[str, Quiz] = {
    "HALL-1": (
        Question(
            question="What comes first, the trial or the price?",
            options=("The trial in our hall", "The price", "Whatever the customer asks for"),
            right=(0,),
        ),
        Question(
            question="What stands on the one page after a trial?",
            options=("The numbers that were measured", "Our list of references", "The next date"),
            right=(0, 2),
        ),
        Question(
            question="Why do price and date go together?",
            options=(
                "A price without a date is compared with every other price",
                "Purchasing wants it so",
            ),
            right=(0,),
        ),
    ),
    "NRG-1": (
        Question(
            question="Which values do you read at the meter?",
            options=("Gas", "Throughput in tons", "Moisture in and out", "Age of the line"),
            right=(0, 1, 2),
        ),
        Question(
            question="What do kilowatts say about the bill?",
            options=("Nothing without the tons", "Everything", "Half of it"),
            right=(0,),
        ),
    ),
    "PAR-1": (
        Question(
            question="Who keeps a project below the limit?",
            options=("The partner", "We", "Whoever was first"),
            right=(0,),
        ),
    ),
}

PARTS: dict[str, str] = {
    "NRG-1": """

## At the meter

Read gas, tons and moisture in the same hour. An hour of full load says more than a month of bills.

## On the sheet

Energy divided by tons. Write the three values beside it, so that the plant can check them.

## In the talk

Ask what they pay for the ton they sell best. Be quiet until they have an answer.""",
}


def quiz_of(code: str) -> Quiz:
    return QUIZZES.get(code, ())


def text_of(code: str, text: str) -> str:
    """Return the text of a module, with the parts that follow it."""
    return text + PARTS.get(code, "")
