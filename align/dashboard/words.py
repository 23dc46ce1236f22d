"""Figures in plain words, as a person would say them."""

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip


def number(count: int) -> str:
    """Return a count as a word up to twelve, in digits above."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else f"{count:,}"


def start(text: str) -> str:
    """Return the text with its first letter as a sentence begins."""
    return text[:1].upper() + text[1:]


def counted(count: int, one: str, many: str = "") -> str:
    """Return “1 module” or “4 modules”."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
