from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Migrate; in the embedded mode load the example company into an empty installation."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if settings.ALIGN_EXAMPLE and not get_user_model().objects.exists():
            call_command("demo")
