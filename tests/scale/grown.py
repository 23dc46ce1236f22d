"""A strategy that has grown for years: 200 objectives, 1,000 behaviors, 40 revisions of each.

The newest revisions are worded by chance; the ones before them are copied within the database.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Model

from strategy.models import (
    Behavior,
    BehaviorRevision,
    Depth,
    Objective,
    Revision,
    Strategy,
    Theme,
)
from tests import make
from tests.make import LONG_AGO

OBJECTIVES = 200
BEHAVIORS = 5  # of each objective
REVISIONS = 40
THEMES = 8
SYLLABLES = (
    "ba",
    "co",
    "di",
    "fu",
    "ga",
    "he",
    "lor",
    "min",
    "nas",
    "pel",
    "qui",
    "rus",
    "ser",
    "tan",
)
# How many words each field has, about as many as people write.
LENGTHS = {"title": 6, "we_will": 25, "we_stop": 14, "segment": 6, "hypothesis": 20, "why": 120}
STATEMENT = 12
REASON = 15


@dataclass(frozen=True)
class Grown:
    cast: make.Cast
    strategy: Strategy
    objective: Objective  # one of them


class Writer:
    """Writes with 2,400 different words, by chance but always the same."""

    def __init__(self) -> None:
        self.chance = random.Random(7)
        words = set[str]()
        while len(words) < 2400:
            words.add(
                "".join(self.chance.choices(SYLLABLES, k=self.chance.choice([1, 2, 3, 3, 4])))
            )
        self.vocabulary = sorted(words)

    def words(self, count: int) -> str:
        said = " ".join(self.chance.choices(self.vocabulary, k=count))
        return f"{said.capitalize()}."

    def reworded(self, text: str) -> str:
        words = text.split()
        words[self.chance.randrange(len(words))] = self.chance.choice(self.vocabulary)
        return " ".join(words)


def grow(
    *,
    cast: make.Cast | None = None,
    name: str = "Grown",
    objectives: int = OBJECTIVES,
    revisions: int = REVISIONS,
) -> Grown:
    """Write it all in bulk: what is tested here is reading."""
    cast = cast or make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team], name=name)
    writer = Writer()
    themes = Theme.objects.bulk_create(
        Theme(strategy=plan, name=writer.words(3), position=n) for n in range(THEMES)
    )
    made = Objective.objects.bulk_create(
        Objective(
            strategy=plan,
            theme=themes[n % THEMES],
            code=f"A{n}",
            owner=cast.lena,
            paragraphs=len(LENGTHS) + BEHAVIORS,
            created_at=LONG_AGO,
        )
        for n in range(objectives)
    )
    newest = write_revisions(made, writer, cast, range(max(revisions - 1, 1), revisions + 1))
    write_behaviors(made, newest, writer, cast)
    if revisions > 2:
        copy_back(revisions - 1)
    for objective in made:
        objective.current = newest[objective.pk][-1]
        objective.state = Objective.State.IN_FORCE
    Objective.objects.bulk_update(made, ["current", "state"], batch_size=200)
    check_keys()
    return Grown(cast, plan, made[0])


def check_keys() -> None:
    """Check the foreign keys of it all now, with plans for so many rows; not after each test."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        cursor.execute(
            "ANALYZE strategy_objective, strategy_behavior, strategy_revision,"
            " strategy_behaviorrevision"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


def copy_back(number: int) -> None:
    """Give the revision of this number, and its behaviors, to all numbers before it."""
    copy = "INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS row {rest}"
    with connection.cursor() as cursor:
        # One statement writes what took years: the limit of a request does not apply.
        cursor.execute("SET LOCAL statement_timeout = '60s'")
        cursor.execute(
            copy.format(
                table=Revision._meta.db_table,
                **columns(Revision, number="earlier", epoch="earlier"),
                rest="CROSS JOIN generate_series(1, %s) AS earlier WHERE row.number = %s",
            ),
            [number - 1, number],
        )
        cursor.execute(
            copy.format(
                table=BehaviorRevision._meta.db_table,
                **columns(BehaviorRevision, revision_id="earlier.id"),
                rest="JOIN strategy_revision AS one ON one.id = row.revision_id"
                " JOIN strategy_revision AS earlier ON earlier.objective_id = one.objective_id"
                " WHERE one.number = %s AND earlier.number < one.number",
            ),
            [number],
        )
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


def columns(model: type[Model], **given: str) -> dict[str, str]:
    """Return every column but the key, and where its value comes from."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = [str(field.column) for field in fields]
    values = [given.get(name, f"row.{name}") for name in names]
    return {"names": ", ".join(names), "values": ", ".join(values)}


def write_revisions(
    objectives: list[Objective], writer: Writer, cast: make.Cast, which: range
) -> dict[int, list[Revision]]:
    numbers = {part: [at] for at, part in enumerate(LENGTHS, start=1)} | {"measure": []}
    rows = []
    for objective in objectives:
        said = {name: writer.words(length) for name, length in LENGTHS.items()}
        for number in which:
            said = {name: writer.reworded(text) for name, text in said.items()}
            rows.append(
                Revision(
                    objective=objective,
                    number=number,
                    state=Revision.State.PUBLISHED,
                    **said,
                    reason=writer.words(REASON),
                    author=cast.lena,
                    numbers=numbers,
                    **published(number),
                )
            )
    made: dict[int, list[Revision]] = {}
    for row in Revision.objects.bulk_create(rows, batch_size=2000):
        made.setdefault(row.objective_id, []).append(row)
    return made


def published(number: int) -> dict[str, object]:
    at = LONG_AGO + timedelta(days=number)
    return {
        "significance": Revision.Significance.SUBSTANTIVE,
        "epoch": number,
        "why_fingerprint": "why",
        "created_at": at,
        "published_at": at,
        "effective_from": at,
    }


def write_behaviors(
    objectives: list[Objective],
    revisions: dict[int, list[Revision]],
    writer: Writer,
    cast: make.Cast,
) -> None:
    behaviors = Behavior.objects.bulk_create(
        Behavior(
            objective=objective,
            code=f"{objective.code}.{place}",
            paragraph=len(LENGTHS) + place,
        )
        for objective in objectives
        for place in range(1, BEHAVIORS + 1)
    )
    rows = []
    for behavior in behaviors:
        said = writer.words(STATEMENT)
        for revision in revisions[behavior.objective_id]:
            said = writer.reworded(said)
            rows.append(
                BehaviorRevision(
                    revision=revision,
                    behavior=behavior,
                    position=behavior.paragraph,
                    sales_role=cast.role,
                    statement=said,
                    required_depth=Depth.EXPLAINED,
                    fingerprint="behavior",
                    fingerprint_since=revision.effective_from,
                )
            )
    BehaviorRevision.objects.bulk_create(rows, batch_size=4000)
