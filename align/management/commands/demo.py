from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from align import example
from align.example.staffing import PASSWORD


class Command(BaseCommand):
    help = "Bring the example company in, or take out exactly what it brought."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take the example out")
        parser.add_argument(
            "--force",
            action="store_true",
            help="with --remove: also take out what others hung onto the example",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self._remove(force=options["force"])
        else:
            self._build()

    def _build(self) -> None:
        try:
            new = example.build(now=timezone.now())
        except example.AlreadyTaken as error:
            raise CommandError(
                "The example cannot come in beside yours; these names are taken: "
                f"{', '.join(error.names)}."
            ) from error
        self.stdout.write(
            "The example company is here:" if new else "The example company was here already:"
        )
        self._count()
        if new and settings.MODE in {"embedded", "test"}:
            self.stdout.write(
                "Sign in as lena@, tom@, mia@, rosa@ or ada@example.com "
                f"with the password {PASSWORD}."
            )

    def _count(self) -> None:
        for name, number in asdict(example.counts()).items():
            self.stdout.write(f"  {number:>6} {name.replace('_', ' ')}")

    def _remove(self, *, force: bool) -> None:
        if not example.is_here():
            self.stdout.write("The example company is not here.")
            return
        self.stdout.write("Taking out:")
        self._count()
        try:
            things = example.remove(now=timezone.now(), force=force)
        except example.HasOthers as error:
            listed = "\n".join(f"  {thing}" for thing in error.things)
            raise CommandError(
                f"Nothing is taken out, because this hangs on the example:\n{listed}\n"
                "It would go too. Say --force if it may."
            ) from error
        for thing in things:
            self.stdout.write(f"  with it {thing}")
        self.stdout.write("The example company is gone.")
