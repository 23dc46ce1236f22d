"""What is installed: named with a reason in pyproject.toml, locked with hashes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text()
DIRECT = {
    "requirements.txt": tomllib.loads(PYPROJECT)["project"]["dependencies"],
    "requirements-dev.txt": tomllib.loads(PYPROJECT)["dependency-groups"]["dev"],
}


def locked(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("file", DIRECT)
def test_the_lock_holds_what_is_asked_for(file: str) -> None:
    found = locked(file)
    for text in DIRECT[file]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(found[canonicalize_name(wanted.name)]), text


@pytest.mark.parametrize("file", [*DIRECT, "requirements-uv.txt"])
def test_every_package_has_its_hashes_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text()
    packages = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text


def test_every_direct_dependency_has_its_reason() -> None:
    named = re.findall(r'^  "[A-Za-z0-9].*[=<>].*$', PYPROJECT, re.MULTILINE)
    assert len(named) == sum(len(group) for group in DIRECT.values())
    assert all(re.search(r'", +# \w', line) for line in named)


def test_psycopg_3_stays_out() -> None:
    assert not {"psycopg", "psycopg-binary"} & (
        set(locked("requirements.txt")) | set(locked("requirements-dev.txt"))
    )
