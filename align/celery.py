"""The Celery app and the timetable.

Every job computes a state and makes it so: it may run twice, late or at the same time as
itself. What is due stands in PostgreSQL; the timetable makes good whatever a lost message missed.
Every job is due once when beat starts.
"""

import os
from datetime import timedelta

from celery import Celery

from align.jobs import transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "align.settings")

transport.install()
app = Celery("align")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Proves that the worker takes and finishes work; /readyz reads the row it leaves.
    "pulse": {
        "task": "align.jobs.tasks.pulse",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 30},  # a pulse that waited out an outage proves nothing
    },
    # Judges what the outbox holds. Every write wakes it too; this makes good a lost message.
    "fold": {"task": "strategy.fold", "schedule": timedelta(seconds=5), "options": {"expires": 5}},
    # Time alone moves figures: voices age, people reach thirty days, objectives their grace.
    "judge all": {"task": "strategy.judge_all", "schedule": timedelta(hours=1)},
    # Puts in force what was published for a later day.
    "take effect": {"task": "strategy.take_effect", "schedule": timedelta(minutes=1)},
    # Two days before a consultation ends somewhere, whoever has not answered hears of it.
    "remind": {"task": "strategy.remind", "schedule": timedelta(minutes=15)},
    # On the day of a prediction, by the clock of its strategy, asks whether it came true.
    "check concerns": {"task": "strategy.check_concerns", "schedule": timedelta(minutes=15)},
    # Asks what people still know of a why, days after they read it; says when teach-backs are void.
    "recalls": {"task": "strategy.recalls", "schedule": timedelta(hours=1)},
    # Checks and runs files of completions whose job was lost; handing one in wakes it too.
    "import completions": {
        "task": "training.import_completions",
        "schedule": timedelta(minutes=1),
    },
    # Days after each person's own completion, says what to try until it is seen.
    "nudge": {"task": "training.nudge", "schedule": timedelta(hours=1)},
    # The day after a barrier was to be gone, by the clock of its strategy, says that it is late.
    "barriers due": {"task": "training.barriers_due", "schedule": timedelta(hours=1)},
    # Mails what is due at once and did not leave when it was written.
    "mail": {"task": "notices.mail", "schedule": timedelta(minutes=1)},
    # Mails the invitations that did not leave when they were written.
    "mail invitations": {"task": "people.mail_invitations", "schedule": timedelta(minutes=1)},
}
