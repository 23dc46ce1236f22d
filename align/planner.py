"""Telling PostgreSQL how much has come, so that it plans by the rows that are there."""

from django.apps import apps
from django.db import connection

OURS = {"people", "notices", "strategy", "training", "feedback"}


def count_rows() -> None:
    """Bring the planner's statistics up to date, inside the transaction that brought the rows.

    PostgreSQL does it by itself a minute after the commit; a judgement right after thousands of
    new rows would be planned for empty tables and take minutes.
    """
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label in OURS
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")
