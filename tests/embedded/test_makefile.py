"""The commands people type."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from align.embedded import install

ROOT = Path(__file__).resolve().parents[2]


def test_help_lists_every_target_with_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = text.split(".PHONY:", 1)[1].splitlines()[0].split()
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    listed = dict(line.split(maxsplit=1) for line in shown.splitlines())
    assert set(listed) == set(phony) == set(re.findall(r"^([a-z]+):", text, re.MULTILINE))


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    monkeypatch.setattr(sys, "version", "3.10.4 (main)")
    assert install.main(["requirements.txt"]) == 2
    assert capsys.readouterr().err == "align: Align needs Python 3.11 or newer; this is 3.10.4.\n"
