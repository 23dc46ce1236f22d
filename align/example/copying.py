"""Writing thousands of rows at once: PostgreSQL's COPY, five times quicker than INSERT."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.db import connection, models


def copy(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert dataclasses whose fields are named like the columns. None and "" become NULL."""
    if not rows:
        return
    names = [field.name for field in fields(rows[0])]
    table = io.StringIO()
    csv.writer(table).writerows([getattr(row, name) for name in names] for row in rows)
    table.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN WITH (FORMAT csv)", table
        )
