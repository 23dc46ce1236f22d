"""What is wrong with a row: where it stands, and why."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One refused row. ``row`` is the line on which it begins, as an editor counts."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}"
        return (
            f"{where}, {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"
        )


class Refused(Exception):
    """A row cannot be taken; ``errors`` names each column with a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{column}: {text}" for column, text in errors.items()))
        self.errors = dict(errors)
