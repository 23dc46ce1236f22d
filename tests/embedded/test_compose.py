"""The containers run what `make run` runs."""

from pathlib import Path
from typing import Any

import yaml

from align.embedded import commands

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = {
    "migrate": commands.prepare(),
    "web": commands.web(host="0.0.0.0", port=8000),
    "worker": commands.worker(pool="prefork"),
    "beat": commands.beat(),
}


def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])


def test_every_part_runs_the_same_command_as_make_run() -> None:
    found = services()
    shared = set(found["web"]["environment"])
    for name, command in EXPECTED.items():
        assert found[name]["command"] == command.argv
        given = found[name]["environment"]
        assert command.environment == {name: given[name] for name in set(given) - shared}


def test_the_image_serves_by_itself_as_compose_does() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    last = [line for line in dockerfile.splitlines() if line.startswith("CMD")][-1]
    assert yaml.safe_load(last.removeprefix("CMD ")) == EXPECTED["web"].argv
    assert "USER 10001" in dockerfile
    assert "/healthz" in dockerfile


def test_everything_waits_for_what_it_needs_and_says_how_it_is() -> None:
    found = services()
    for name in ("web", "worker", "beat"):
        needs = found[name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["postgres"]["condition"] == "service_healthy"
        assert needs["valkey"]["condition"] == "service_healthy"
    for name in ("postgres", "valkey", "worker", "beat"):
        assert found[name]["healthcheck"]["test"]
