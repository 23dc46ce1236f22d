"""Starts the stores of the tests, once, unless DATABASE_URL and REDIS_URL name others."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from align.embedded import stores
from align.embedded.trouble import Trouble

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile("align", deadline=None)
hypothesis.settings.load_profile("align")

FOLDER = Path(__file__).resolve().parent / ".align" / "test"
STORES = pytest.StashKey[tuple[stores.Lock, stores.Roster, stores.Running]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the stores in the controller; its workers find them by the folder's name."""
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return
    try:
        lock = stores.Lock(FOLDER)
        roster = stores.Roster(FOLDER)
        roster.wait_for_leftovers()
        running = stores.start(
            folder=FOLDER, environment=os.environ, roster=roster, settings=stores.TEST_SETTINGS
        )
    except Trouble as trouble:
        pytest.exit(f"The test stores did not start. {trouble}", returncode=2)
    config.stash[STORES] = lock, roster, running


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if STORES in config.stash:
        lock, roster, running = config.stash[STORES]
        running.stop()
        roster.clear()
        lock.release()


@pytest.fixture(autouse=True, scope="session")
def tokens_say_nothing() -> Iterator[None]:
    """Write the tokens of forms with letters no word is made of.

    They are random and stand in every page: sooner or later one holds the very “E9” that a test
    says is not there.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.middleware.csrf.CSRF_ALLOWED_CHARS", "qxz")
        yield
