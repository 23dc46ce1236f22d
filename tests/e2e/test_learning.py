"""A rep takes a module on the phone, without script: reads, is asked, is done."""

import pytest

from tests.e2e.conftest import Enter


@pytest.mark.parametrize("script", [True, False])
def test_a_rep_reads_a_module_part_by_part_and_passes_its_quiz(enter: Enter, script: bool) -> None:
    rosa = enter("rosa", width=390, script=script)
    rosa.goto("/training/modules/?q=NRG-1")
    rosa.follow("Energy per ton, calculated by hand")
    rosa.follow("Take it")
    rosa.goto(rosa.page.url.removeprefix(rosa.url).split("?")[0] + "?part=1")
    rosa.sees("At the meter")
    rosa.press("Next")
    rosa.press("Next")
    rosa.sees("Part 3 of 3")
    rosa.page.get_by_role("link", name="quiz").first.click()
    if rosa.page.get_by_role("link", name="Take it again").count():
        rosa.follow("Take it again")
    rosa.page.get_by_label("Everything").check()
    rosa.page.get_by_label("Gas").check()
    rosa.press("Check my answers")
    rosa.sees("Read again what these are about: question 1, question 2.")
    for right in ("Gas", "Throughput in tons", "Moisture in and out", "Nothing without the tons"):
        rosa.page.get_by_label(right).check()
    rosa.press("Check my answers")
    rosa.sees("Passed, 2 of 2 right.")
    assert rosa.trouble == []
