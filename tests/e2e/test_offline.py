"""What is told without a connection is kept on the phone, and arrives once."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.conftest import Enter, Person
from tests.embedded.installation import Installation

COUNT = """
from feedback.models import Report
from training.models import Observation
print(Report.objects.filter(text={text!r}).count())
print(Observation.objects.filter(evidence={text!r}).count())
"""
STORED = """async (path) => {
  await navigator.serviceWorker.ready;
  for (let left = 300; left; left -= 1) {
    if (await caches.match(path, { ignoreVary: true })) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}"""
HAS = "async (path) => Boolean(await caches.match(path, { ignoreVary: true }))"
NOTHING_STORED = """async () => {
  for (let left = 300; left; left -= 1) {
    if ((await caches.keys()).length === 0) return true;
    await new Promise((done) => setTimeout(done, 50));
  }
  return false;
}"""
KEPT = "() => !document.querySelector('[data-kept]').hidden"
GONE = "() => document.querySelector('[data-kept]').hidden"


@pytest.fixture
def rosa(enter: Enter) -> Iterator[Person]:
    person = enter("rosa", width=390)
    person.goto("/tell/")
    stored(person, "/tell/")
    yield person
    assert person.trouble == []


def styled(person: Person) -> bool:
    """Whether the style sheets came too."""
    font = person.page.evaluate("getComputedStyle(document.body).fontFamily")
    return "Source Sans" in str(font)


def stored(person: Person, path: str) -> None:
    """Wait until the phone has its copy of a form."""
    assert person.page.evaluate(STORED, path)


def counted(site: Installation, text: str) -> list[str]:
    """How many reports and observations with this line are there."""
    return site.python(COUNT.format(text=text)).split()


def tell(person: Person, text: str) -> None:
    """Answer the three questions; the script shows them one by one."""
    page = person.page
    page.locator("main .pick").first.click()
    page.get_by_text("Will not work", exact=True).click()
    page.fill("[name=text]", text)
    page.get_by_role("button", name="Send", exact=True).click()


def offline(person: Person, yes: bool) -> None:
    person.page.context.set_offline(yes)


def kept(person: Person) -> str:
    person.page.wait_for_function(KEPT)
    return person.page.locator("[data-kept]").inner_text()


def sent(person: Person) -> None:
    """Wait until nothing waits; what was kept before is what this is asked about."""
    person.page.wait_for_function(GONE)


def test_a_report_without_a_connection_waits_and_arrives_once(
    rosa: Person, site: Installation
) -> None:
    offline(rosa, True)
    tell(rosa, "No signal in the pump hall.")
    said = kept(rosa)
    assert "Kept on this phone" in said
    assert "It sends by itself as soon as you have a connection." in said
    assert "No signal in the pump hall." in said
    assert rosa.axe() == []
    offline(rosa, False)
    sent(rosa)
    assert counted(site, "No signal in the pump hall.") == ["1", "0"]


def test_the_form_opens_without_a_connection_and_two_reports_are_two(
    rosa: Person, site: Installation
) -> None:
    offline(rosa, True)
    for text in ("First from the cellar.", "Second from the cellar."):
        rosa.page.goto(rosa.url + "/tell/")
        assert styled(rosa)
        tell(rosa, text)
        rosa.page.locator("[data-kept] li", has_text=text).wait_for()
    assert rosa.page.locator("[data-kept] li").count() == 2
    offline(rosa, False)
    sent(rosa)
    assert counted(site, "First from the cellar.") == ["1", "0"]
    assert counted(site, "Second from the cellar.") == ["1", "0"]


def test_sending_twice_is_sending_once(rosa: Person, site: Installation) -> None:
    """The answer to the first sending is lost on its way back."""
    lost: list[str] = []

    def lose(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        lost.append(str(answer.status))
        route.abort()  # type: ignore[attr-defined]

    def only_posts(route: object) -> None:
        if route.request.method == "POST" and not lost:  # type: ignore[attr-defined]
            lose(route)
        else:
            route.continue_()  # type: ignore[attr-defined]

    rosa.page.route("**/tell/", only_posts)
    tell(rosa, "The line broke while sending.")
    rosa.page.locator("form[data-queue]").wait_for(state="hidden")
    sent(rosa)
    assert lost == ["204"]
    assert counted(site, "The line broke while sending.") == ["1", "0"]


def test_what_waits_can_be_edited_and_deleted(rosa: Person, site: Installation) -> None:
    offline(rosa, True)
    tell(rosa, "Not quite what I meant.")
    kept(rosa)
    rosa.page.locator("[data-kept]").get_by_role("link", name=re.compile("Edit")).click()
    filled = "() => document.querySelector('[name=text]').value !== ''"
    rosa.page.wait_for_function(filled)
    rosa.page.evaluate("document.querySelector('[name=text]').value = 'What I meant.'")
    rosa.page.evaluate("document.querySelector('form[data-queue]').requestSubmit()")
    rosa.page.wait_for_function(
        "() => document.querySelector('[data-kept]').innerText.includes('What I meant.')"
    )
    assert "Not quite" not in kept(rosa)
    assert rosa.page.locator("[data-kept] li").count() == 1
    rosa.page.locator("[data-kept]").get_by_role("button", name=re.compile("Delete")).click()
    rosa.page.get_by_role("button", name="Undo").wait_for()
    offline(rosa, False)
    rosa.goto("/tell/")
    sent(rosa)
    assert counted(site, "What I meant.") == ["0", "0"]


def sign_out(person: Person) -> None:
    person.page.evaluate("document.querySelector(\"form[action*='/accounts/logout/']\").submit()")
    person.page.wait_for_url("**/accounts/login/**")


def sign_in(person: Person, name: str) -> None:
    person.page.fill("input[name=login]", f"{name}@example.com")
    person.page.fill("input[name=password]", "align-demo")
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    person.page.wait_for_url(lambda url: "/accounts/login" not in url)


def test_somebody_else_on_the_same_phone_sees_and_sends_nothing_of_it(
    rosa: Person, site: Installation
) -> None:
    offline(rosa, True)
    tell(rosa, "Only mine to send.")
    kept(rosa)
    # The connection is back where nothing sends by itself: the sign-out comes first.
    rosa.page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    offline(rosa, False)
    sign_out(rosa)
    assert kept(rosa) == "1 report waits on this phone. Sign in to send it."
    assert rosa.page.evaluate(NOTHING_STORED)
    sign_in(rosa, "mia")
    rosa.goto("/team/visits/new/")
    stored(rosa, "/team/visits/new/")
    assert rosa.page.evaluate(GONE)
    assert not rosa.page.evaluate(HAS, "/tell/")
    assert counted(site, "Only mine to send.") == ["0", "0"]
    sign_out(rosa)
    sign_in(rosa, "rosa")
    rosa.goto("/tell/mine/")
    sent(rosa)
    assert counted(site, "Only mine to send.") == ["1", "0"]


def test_who_is_signed_out_keeps_what_waits(rosa: Person, site: Installation) -> None:
    rosa.page.context.clear_cookies()
    tell(rosa, "Signed out meanwhile.")
    rosa.sees("1 report waits on this phone. Sign in to send it.")
    assert counted(site, "Signed out meanwhile.") == ["0", "0"]


def test_a_visit_without_a_connection_arrives_with_everything_that_was_seen(
    enter: Enter, site: Installation
) -> None:
    mia = enter("mia", width=390)
    mia.goto("/team/visits/new/")
    mia.page.locator("a[href*='/team/visits/new/?person=']").first.click()
    mia.page.locator("form[data-queue]").wait_for()
    person = re.search(r"person=\d+", mia.page.url)
    assert person
    stored(mia, f"/team/visits/new/?{person[0]}")
    offline(mia, True)
    mia.page.reload()
    assert styled(mia)
    looks = mia.page.locator("fieldset.look")
    for place, line in enumerate(("Seen from the car.", "Seen from the yard.")):
        looks.nth(place).locator("[value=seen]").check()
        looks.nth(place).locator("input[type=text]").fill(line)
    mia.page.get_by_role("button", name="Keep it", exact=True).click()
    assert "Visit with" in kept(mia)
    offline(mia, False)
    sent(mia)
    assert counted(site, "Seen from the car.") == ["0", "1"]
    assert counted(site, "Seen from the yard.") == ["0", "1"]
    assert mia.trouble == []
