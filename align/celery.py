"""The Celery app and the timetable.

Every job computes a state and makes it so: it may run twice, late or at the same time as
itself. What is due stands in PostgreSQL; the timetable makes good whatever a lost message missed.
Every job is due once when beat starts.
"""

import os
from datetime import timedelta

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "align.settings")

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
}
