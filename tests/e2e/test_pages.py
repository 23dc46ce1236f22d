"""Every page a person can reach by links: it answers, keeps the policy, and axe finds nothing."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import Enter, Person

PAGES_OF_A_KIND = 2
NOT_PAGES = re.compile(r"^/(admin|accounts/logout|api/schema|static|coverage\.csv|metrics)")


def kind_of(path: str) -> str:
    """Two addresses that differ in numbers, slugs and filters show the same kind of page."""
    parts = urlsplit(path)
    names = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    plain = re.sub(r"/[0-9a-f-]{36}/", "/*/", parts.path)
    plain = re.sub(r"/\d+(-[^/]*)?/", "/*/", plain)
    plain = re.sub(r"^/strategy/[^/]+/", "/strategy/*/", plain)
    return f"{plain}?{'&'.join(names[:1])}"


def links_of(person: Person) -> list[str]:
    found = person.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    paths = [link.removeprefix(person.url).split("#")[0] for link in found]
    return [path for path in paths if path.startswith("/") and not NOT_PAGES.match(path)]


def walk(person: Person) -> list[str]:
    """Visit every kind of page that links lead to; return what is wrong with any."""
    waiting, seen, kinds = ["/"], set[str](), Counter[str]()
    wrong: list[str] = []
    while waiting:
        path = waiting.pop(0)
        if path in seen or kinds[kind_of(path)] >= PAGES_OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind_of(path)] += 1
        answer = person.page.goto(person.url + path)
        if answer is None or answer.status >= 400:
            wrong.append(f"{answer and answer.status} at {path}")
            continue
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if kinds[kind_of(path)] == 1:
            wrong += person.axe()
            person.page.emulate_media(color_scheme="dark")
            wrong += [f"dark {line}" for line in person.axe("color-contrast")]
            person.page.emulate_media(color_scheme="light")
        waiting += links_of(person)
    assert len(kinds) > 5, f"the walk found only {sorted(kinds)}"
    return wrong


@pytest.mark.parametrize("name", ["lena", "tom", "mia", "rosa", "ada"])
def test_every_page_a_role_can_reach_is_clean(enter: Enter, name: str) -> None:
    person = enter(name)
    assert walk(person) == []
    assert person.trouble == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/nowhere/"])
def test_the_pages_before_signing_in_are_clean(enter: Enter, path: str) -> None:
    person = enter(None)
    person.page.goto(person.url + path)
    assert person.axe() == []
    person.page.emulate_media(color_scheme="dark")
    assert person.axe("color-contrast") == []
    assert person.trouble == []


@pytest.mark.parametrize("width", [320, 390, 768])
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("lena", "/"),
        ("lena", "/coverage/"),
        ("lena", "/strategy/"),
        ("lena", "/flags/"),
        ("tom", "/training/"),
        ("tom", "/voice/"),
        ("mia", "/team/"),
        ("rosa", "/tell/"),
        ("rosa", "/training/learn/"),
    ],
)
def test_no_page_scrolls_sideways(enter: Enter, name: str, path: str, width: int) -> None:
    person = enter(name, width=width)
    person.goto(path)
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{path} is {wide} wide at {width}"
