"""The stores on their own: what a killed or half-made one leaves behind must start again."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from align.embedded import addresses, binaries, processes, stores
from align.embedded.trouble import Trouble


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder every user may enter; pytest's own are closed."""
    path = Path(tempfile.mkdtemp(prefix="align-stores-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def start(folder: Path) -> stores.Running:
    return stores.start(
        folder=folder,
        environment={},
        roster=stores.Roster(folder),
        settings=stores.TEST_SETTINGS,
    )


def sql(folder: Path, statement: str) -> str:
    host = str(addresses.of(folder).sockets)
    connection = psycopg2.connect(host=host, user="align", dbname="align")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
        found = cursor.fetchone() if cursor.description else None
    connection.close()
    return str(found[0]) if found else ""


def test_killed_stores_start_again_with_what_was_accepted(folder: Path) -> None:
    running = start(folder)
    sql(folder, "CREATE TABLE kept AS SELECT 'yes' AS answer")
    client = redis.Redis.from_url(addresses.of(folder).redis_url)
    client.set("kept", "yes")
    time.sleep(1.1)  # Valkey writes its log every second
    for store in running.stores:
        store.process.kill()
        store.process.wait()
    stores.Roster(folder).wait_for_leftovers()

    running = start(folder)
    try:
        assert sql(folder, "SELECT answer FROM kept") == "yes"
        assert client.get("kept") == b"yes"
    finally:
        running.stop()


def test_what_an_interrupted_initdb_left_is_thrown_away(folder: Path) -> None:
    remains = [folder / f"pg{major}.new-x" / "base" for major in (15, 16, 17, 18)]
    for path in remains:
        path.mkdir(parents=True)
    running = start(folder)
    try:
        assert sql(folder, "SELECT 1") == "1"
        assert sum(path.exists() for path in remains) == len(remains) - 1
    finally:
        running.stop()


def test_a_lock_that_names_another_program_does_not_keep_the_server_away(folder: Path) -> None:
    start(folder).stop()
    data = next(folder.glob("pg*"))
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    running = start(folder)
    try:
        assert sql(folder, "SELECT 1") == "1"
    finally:
        running.stop()


def test_named_stores_are_not_started(folder: Path) -> None:
    given = {"DATABASE_URL": "postgres://db/align", "REDIS_URL": "redis://cache"}
    running = stores.start(folder=folder, environment=given, roster=stores.Roster(folder))
    assert running.stores == []
    assert running.environment == given


@pytest.mark.parametrize("name", ["ALIGN_PG_BIN", "ALIGN_VALKEY_BIN"])
def test_a_program_that_is_named_and_not_there_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/nowhere")
    with pytest.raises(Trouble, match=f"here that could be started: set .* or {name}"):
        start(folder)


def test_one_copy_per_folder(folder: Path) -> None:
    lock = stores.Lock(folder, url="http://localhost:8000")
    with pytest.raises(Trouble, match=r"already runs from this folder at http://localhost:8000"):
        stores.Lock(folder)
    lock.release()
    stores.Lock(folder).release()


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_runs_the_server_as_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "can_leave_root", lambda: False)
    if not stores.open_to_others(binaries.postgres().folder):
        pytest.skip("this checkout is closed to other users")
    running = start(folder)
    try:
        assert next(folder.glob("pg*")).stat().st_uid == processes.NOBODY
        assert sql(folder, "SELECT 1") == "1"
    finally:
        running.stop()


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to become somebody else")
def test_root_is_told_when_nobody_could_enter_the_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "can_leave_root", lambda: False)
    folder.chmod(0o700)
    with pytest.raises(Trouble, match="only root may enter"):
        start(folder)
