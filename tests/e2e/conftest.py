"""A real installation with the example company, and people in front of a real browser."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.embedded import installation

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "align-demo"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One installation serves all of these, so one process runs them."""
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("browser"))
            if not CHROMIUM and os.environ.get("ALIGN_REQUIRE_BROWSER") != "1":
                item.add_marker(pytest.mark.skip(reason="no chromium"))


@pytest.fixture(scope="session")
def site() -> Iterator[installation.Installation]:
    """A running installation that has loaded the example company."""
    place = installation.copy()
    place.start(ALIGN_EXAMPLE="True")
    yield place
    place.stop()
    place.remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Ends with its module: the event loop it holds would keep Django's tests from their database.
    assert CHROMIUM, "ALIGN_REQUIRE_BROWSER is set and there is no chromium"
    root = [] if os.getuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + root)
        yield opened
        opened.close()


@dataclass
class Person:
    """Somebody at a browser: the page they look at and what the browser complained about."""

    page: Page
    url: str
    trouble: list[str] = field(default_factory=list)

    def goto(self, path: str) -> None:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status < 400, f"{answer.status} at {path}"

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=5000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def axe(self, *rules: str) -> list[str]:
        """Return what axe-core finds on the page, one line an element."""
        options: dict[str, Any] = {
            "runOnly": list(rules) or AXE_TAGS,
            "resultTypes": ["violations"],
        }
        found = Axe().run(self.page, options=options).response["violations"]
        return [
            f"{self.page.url} {violation['id']}: {node['html'][:160]}"
            for violation in found
            for node in violation["nodes"]
        ]


Enter = Callable[..., Person]


@pytest.fixture
def enter(browser: Browser, site: installation.Installation) -> Iterator[Enter]:
    """Sign somebody in: ``enter("lena")``; ``width=390`` for a phone, ``script=False`` without."""
    opened: list[BrowserContext] = []

    def sign_in(name: str | None, *, width: int = 1280, script: bool = True) -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        person = Person(page=context.new_page(), url=site.url)
        person.page.on("console", lambda message: _complaint(person, message.text))
        person.page.on("pageerror", lambda error: _error(person, str(error)))
        if name:
            person.goto("/accounts/login/")
            person.page.fill("input[name=login]", f"{name}@example.com")
            person.page.fill("input[name=password]", PASSWORD)
            person.page.get_by_role("button", name="Sign in", exact=True).click()
            person.page.wait_for_url(lambda url: "/accounts/login" not in url)
        return person

    yield sign_in
    for context in opened:
        context.close()


def _complaint(person: Person, text: str) -> None:
    if re.search(r"Content.Security.Policy|Refused to", text):
        person.trouble.append(text)


def _error(person: Person, text: str) -> None:
    """Note what a script threw; that a page left in a hurry has no fade is none of it."""
    if not text.startswith("Transition was aborted"):
        person.trouble.append(text)
