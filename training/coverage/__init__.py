"""Coverage: what is claimed, whom it reached, what was seen. DOMAIN section 4.

``steps`` has the one statement, ``cell`` and ``sums`` what follows from it, ``proofs`` the rows
behind each figure, ``judging`` the narrow rows that pages and rules read.
"""

from training.coverage.cell import Cell, Evidence, Ids, cells
from training.coverage.claims import Claim, Claimed, claimed
from training.coverage.hours import Hours, aligned_hours
from training.coverage.judging import judge
from training.coverage.moments import day_of, end_of
from training.coverage.proofs import Mapped, Person, Proof, Why, proof
from training.coverage.seeing import BROKEN, HOLDS, NOT_YET, PARTLY
from training.coverage.sums import Judged, Sum, judged, objectives
from training.coverage.teams import Reach, by_team

__all__ = [
    "BROKEN",
    "HOLDS",
    "NOT_YET",
    "PARTLY",
    "Cell",
    "Claim",
    "Claimed",
    "Evidence",
    "Hours",
    "Ids",
    "Judged",
    "Mapped",
    "Person",
    "Proof",
    "Reach",
    "Sum",
    "Why",
    "aligned_hours",
    "by_team",
    "cells",
    "claimed",
    "day_of",
    "end_of",
    "judge",
    "judged",
    "objectives",
    "proof",
]
