"""One consultation as people read it: the shared text, its margins, and the threads beside it.

The number of queries is fixed however much was said: the margins are counted by the database, and
only the threads of one paragraph are read, a page at a time.
"""

from strategy.pages.consultation.asked import Asked, asked_for
from strategy.pages.consultation.page import Page, read
from strategy.pages.consultation.places import address, address_of, newest, of
from strategy.pages.consultation.stands import everybody
from strategy.pages.consultation.threads import Thread

__all__ = [
    "Asked",
    "Page",
    "Thread",
    "address",
    "address_of",
    "asked_for",
    "everybody",
    "newest",
    "of",
    "read",
]
