"""Whether a manager could see it: the check every behavior passes before it is kept.

A statement is read clause by clause. A clause is refused for its leading verb, so that “uses the
usage data to understand the account” passes and “understands the account” does not.
"""

import re

EXAMPLE = "A manager can see: “Opens the price talk with the cost of an hour of downtime.”"

CLAUSES = re.compile(r"[;:,.!?()“”\"]|\band\b|\bor\b|\bbut\b")
# What stands before the verb: who does it, that they should, how well.
OPENERS = re.compile(
    r"\s*(?:(?:the |a |our |each |every )?"
    r"(?:reps?|sellers?|account executives?|people|they|he|she|who)\s+"
    r"|(?:should|must|can|will|to|has to|needs to)\s+"
    r"|(?:always|also|\w+ly)\s+)*"
)
UNSEEN = (
    ("understand", r"understand(?:s|ing)?\b|(?:an )?understanding of\b"),
    ("know", r"know(?:s|ing|ledge)?\b|ha(?:s|ve) (?:\w+ )?knowledge\b"),
    (
        "expand knowledge",
        r"(?:expand|build|deepen|gain)(?:s|ing)? (?:\w+ )?(?:knowledge|understanding)\b",
    ),
    (
        "be aware of",
        r"(?:(?:be|is|are|being|stays?|becomes?) (?:\w+ly )?)?(?:aware(?:ness)?|mindful)\b",
    ),
    ("be familiar with", r"(?:be |is |are |becomes? )?(?:\w+ly )?familiar with\b"),
    ("leverage", r"leverag(?:e|es|ing)\b"),
    ("be able to", r"(?:the |an )?ability to\b|(?:be|is|are) (?:able|capable)\b|capable of\b"),
    ("be viewed as", r"(?:be |is |are )?(?:viewed|seen|perceived|regarded|respected) as\b"),
    (
        "be",
        r"(?:be|is|are|being) (?:\w+ly )?"
        r"(?:savvy|confident|committed|passionate|motivated|proactive|credible|trusted)\b",
    ),
    ("appreciate", r"appreciat(?:e|es|ing)\b"),
    ("believe", r"believ(?:e|es|ing)\b"),
    ("feel", r"feel(?:s|ing)?\b"),
    ("take pride", r"tak(?:e|es|ing) pride\b"),
    ("embrace", r"embrac(?:e|es|ing)\b"),
    ("learn about", r"learn(?:s|ing)? about\b"),
)
PATTERNS = [(name, re.compile(f"^(?:{pattern})")) for name, pattern in UNSEEN]


def refusal(statement: str) -> str | None:
    """Return why a manager could not see this, with an example of a good one; None if they can."""
    for clause in CLAUSES.split(" ".join(statement.lower().split())):
        verb = OPENERS.sub("", clause, count=1)
        for name, pattern in PATTERNS:
            if pattern.match(verb):
                return f"Nobody can see somebody “{name}”. Say what the rep does. {EXAMPLE}"
    return None
