"""docs/import.md names every file, every column and every option."""

import re
from argparse import ArgumentParser
from pathlib import Path

from align.load.reading import LAYOUTS
from align.management.commands.load import Command

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_every_column_of_every_file_is_explained() -> None:
    sections = dict(re.findall(r"^### (\w+)\.csv\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S))

    for layout in LAYOUTS:
        # What stands before the bar of its row, in code marks.
        cells = "".join(re.findall(r"^\|(.*?)\|", sections[layout.name], re.M))
        named = set(re.findall(r"`(\w+)`", cells))
        assert named == {*layout.must, *layout.may}, layout.file


def test_every_option_is_explained() -> None:
    parser = ArgumentParser()
    Command().add_arguments(parser)

    for action in parser._actions:
        for option in action.option_strings:
            assert option in {"-h", "--help"} or f"`{option}" in PAGE
