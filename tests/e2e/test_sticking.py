"""The workbench by keyboard, and the pages of drivers, waivers and barriers on any screen."""

import pytest

from tests.e2e.conftest import Enter, Person

WIDTHS = (1280, 768, 390, 320)


def pages(person: Person) -> list[str]:
    """Find the barrier of the example, its behavior, and all that belongs to them."""
    person.goto("/training/barriers/")
    barrier = person.page.locator("main tbody th a").first.get_attribute("href")
    behavior = person.page.locator("main tbody td a").first.get_attribute("href") or ""
    number = behavior.strip("/").rpartition("/")[2]
    return [
        "/training/",
        "/training/asked/",
        "/training/barriers/",
        "/training/barriers/new/",
        f"/training/barriers/new/?behavior={number}",
        barrier or "",
        f"{behavior}drivers/",
        f"/training/waivers/new/?behavior={number}",
    ]


REFUSED = {"tom": "/training/waivers/", "lena": "/training/asked/"}


@pytest.mark.parametrize("name", ["tom", "lena"])
def test_they_are_clean_and_fit_on_any_screen(enter: Enter, name: str) -> None:
    person, wrong = enter(name), list[str]()
    for path in pages(person):
        if path.startswith(REFUSED[name]):
            continue
        person.goto(path)
        for fold in person.page.locator("main summary").all():
            fold.click()
        wrong += person.axe()
        for width in WIDTHS:
            person.page.set_viewport_size({"width": width, "height": 900})
            wide = person.page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{path} is {wide} wide at {width}"] if wide > width else []
        person.page.set_viewport_size({"width": 1280, "height": 900})
    assert wrong + person.trouble == []


def test_keys_move_through_the_gaps_while_the_list_has_the_focus(enter: Enter) -> None:
    tom = enter("tom")
    tom.goto("/training/")
    gaps = tom.page.locator("[data-list] a")
    tom.page.keyboard.press("j")  # nothing has the focus: nothing happens
    gaps.first.focus()
    tom.page.keyboard.press("j")
    assert gaps.nth(1).evaluate("link => link === document.activeElement")
    tom.page.keyboard.press("k")
    tom.page.keyboard.press("j")
    wanted = gaps.nth(1).locator(".gb").inner_text()
    tom.page.keyboard.press("o")
    tom.page.wait_for_url("**gap=**")
    assert tom.page.locator("#chosen").inner_text() == wanted


def test_on_a_phone_the_list_comes_first_and_then_the_gap(enter: Enter) -> None:
    tom = enter("tom")
    tom.page.set_viewport_size({"width": 390, "height": 844})
    tom.goto("/training/")
    assert tom.page.locator("#worst").is_visible()
    assert not tom.page.locator("#chosen").is_visible()
    tom.page.locator("[data-list] a").first.click()
    assert tom.page.locator("#chosen").is_visible()
    assert not tom.page.locator("#worst").is_visible()
    tom.page.get_by_role("link", name="All gaps").click()
    assert tom.page.locator("#worst").is_visible()
