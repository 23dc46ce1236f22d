from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from strategy.text import cut, match

# What was read as text when numbers came, and whether it could hold several paragraphs.
FIELDS = {
    "title": False,
    "why": True,
    "we_will": True,
    "we_stop": True,
    "segment": False,
    "hypothesis": True,
    "measure": False,
}
ROWS = 500


def number_existing(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give every paragraph its permanent number, through all revisions of its objective.

    Published rows stay as they are but for this column, which says nothing new: the guard is
    lifted for the transaction and put back.
    """
    Objective = apps.get_model("strategy", "Objective")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET LOCAL align.removes_example = 'on'")
        keys = Objective.objects.filter(paragraphs=0).order_by("pk").values_list("pk", flat=True)
        keys = list(keys)
        for start in range(0, len(keys), ROWS // 10):
            number(apps, keys[start : start + ROWS // 10])
        cursor.execute("SET LOCAL align.removes_example = 'off'")


def number(apps: StateApps, keys: list[int]) -> None:
    Objective = apps.get_model("strategy", "Objective")
    Revision = apps.get_model("strategy", "Revision")
    Behavior = apps.get_model("strategy", "Behavior")
    named = named_behaviors(apps, keys)
    revisions = defaultdict(list)
    for row in Revision.objects.filter(objective__in=keys).order_by("objective", "number", "pk"):
        revisions[row.objective_id].append(row)
    behaviors = Behavior.objects.in_bulk([behavior for rows in named.values() for behavior in rows])
    objectives = Objective.objects.in_bulk(keys)
    for key, rows in revisions.items():
        fresh = count(1)
        before = None
        for row in rows:
            row.numbers = numbers(row, before, fresh)
            for behavior in named[row.pk]:
                behaviors[behavior].paragraph = behaviors[behavior].paragraph or next(fresh)
            before = row
        objectives[key].paragraphs = next(fresh) - 1
    every = [row for rows in revisions.values() for row in rows]
    Revision.objects.bulk_update(every, ["numbers"], batch_size=ROWS)
    Behavior.objects.bulk_update(behaviors.values(), ["paragraph"], batch_size=ROWS)
    Objective.objects.bulk_update(objectives.values(), ["paragraphs"], batch_size=ROWS)


def named_behaviors(apps: StateApps, keys: list[int]) -> dict[int, list[int]]:
    """Return the behaviors each revision names, in reading order."""
    BehaviorRevision = apps.get_model("strategy", "BehaviorRevision")
    rows = BehaviorRevision.objects.filter(revision__objective__in=keys)
    found = defaultdict(list)
    for revision, behavior in rows.order_by("revision", "position", "pk").values_list(
        "revision", "behavior"
    ):
        found[revision].append(behavior)
    return found


def numbers(row: Any, before: Any, fresh: Iterable[int]) -> dict[str, list[int]]:
    return {
        part: match(
            blocks(before, part) if before else [],
            before.numbers[part] if before else [],
            blocks(row, part),
            fresh,
        )
        for part in FIELDS
    }


def blocks(row: Any, part: str) -> list[str]:
    said = getattr(row, part)
    if FIELDS[part]:
        return cut(said)
    return [said.strip()] if said.strip() else []


class Migration(migrations.Migration):
    dependencies = [("strategy", "0005_history_and_gate")]

    operations = [migrations.RunPython(number_existing, migrations.RunPython.noop)]
