"""The loop on real processes: quick, and nothing accepted is lost whatever is killed."""

import http.client
import json
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from align.embedded import stores
from tests.embedded import installation, loop

pytestmark = pytest.mark.xdist_group("processes")

NO_POSTGRES = {"DATABASE_URL": "elsewhere"}
NO_VALKEY = {"REDIS_URL": "elsewhere"}


class Stores:
    """PostgreSQL and Valkey outside the tree, each to be killed and started on its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="align-outside-"))
        self.running = {"postgres": self._start(NO_VALKEY), "valkey": self._start(NO_POSTGRES)}
        self.urls = {
            "DATABASE_URL": self.running["postgres"].environment["DATABASE_URL"],
            "REDIS_URL": self.running["valkey"].environment["REDIS_URL"],
        }

    def kill(self, name: str) -> None:
        process = self.running[name].stores[0].process
        process.kill()
        process.wait()

    def start(self, name: str) -> None:
        self.running[name] = self._start(NO_VALKEY if name == "postgres" else NO_POSTGRES)

    def remove(self) -> None:
        for running in self.running.values():
            running.stop()
        shutil.rmtree(self.folder)

    def _start(self, named: dict[str, str]) -> stores.Running:
        roster = stores.Roster(self.folder)
        return stores.start(folder=self.folder, environment=named, roster=roster)


@pytest.fixture(scope="module")
def outside() -> Iterator[Stores]:
    made = Stores()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def place(outside: Stores) -> Iterator[installation.Installation]:
    """A running installation with a company in it."""
    made = installation.copy()
    made.given = outside.urls
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def company(place: installation.Installation) -> loop.Company:
    return loop.seed(place)


def call(port: int, token: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Ask the API; 0 when there is nobody to answer."""
    line = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        line.request(
            "POST" if body else "GET",
            path,
            body=json.dumps(body) if body else None,
            headers={"Authorization": f"Token {token}", "Content-Type": "application/json"},
        )
        answer = line.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if answer.status < 400 else text
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        line.close()


def report(key: str, objective: int) -> dict[str, Any]:
    return {
        "client_key": key,
        "stance": "wont",
        "barriers": ["process"],
        "text": "Purchasing has a hardware line and nothing else.",
        "objective": objective,
    }


@dataclass
class Rep:
    """Sends one report after the other, each again and again until it is accepted."""

    port: int
    token: str
    objective: int
    accepted: list[str] = field(default_factory=list)
    odd: list[tuple[int, Any]] = field(default_factory=list)

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            key = str(uuid.uuid4())
            while not self.send(key) and not stop.wait(0.3):
                pass
            stop.wait(0.4)

    def send(self, key: str) -> bool:
        status, body = call(self.port, self.token, "/api/v1/reports/", report(key, self.objective))
        if status in {200, 201}:
            self.accepted.append(key)
            return True
        if status not in {0, 503}:
            self.odd.append((status, body))
        return False


@contextmanager
def all_reporting(place: installation.Installation, company: loop.Company) -> Iterator[list[Rep]]:
    stop = threading.Event()
    reps = [Rep(place.port, token, company.objective) for token in company.reps]
    threads = [threading.Thread(target=rep.work, args=(stop,)) for rep in reps]
    for thread in threads:
        thread.start()
    try:
        yield reps
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def wait_until_whole(place: installation.Installation, *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while lacking := place.missing():
        assert time.monotonic() < until, (lacking, place.output())
        time.sleep(0.2)


def test_a_report_is_a_flag_and_a_notice_within_five_seconds(
    place: installation.Installation, company: loop.Company
) -> None:
    wait_until_whole(place)
    for token in company.reps[:5]:
        body = report(str(uuid.uuid4()), company.objective)
        status, answer = call(place.port, token, "/api/v1/reports/", body)
        assert status == 201, answer
    began = time.monotonic()
    while True:
        _, flags = call(place.port, company.lead, f"/api/v1/flags/?objective={company.objective}")
        _, notices = call(place.port, company.lead, "/api/v1/notices/")
        open_rules = [flag["rule"] for flag in flags["results"] if flag["state"] == "open"]
        if "negative" in open_rules and notices["results"]:
            break
        assert time.monotonic() - began < 5
        time.sleep(0.1)


def test_nothing_accepted_is_lost_whatever_is_killed(
    place: installation.Installation, company: loop.Company, outside: Stores
) -> None:
    with all_reporting(place, company) as reps:
        for name in ("postgres", "valkey"):
            time.sleep(1.5)
            outside.kill(name)
            time.sleep(1)
            outside.start(name)
        wait_until_whole(place)
        assert place.tree is not None
        assert place.tree.poll() is None  # nobody had to start it again
        for name in ("worker", "beat"):
            time.sleep(1)
            place.kill(name)
            assert place.end() == 1
            place.start()
        time.sleep(1)
    assert [rep.odd for rep in reps if rep.odd] == []
    accepted = [key for rep in reps for key in rep.accepted]
    assert len(accepted) > len(reps)

    wait_until_whole(place)
    kept = place.python(
        "from feedback.models import Report; print(*Report.objects.values_list('client_key'))"
    )
    assert all(kept.count(key) == 1 for key in accepted)

    until = time.monotonic() + 30
    while True:
        found = place.python("from tests.embedded import loop; loop.print_flags()")
        before, after, waiting = json.loads(found)
        if waiting == 0:
            break
        assert time.monotonic() < until, "the outbox was never emptied"
    assert before == after
    assert [row[1] for row in before].count("negative") == 1
