from typing import Any, ClassVar

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a module ended; and trigrams: suggested mappings compare titles by their letters."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("training", "0005_ends_and_reviews")]

    operations: ClassVar[list[Any]] = [
        TrigramExtension(),  # trusted: who owns the database may add it
        migrations.AddField(
            model_name="module",
            name="retired_reason",
            field=models.CharField("why it ended", blank=True, default="", max_length=400),
            preserve_default=False,
        ),
    ]
