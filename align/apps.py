from django.apps import AppConfig

from align.celery import app as celery_app


class AlignConfig(AppConfig):
    """Loads the Celery app with Django, so that every shared task finds its broker."""

    name = "align"
    celery = celery_app
