"""The whole loop, walked by each role in a browser, on real processes."""

import re
import time

from tests.e2e.conftest import Enter, Person
from tests.embedded.installation import Installation

CODE = f"Z{int(time.time()) % 100_000}"  # the example company stays for the next walk
TITLE = f"Sell the refit before the new machine {CODE}"
SEEN = "Asks for the maintenance log before naming a machine"
MODULE = "Refit first: role-play with the log"
WHAT_HAPPENED = "Purchasing has a budget line for machines and none for refits."
LOOP_SECONDS = 5.0

# Four colleagues of Rosa who said no before her: the fifth voice opens the flag.
FOUR_VOICES = f"""
import uuid
from django.utils import timezone
from align.people.models import Membership, Role, User
from feedback import actions as feedback
from strategy.models import Objective
rosa = User.objects.get(email="rosa@example.com")
today = timezone.now().date()
colleagues = [row.user for row in Membership.objects.on(today)
    .filter(team=rosa.memberships.get(ends=None).team, user__roles__contains=[Role.REP])
    .exclude(user=rosa)[:4]]
objective = Objective.objects.get(current__title={TITLE!r})
for user in colleagues:
    feedback.submit(author=user, client_key=uuid.uuid4(), stance="wont", barriers=["market"],
        text="They have no budget for it.", occasion="", objective=objective, behavior=None,
        module=None, for_manager=False, now=timezone.now())
print(len(colleagues))
"""


def fill(person: Person, **values: str) -> None:
    for name, value in values.items():
        person.page.fill(f"main [name={name}]", value)


def choose(person: Person, name: str, label: str) -> None:
    person.page.select_option(f"main [name={name}]", label=label)


def objective_address(person: Person) -> str:
    match = re.search(r"/objectives/(\d+)", person.page.url)
    assert match, person.page.url
    return f"/objectives/{match[1]}/"


