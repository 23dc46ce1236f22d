"""Third-party files are as published, and the lock says which."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from tests.shell import files

LOCKED = files.lock()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def each(package: dict[str, Any]) -> dict[str, str]:
    return {**package["files"], **package.get("made", {}).get("files", {})}


@pytest.mark.parametrize("package", LOCKED, ids=lambda package: package["name"])
def test_every_vendored_file_has_the_hash_of_the_lock(package: dict[str, Any]) -> None:
    changed = [
        name for name, digest in each(package).items() if sha256(files.VENDOR / name) != digest
    ]

    assert changed == []


def test_no_vendored_file_is_missing_from_the_lock() -> None:
    there = {
        path.relative_to(files.VENDOR).as_posix()
        for path in files.VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.lock.json"
    }
    named = {name for package in LOCKED for name in package["files"]}

    assert there == named


@pytest.mark.parametrize("package", LOCKED, ids=lambda package: package["name"])
def test_every_package_names_its_version_and_brings_its_license(package: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["license"]
    assert any(name.endswith("/LICENSE") for name in package["files"])


def test_the_sprite_holds_exactly_the_icons_the_lock_names() -> None:
    symbols = re.findall(r'<symbol id="([a-z0-9-]+)"', (files.STATIC / "img/icons.svg").read_text())
    lucide = next(package for package in LOCKED if package["name"] == "lucide-static")

    assert symbols == lucide["made"]["icons"]
