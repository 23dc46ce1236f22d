"""`make run`: one tree that starts, refuses, stops, dies and starts again."""

import signal
import socket
import time
from collections.abc import Iterator

import pytest

from align.embedded import processes
from tests.embedded import installation

# Whoever starts whole installations does so one at a time.
pytestmark = pytest.mark.xdist_group("processes")


@pytest.fixture(scope="module")
def stopped() -> Iterator[installation.Installation]:
    """A copy of the checkout whose database is made and which does not run."""
    place = installation.copy()
    try:
        place.start()
        place.stop()
        yield place
    finally:
        place.remove()


@pytest.fixture
def running(stopped: installation.Installation) -> Iterator[installation.Installation]:
    stopped.start()
    yield stopped
    if stopped.tree is not None and stopped.tree.poll() is None:
        stopped.stop()


def test_it_serves_stops_on_request_and_keeps_its_data(
    running: installation.Installation,
) -> None:
    assert running.missing() == {}
    assert f"Align is ready: {running.url}" in running.output()
    running.python(
        "from django.utils import timezone; from align.jobs.models import Heartbeat;"
        "Heartbeat.objects.beat(name='kept', now=timezone.now())"
    )

    second = running.call("run")
    assert second.returncode == 2
    assert second.stderr.strip() == (
        f"align: Align already runs from this folder at {running.url}; stop that copy first."
    )

    children = running.children()
    began = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - began < 15
    assert not any(processes.born(pid) for pid in children.values())

    # With stores of its own, since nothing runs.
    names = running.python(
        "from align.jobs.models import Heartbeat; print(*Heartbeat.objects.latest_by_name())"
    )
    assert "kept" in names


def test_a_taken_port_is_one_sentence(stopped: installation.Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = stopped.call("run", PORT=str(port))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"align: Port {port} is taken by another program; choose")


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_a_port_that_is_none_is_one_sentence(stopped: installation.Installation, port: str) -> None:
    refused = stopped.call("run", PORT=port)
    assert refused.returncode == 2
    assert (
        refused.stderr.strip() == f"align: PORT is {port!r}; it must be a number from 1 to 65535."
    )


@pytest.mark.parametrize("part", ["postgres", "web"])
def test_a_part_that_is_killed_stops_the_rest_and_all_of_it_starts_again(
    running: installation.Installation, part: str
) -> None:
    children = running.children()
    running.kill(part)
    assert running.end() == 1
    assert f"{part}" in running.output().rsplit("stopping the rest", 1)[0].splitlines()[-1]
    assert not any(processes.born(pid) for pid in children.values())
    running.start()
    assert running.missing() == {}


def test_nothing_outlives_a_killed_tree_and_the_next_one_waits_for_it(
    running: installation.Installation,
) -> None:
    children = running.children()
    assert running.tree is not None
    running.tree.send_signal(signal.SIGKILL)
    running.tree.wait()
    running.start()
    assert running.missing() == {}
    assert not any(processes.born(pid) for pid in children.values())


def test_a_command_gets_the_same_stores_and_its_own_exit_code(
    stopped: installation.Installation,
) -> None:
    assert stopped.call("exec", "python", "-c", "raise SystemExit(7)").returncode == 7
    told = stopped.call("exec", "python", "-c", "import os; print(os.environ['ALIGN_MODE'])")
    assert told.stdout.strip() == "embedded"
    unknown = stopped.call("exec", "no-such-command")
    assert unknown.stderr.strip() == (
        "align: no-such-command cannot be started: No such file or directory."
    )


def test_the_secret_key_is_the_owners_alone(stopped: installation.Installation) -> None:
    path = stopped.folder / "secret_key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text()) > 50
