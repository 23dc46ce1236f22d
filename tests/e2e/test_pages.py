"""Every page a person can reach by links: it answers, keeps the policy, and axe finds nothing."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import Enter, Person

PAGES_OF_A_KIND = 2  # and one of each filter
NOT_PAGES = re.compile(
    r"^/(admin|accounts/logout|api/schema|static|coverage(/gaps)?\.csv|metrics|concerns/\d+/file/)"
)


def kind_of(path: str) -> str:
    """Two addresses that differ in numbers, slugs and filters show the same kind of page."""
    plain = re.sub(r"/[0-9a-f-]{36}/", "/*/", urlsplit(path).path)
    plain = re.sub(r"/\d+(-[^/]*)?/", "/*/", plain)
    return re.sub(r"^/strategy/[^/]+/", "/strategy/*/", plain)


def filters_of(path: str) -> str:
    """The name of the first filter: each is looked at once."""
    return urlsplit(path).query.split("=")[0]


def links_of(person: Person) -> list[str]:
    found = person.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    paths = [link.removeprefix(person.url).split("#")[0] for link in found]
    return [path for path in paths if path.startswith("/") and not NOT_PAGES.match(path)]


checked = set[str]()


def walk(person: Person) -> list[str]:
    """Visit every kind of page that links lead to; return what is wrong with any."""
    waiting, seen, visits = ["/"], set[str](), Counter[tuple[str, str]]()
    wrong: list[str] = []
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        most = 1 if filters_of(path) else PAGES_OF_A_KIND
        if path in seen or visits[kind, filters_of(path)] >= most:
            continue
        seen.add(path)
        visits[kind, filters_of(path)] += 1
        answer = person.page.goto(person.url + path)
        if answer is None or answer.status >= 400:
            wrong.append(f"{answer and answer.status} at {path}")
        elif "text/html" in answer.headers.get("content-type", ""):
            first = sum(count for (one, _), count in visits.items() if one == kind) == 1
            wrong += look(person, kind) if first else []
            waiting += links_of(person)
    assert len(visits) > 5, f"the walk found only {sorted(visits)}"
    return wrong


def look(person: Person, kind: str) -> list[str]:
    """Let axe read a kind of page once, for the first role that sees it, and in the dark."""
    if kind in checked:
        return []
    checked.add(kind)
    found = person.axe()
    person.page.emulate_media(color_scheme="dark")
    found += [f"dark {line}" for line in person.axe("color-contrast")]
    person.page.emulate_media(color_scheme="light")
    return found


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


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("lena", ["/", "/coverage/", "/strategy/", "/flags/", "/voice/"]),
        ("tom", ["/training/", "/training/modules/", "/voice/"]),
        ("mia", ["/team/", "/"]),
        ("rosa", ["/", "/tell/", "/tell/mine/", "/training/learn/", "/voice/answers/"]),
    ],
)
def test_no_page_scrolls_sideways(enter: Enter, name: str, paths: list[str]) -> None:
    person = enter(name)
    for path in paths:
        person.goto(path)
        for width in (1280, 768, 390, 320):
            person.page.set_viewport_size({"width": width, "height": 900})
            wide = person.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide at {width}"
