"""The settings: documented one by one, strict in production."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "k7" * 30 + "-x9_Q",
    "DATABASE_URL": "postgres://align:secret@localhost:1/align",
    "REDIS_URL": "redis://localhost:1/0",
    "ALIGN_URL": "https://align.example.com",
    "ALLOWED_HOSTS": "align.example.com",
    "EMAIL_URL": "smtp+tls://align:secret@mail.example.com:587",
}


def manage(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def names_read_by(*files: Path) -> set[str]:
    pattern = re.compile(r'(?:required|env\.\w+|environ(?:\.get)?|given\.get)[(\[]\s*"([A-Z_]+)"')
    return {name for file in files for name in pattern.findall(file.read_text())}


def test_every_variable_stands_in_the_table() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", _table(), re.MULTILINE))
    read = names_read_by(ROOT / "align/settings.py", *(ROOT / "align/embedded").glob("*.py"))
    assert len(read) > 15
    assert read - {"PATH"} <= documented
    assert documented <= read | {"PYTHON", "ALIGN_REQUIRE_BROWSER", "PORT"}


def test_the_form_to_fill_in_names_what_production_requires() -> None:
    form = (ROOT / ".env.example").read_text()
    compose = (ROOT / "docker-compose.yml").read_text()
    for name in PRODUCTION:
        assert f"{name}=" in form or name in {"DATABASE_URL", "REDIS_URL"}
        assert f"{name}:" in compose


def test_a_complete_production_environment_passes_the_deployment_check() -> None:
    done = manage(PRODUCTION, "check", "--deploy", "--fail-level=WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_refuses_to_start_without(name: str) -> None:
    rest = {key: value for key, value in PRODUCTION.items() if key != name}
    done = manage(rest, "check")
    assert done.returncode != 0
    assert f"Set {name}" in done.stderr


def test_an_unknown_mode_is_refused() -> None:
    assert "ALIGN_MODE is 'prod'" in manage({"ALIGN_MODE": "prod"}, "check").stderr


def test_the_driver_is_psycopg2() -> None:
    driver: Any = connection
    assert driver.Database.__name__ == "psycopg2"  # Django would pick psycopg 3 silently


def _table() -> str:
    return (ROOT / "docs/settings.md").read_text()
