"""One consultation as people read it: the shared text, its margins, and the threads beside it.

The number of queries is fixed however much was said: the margins are counted by the database, and
only the threads of one paragraph are read, a page at a time.
"""

from strategy.consultation_pages.asked import Asked, asked_for, number
from strategy.consultation_pages.page import Page, read
from strategy.consultation_pages.places import address, address_of, newest, of
from strategy.consultation_pages.stands import everybody
from strategy.consultation_pages.threads import Thread

__all__ = [
    "Asked",
    "Page",
    "Thread",
    "address",
    "address_of",
    "asked_for",
    "everybody",
    "newest",
    "number",
    "of",
    "read",
]
