"""Who leaves a draft half typed finds the words again."""

from tests.e2e.conftest import Enter, Person

WORDS = "Half a sentence about refits"


def opened(person: Person) -> None:
    """Open the draft form of the first paragraph that can be changed."""
    person.goto("/strategy/")
    person.page.locator("main a[href^='/strategy/']:not([href$='/new/'])").first.click()
    person.follow("Propose a change")


def test_words_that_were_not_saved_wait_for_their_writer(enter: Enter) -> None:
    lena = enter("lena")
    opened(lena)
    address = lena.page.url.removeprefix(lena.url).partition("#")[0]
    lena.page.fill("[name=why]", WORDS)
    lena.goto("/")
    lena.goto(address)
    for _ in range(10):
        if lena.page.get_by_role("link", name="Take it up").count():
            break
        lena.page.reload()  # it was sent while the page was left, and may still be on its way
    assert lena.page.input_value("[name=why]") != WORDS
    assert lena.axe() == []
    lena.follow("Take it up")
    assert lena.page.input_value("[name=why]") == WORDS
    lena.goto(address)
    lena.press("Throw it away")
    lena.sees("Thrown away.")
    assert lena.page.get_by_role("link", name="Take it up").count() == 0
    assert lena.trouble == []
