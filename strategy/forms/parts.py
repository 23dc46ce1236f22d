"""What several forms do alike."""


def whole(text: str | None) -> int:
    """Return a whole number that was sent, 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
