from django.db import migrations, models

import align.people.models
import strategy.models.objectives


class Migration(migrations.Migration):
    dependencies = [
        ("strategy", "0002_immutable"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="revision",
            name="revision_number_once",
        ),
        migrations.RemoveConstraint(
            model_name="revision",
            name="revision_published_is_complete",
        ),
        migrations.AddField(
            model_name="behavior",
            name="paragraph",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="objective",
            name="paragraphs",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="revision",
            name="numbers",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="revision",
            name="override",
            field=models.TextField(
                blank=True, max_length=2000, verbose_name="reason to publish all the same"
            ),
        ),
        migrations.AddField(
            model_name="strategy",
            name="time_zone",
            field=models.CharField(
                default=strategy.models.objectives.default_zone,
                max_length=60,
                validators=[align.people.models.real_zone],
            ),
        ),
        migrations.AlterField(
            model_name="revision",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="behavior",
            constraint=models.UniqueConstraint(
                condition=models.Q(("paragraph__gt", 0)),
                fields=("objective", "paragraph"),
                name="behavior_paragraph_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "withdrawn"), _negated=True),
                fields=("objective", "number"),
                name="revision_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(
                        ("effective_from__isnull", False),
                        ("epoch__gt", 0),
                        ("epoch__lte", models.F("number")),
                        ("published_at__isnull", False),
                        models.Q(("significance", ""), _negated=True),
                        models.Q(("why_fingerprint", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="revision_published_is_complete",
            ),
        ),
    ]
