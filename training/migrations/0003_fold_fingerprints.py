from typing import Any

from django.db import migrations

from strategy.fingerprints import digest

# Fingerprints no longer see punctuation and case. Those that are kept are written anew from the
# words they were made of, so that old and new ones stay comparable: no mapping turns suspect by
# this, and some that a comma had made suspect no longer are. The words themselves never change.
SOME = 500

Known = dict[tuple[int, str], str]  # (behavior, old): new


def fold(apps: Any, schema_editor: Any) -> None:
    rewrite(apps, schema_editor.connection)


def rewrite(apps: Any, connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL align.removes_example = 'on'")
    fold_whys(apps.get_model("strategy", "Revision"))
    known = fold_behaviors(apps.get_model("strategy", "BehaviorRevision"))
    fold_mappings(apps.get_model("training", "Mapping"), known)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL align.removes_example = 'off'")


def fold_whys(revision: Any) -> None:
    rows = list(revision.objects.exclude(why_fingerprint="").only("why"))
    for row in rows:
        row.why_fingerprint = digest(row.why)
    revision.objects.bulk_update(rows, ["why_fingerprint"], batch_size=SOME)


def fold_behaviors(behavior_revision: Any) -> Known:
    """Return the new fingerprint of each old one, by behavior."""
    known: Known = {}
    rows = (
        behavior_revision.objects.exclude(fingerprint="")
        .select_related("revision")
        .prefetch_related("audiences")
    )
    changed = []
    for row in rows.iterator(chunk_size=SOME):
        old, row.fingerprint = row.fingerprint, fingerprint(row)
        known[row.behavior_id, old] = row.fingerprint
        changed.append(row)
    behavior_revision.objects.bulk_update(changed, ["fingerprint"], batch_size=SOME)
    return known


def fingerprint(row: Any) -> str:
    return digest(
        row.revision.we_will,
        row.revision.we_stop,
        row.revision.segment,
        row.sales_role_id,
        row.statement,
        row.occasion,
        row.standard,
        [row.level_1, row.level_2, row.level_3, row.level_4],
        row.critical,
        int(row.required_depth),
        sorted(audience.key for audience in row.audiences.all()),
        row.needs,
        row.stops,
    )


def fold_mappings(mapping: Any, known: Known) -> None:
    changed = []
    for row in mapping.objects.only("behavior_id", "reviewed_fingerprint"):
        new = known.get((row.behavior_id, row.reviewed_fingerprint))
        if new:
            row.reviewed_fingerprint = new
            changed.append(row)
    mapping.objects.bulk_update(changed, ["reviewed_fingerprint"], batch_size=SOME)


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0002_immutable"),
        ("strategy", "0004_consultation_and_owning"),
        ("people", "0001_initial"),
    ]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
