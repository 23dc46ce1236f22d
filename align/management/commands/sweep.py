from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from align.celery import app
from align.management.drift import drift
from strategy import engine

# The pulse is the worker's own sign of life; writing it here would say that a worker lives.
NOT_SWEPT = {"pulse"}


class Command(BaseCommand):
    help = "Run every job of the timetable once, here and now. Running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--verify",
            action="store_true",
            help="run nothing; compute every figure from nothing and compare",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            self._verify()
        else:
            self._sweep()

    def _sweep(self) -> None:
        app.loader.import_default_modules()
        for name, entry in app.conf.beat_schedule.items():
            if name not in NOT_SWEPT:
                self.stdout.write(f"{name} …", ending="")
                app.tasks[entry["task"]].run()
                self.stdout.write(" done")
        # A job may have found more to judge, such as a revision whose day has come.
        while engine.waiting() and engine.fold(now=timezone.now()):
            pass
        left = engine.waiting()
        if left:
            self.stdout.write(f"{left} changes are being judged by a worker.")

    def _verify(self) -> None:
        now = timezone.now()
        left = engine.waiting()
        if left:
            self.stdout.write(f"{left} changes wait to be judged; their objectives are left out.")
        found = drift(now=now)
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} figures differ from what the rows say.", returncode=1)
        self.stdout.write("Every figure is what the rows say.")
