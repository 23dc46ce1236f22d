from django.db import migrations, models

# When an objective ended stands in its history; one from before there was a history ended unseen.
SINCE = """
UPDATE strategy_objective AS objective
SET retired_at = COALESCE(
    (SELECT MAX(at) FROM strategy_history AS told
     WHERE told.objective_id = objective.id AND told.what = 'retired'),
    NOW()
)
WHERE state = 'retired' AND retired_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("strategy", "0007_retired_and_reviewed")]

    operations = [
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="objective",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("retired_at__isnull", False), ("state", "retired")),
                    models.Q(models.Q(("state", "retired"), _negated=True), ("retired_at", None)),
                    _connector="OR",
                ),
                name="objective_retired_has_a_time",
            ),
        ),
    ]
