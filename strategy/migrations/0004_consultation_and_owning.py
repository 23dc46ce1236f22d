import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_views"),
        ("people", "__first__"),
        ("strategy", "0003_paragraphs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["revision", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Brief",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                (
                    "question",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="one question to the team"
                    ),
                ),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["revision", models.OrderBy(models.F("team"), nulls_first=True)],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("paragraph", models.PositiveIntegerField()),
                ("quote", models.TextField()),
                ("at", models.DateTimeField()),
                ("text", models.TextField(max_length=2000)),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("paragraph", models.PositiveIntegerField()),
                ("quote", models.TextField()),
                ("symptom", models.TextField(max_length=2000, verbose_name="what will happen")),
                ("check_on", models.DateField(verbose_name="look on")),
                (
                    "seen",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="seen in"),
                ),
                (
                    "visits",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="of visits"),
                ),
                (
                    "reports",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("raised_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("changed", "Changed"),
                            ("kept", "Kept because"),
                            ("testing", "Testing"),
                            ("not ours", "Not ours"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "answer_text",
                    models.TextField(blank=True, max_length=2000, verbose_name="answer in words"),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("settled", models.BooleanField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lead_outcome",
                    models.CharField(
                        blank=True,
                        choices=[("came true", "Came true"), ("did not", "Did not")],
                        max_length=9,
                    ),
                ),
                ("lead_note", models.TextField(blank=True, max_length=2000)),
                ("lead_looked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "raiser_outcome",
                    models.CharField(
                        blank=True,
                        choices=[("came true", "Came true"), ("did not", "Did not")],
                        max_length=9,
                    ),
                ),
                ("raiser_note", models.TextField(blank=True, max_length=2000)),
                ("raiser_looked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["round", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ConcernFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="History",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shown_to",
                    models.CharField(
                        choices=[
                            ("everyone", "Everyone who sees the objective"),
                            ("round", "Those asked in the round"),
                            ("writers", "Those who write the draft"),
                            ("actor", "Only who did it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("what", models.CharField(max_length=60)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "history",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked_as",
                    models.CharField(
                        choices=[
                            ("trainer", "Trainer"),
                            ("manager", "Manager"),
                            ("other", "Asked by name"),
                        ],
                        max_length=7,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["round", "person__name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("ready", "Ready to teach it"),
                            ("changes", "Ready with changes"),
                            ("cannot", "Cannot teach it as written"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "why",
                    models.TextField(
                        max_length=2000, verbose_name="why the company does this, in your own words"
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="what would have to change"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["participant"],
            },
        ),
        migrations.CreateModel(
            name="RecallCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "day",
                    models.PositiveSmallIntegerField(
                        choices=[(2, "Two"), (21, "Twenty One"), (60, "Sixty")]
                    ),
                ),
                (
                    "recalled",
                    models.TextField(blank=True, max_length=1000, verbose_name="in your own words"),
                ),
                ("words_found", models.PositiveSmallIntegerField()),
                ("words_asked", models.PositiveSmallIntegerField()),
                ("recalled_at", models.DateTimeField()),
                ("right", models.BooleanField(blank=True, null=True)),
                ("chosen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["revision", "person", "day"],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.JSONField(default=list)),
                ("edits", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["revision", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "statement",
                    models.CharField(max_length=400, verbose_name="what a manager can see"),
                ),
                (
                    "occasion",
                    models.CharField(blank=True, max_length=200, verbose_name="when it shows"),
                ),
                (
                    "standard",
                    models.CharField(blank=True, max_length=400, verbose_name="done well means"),
                ),
                ("critical", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Suggested"),
                            ("taken", "Taken into the draft"),
                            ("declined", "Not taken"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["round", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TeachBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "text",
                    models.TextField(max_length=4000, verbose_name="the why, as you would tell it"),
                ),
                ("given_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "Waits for the lead"),
                            ("signed", "Signed"),
                            ("returned", "Given back"),
                        ],
                        default="given",
                        max_length=8,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-given_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Unsaved",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("data", models.TextField(max_length=400000)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "unsaved",
            },
        ),
        migrations.AddField(
            model_name="acknowledgment",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="acknowledgment",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="acknowledgments",
                to="strategy.revision",
            ),
        ),
        migrations.AddField(
            model_name="brief",
            name="behavior",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="strategy.behaviorrevision",
            ),
        ),
        migrations.AddField(
            model_name="brief",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="briefs",
                to="strategy.revision",
            ),
        ),
        migrations.AddField(
            model_name="brief",
            name="signed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="brief",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="people.team",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="thread",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="strategy.comment",
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="behavior",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="strategy.behavior",
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="raised_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="concernfile",
            name="concern",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="file",
                to="strategy.concern",
            ),
        ),
        migrations.AddField(
            model_name="history",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="history",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="history",
                to="strategy.objective",
            ),
        ),
        migrations.AddField(
            model_name="history",
            name="revision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="strategy.revision",
            ),
        ),
        migrations.AddField(
            model_name="history",
            name="strategy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="strategy.strategy",
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="position",
            name="participant",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="position",
                to="strategy.participant",
            ),
        ),
        migrations.AddField(
            model_name="recallcheck",
            name="chosen",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="strategy.revision",
            ),
        ),
        migrations.AddField(
            model_name="recallcheck",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="recallcheck",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="strategy.revision",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="opened_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rounds",
                to="strategy.revision",
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="participants",
                to="strategy.round",
            ),
        ),
        migrations.AddField(
            model_name="history",
            name="round",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="strategy.round",
            ),
        ),
        migrations.AddField(
            model_name="concern",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="concerns",
                to="strategy.round",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="strategy.round",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="suggestions",
                to="strategy.round",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="sales_role",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.salesrole"
            ),
        ),
        migrations.AddField(
            model_name="teachback",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teachback",
            name="revision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="teach_backs",
                to="strategy.revision",
            ),
        ),
        migrations.AddField(
            model_name="teachback",
            name="trainer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unsaved",
            name="objective",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="strategy.objective",
            ),
        ),
        migrations.AddField(
            model_name="unsaved",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgment",
            constraint=models.UniqueConstraint(
                fields=("revision", "person"), name="acknowledged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="brief",
            constraint=models.UniqueConstraint(
                fields=("revision", "team"), name="brief_one_a_slot", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="brief",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="brief_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="concernfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0), ("size__lte", 10485760)),
                name="concern_file_is_small",
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="position_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stance", "ready"), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="position_says_what_to_change",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcheck",
            constraint=models.UniqueConstraint(
                fields=("revision", "person", "day"), name="recall_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("day__in", [2, 21, 60])), name="recall_day_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("words_found__lte", models.F("words_asked"))),
                name="recall_finds_what_it_asks",
            ),
        ),
        migrations.AddConstraint(
            model_name="recallcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chosen_at", None), ("right", None)),
                    models.Q(("chosen_at__isnull", False), ("right__isnull", False)),
                    _connector="OR",
                ),
                name="recall_choice_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                fields=("revision", "number"), name="round_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("revision",), name="round_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opened_at"))),
                name="round_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(
                fields=("round", "person"), name="participant_once_a_round"
            ),
        ),
        migrations.AddIndex(
            model_name="history",
            index=models.Index(fields=["objective", "-at"], name="history_of_objective"),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(("answer", "")), fields=["round"], name="concern_unanswered"
            ),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(fields=["check_on"], name="concern_check_on"),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen", None), ("visits", None)),
                    models.Q(
                        ("seen__isnull", False),
                        ("seen__lte", models.F("visits")),
                        ("visits__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="concern_visits_have_a_base",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("answer_text", ""),
                        ("answered_at", None),
                        ("settled", None),
                    ),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        models.Q(("answer_text", ""), _negated=True),
                        ("answered_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="concern_answer_is_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["round", "paragraph", "at"], name="comment_by_paragraph"),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="suggestion_declined_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="teachback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "returned"), _negated=True),
                fields=("revision", "trainer"),
                name="teach_back_one_alive",
            ),
        ),
        migrations.AddConstraint(
            model_name="teachback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "returned"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="teach_back_returned_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="unsaved",
            constraint=models.UniqueConstraint(fields=("person", "objective"), name="unsaved_once"),
        ),
    ]
