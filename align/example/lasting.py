"""What makes the training of the example last, and what no training puts right."""

from datetime import timedelta

from align.example import days
from align.example.deciding import Decided
from align.example.staffing import Staff
from training import actions as training

# behavior, kind, who does what how often, who answers for it, who named it, days ago
DRIVERS = (
    ("A3.1", "monitor", "Mia listens to one price call a rep each month", "mia", "mia", 64),
    ("A3.1", "reinforce", "Tom sends the three sentences every Monday in March", "tom", "tom", 60),
    ("A1.1", "monitor", "Each manager looks at the trial calendar on Fridays", "mia", "tom", 80),
    ("A1.1", "encourage", "Mia joins the first trial a rep sets up", "mia", "mia", 71),
)
# behavior, kind, because, days ago
WAIVED = (("A3.1", "reward", "The commission counts the margin that a guarantee keeps", 58),)
# behavior, barrier, what stands in the way, days ago, days to come, note
BARRIERS = (
    (
        "A3.1",
        "incentives",
        "The bonus counts order value in the quarter. A discount closes in it; a guarantee takes "
        "two weeks of legal review and often misses it.",
        12,
        9,
        "Legal offers a standard text for lines under two million.",
    ),
)


def last(*, staff: Staff, decided: Decided, calendar: days.Calendar) -> None:
    """Name drivers, waive one, and ask Lena to remove what stands in the way."""
    for code, kind, text, owner, by, ago in DRIVERS:
        training.set_driver(
            behavior=decided.behaviors[code],
            kind=kind,
            text=text,
            owner=staff.anybody(owner),
            by=staff.anybody(by),
            now=calendar.at(ago),
        )
    for code, kind, because, ago in WAIVED:
        behavior = decided.behaviors[code]
        training.waive_driver(
            behavior=behavior,
            kind=kind,
            because=because,
            by=staff.lead_of(behavior.objective),
            now=calendar.at(ago),
        )
    for code, barrier, text, ago, ahead, note in BARRIERS:
        case = training.raise_barrier(
            behavior=decided.behaviors[code],
            barrier=barrier,
            text=text,
            owner=staff.named("lena"),
            due_on=(calendar.now + timedelta(days=ahead)).date(),
            by=staff.named("tom"),
            now=calendar.at(ago),
        )
        training.accept_barrier(
            case=case, by=staff.named("lena"), now=calendar.at(ago - 2, hour=11)
        )
        training.say_on_barrier(
            case=case, note=note, by=staff.named("lena"), now=calendar.at(ago - 8, hour=15)
        )