def test_the_loop_from_an_objective_to_the_answer(enter: Enter, site: Installation) -> None:
    lena, tom, mia, rosa = (enter(name) for name in ("lena", "tom", "mia", "rosa"))

    # Lena writes an objective with a behavior and publishes it.
    lena.goto("/strategy/")
    lena.page.locator("main a[href^='/strategy/']:not([href$='/new/'])").first.click()
    lena.follow("Add an objective")
    fill(lena, code=CODE, title=TITLE)
    lena.page.select_option("main [name=theme]", index=1)
    lena.page.select_option("main [name=owner]", label="Lena Brandt")
    fill(lena, we_will="We will offer the refit first.")
    lena.page.locator("main form button.pri").first.click()
    lena.page.wait_for_url(re.compile(r"/objectives/\d+/draft/"))
    where = objective_address(lena)
    fill(lena, we_stop="We stop opening with the new machine.")
    fill(lena, segment="Plants with machines older than ten years")
    fill(lena, hypothesis="because a refit pays back in one budget year")
    fill(lena, why="Every second lost tender was lost on the price of a new machine.")
    lena.page.select_option("main [name=behaviors-0-sales_role]", label="Account manager")
    fill(lena, **{"behaviors-0-statement": SEEN})
    lena.page.check("main [name=behaviors-0-critical]")
    lena.press("Save and look at publishing")
    lena.press("Publish")
    lena.sees(TITLE)

    # A behavior nobody can see is refused at its field, and nothing typed is lost.
    lena.goto(where + "draft/")
    fill(lena, **{"behaviors-0-statement": "Understands the refit"})
    lena.press("Save the draft")
    lena.sees("Say what the rep does")
    assert lena.page.input_value("[name=behaviors-0-statement]") == "Understands the refit"

    # Tom makes a practice module, publishes it and maps it to the behavior.
    tom.goto("/training/modules/new/")
    fill(tom, code=f"REF-{CODE}", title=MODULE, hours="1.5", content="Say it out loud, in pairs.")
    tom.page.locator("main [name=program]").select_option(index=1)
    check_or_select(tom, "kind", "practice")
    tom.page.locator("main form button.pri").first.click()
    tom.page.wait_for_url(re.compile(r"/training/modules/\d+/"))
    module = "/training/modules/" + re.search(r"modules/(\d+)", tom.page.url)[1] + "/"  # type: ignore[index]
    tom.goto(module + "publish/")
    tom.page.locator("main form button.pri").first.click()
    behavior = site.python(
        "from strategy.models import Behavior;"
        f"print(Behavior.objects.get(objective__current__title={TITLE!r}).pk)"
    )
    version = site.python(
        "from training.models import Module;"
        f"print(Module.objects.get(code='REF-{CODE}').current_id)"
    )
    tom.goto(f"/training/map/?behavior={behavior}&version={version}")
    tom.page.check("main [name=depth][value='3']")
    fill(tom, rationale="The second half is the role-play.")
    tom.press("Map it")
    tom.sees(SEEN)

    # He records who took it.
    tom.goto(module + "completions/")
    fill(tom, emails="rosa@example.com", day=time.strftime("%Y-%m-%d"))
    tom.press("Record")
    tom.sees("Recorded for 1 person")

    # Rosa finds it among what she learned; Mia saw her do it and says so.
    rosa.goto("/training/learn/")
    rosa.sees(MODULE)
    rosa_id = site.python(
        "from align.people.models import User;print(User.objects.get(email='rosa@example.com').pk)"
    )
    mia.goto("/team/")
    mia.sees("Rosa")
    mia.goto(f"/team/visits/new/?person={rosa_id}&behavior={behavior}")
    check_or_select(mia, f"seen_{behavior}", "seen")
    fill(mia, **{f"line_{behavior}": "She asked for the log before anything else."})
    mia.press("Keep it")
    mia.sees("Kept: what you saw")

    # Rosa is the fifth to say that it will not work; the flag opens and Lena hears of it.
    assert site.python(FOUR_VOICES) == "4"
    number = re.search(r"\d+", where)[0]  # type: ignore[index]
    rosa.goto(f"/tell/?about={number}")
    rosa.page.get_by_text("Will not work", exact=True).click()
    fill(rosa, text=WHAT_HAPPENED)
    sent = time.monotonic()
    rosa.press("Send")
    rosa.page.wait_for_url(re.compile(r"/tell/sent/"))
    while True:
        lena.goto("/notices/")
        if lena.page.get_by_text(f"Field says no: {CODE} {TITLE}").count():
            break
        assert time.monotonic() - sent < LOOP_SECONDS, "no notice within five seconds"
    lena.goto(where)
    lena.sees("Field says no")
    lena.sees("1 of ")  # reached: the completion that Tom recorded counts
    lena.goto("/flags/")
    lena.sees(f"{CODE} {TITLE}")

    # Lena answers all five; Rosa reads the answer.
    lena.goto(f"/voice/?objective={number}")
    for box in lena.page.locator("main input[name=report]").all():
        box.check()
    lena.page.get_by_role("button", name=re.compile("Answer")).first.click()
    lena.page.wait_for_url(re.compile(r"/voice/decide/"))
    check_or_select(lena, "kind", "support")
    fill(lena, reason="Refits get a budget line of their own.", action="Finance opens the line.")
    lena.page.locator("main form button.pri").first.click()
    lena.page.wait_for_load_state()
    rosa.goto("/notices/")
    rosa.sees("Refits get a budget line of their own.")
    rosa.goto("/tell/mine/")
    rosa.sees("Refits get a budget line of their own.")

    for person in (lena, tom, mia, rosa):
        assert person.trouble == []


def check_or_select(person: Person, name: str, value: str) -> None:
    """A choice may be a list or radio buttons; a person does not mind."""
    field = person.page.locator(f"main [name={name}]").first
    if field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value=value)
    else:
        person.page.locator(f"main label:has([name={name}][value='{value}'])").first.click()


def test_a_rep_without_script_can_tell(enter: Enter) -> None:
    rosa = enter("rosa", width=320, script=False)
    rosa.goto("/tell/")
    rosa.page.locator("main .pick").first.click()
    rosa.page.get_by_text("It works", exact=True).click()
    fill(rosa, text="It opened the door at two plants.")
    rosa.press("Send")
    assert "/tell/sent/" in rosa.page.url


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(enter: Enter) -> None:
    rosa = enter("rosa", width=390)
    rosa.goto("/tell/")
    rosa.page.locator("main .pick").first.click()
    rosa.page.get_by_text("Will not work", exact=True).click()
    fill(rosa, occasion="Dairy in Parma, second visit")
    rosa.press("Send")
    rosa.sees("There is a problem")
    rosa.sees("Say in a sentence what happened")
    assert rosa.page.title().startswith("Problem:")
    assert rosa.page.input_value("main [name=occasion]") == "Dairy in Parma, second visit"
    assert rosa.page.locator("main [name=stance][value=wont]").is_checked()
