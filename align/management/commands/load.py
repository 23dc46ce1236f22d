from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from align import load as loading
from align import planner
from strategy import engine


class Command(BaseCommand):
    help = "Bring a company in from CSV files; docs/import.md describes the columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder with the CSV files")
        parser.add_argument("--dry-run", action="store_true", help="do everything and keep nothing")
        parser.add_argument(
            "--keep-good",
            action="store_true",
            help="load the good rows although others are refused",
        )
        parser.add_argument(
            "--strategy", default="", help="its name; otherwise the name of the folder"
        )
        parser.add_argument(
            "--lead",
            default="",
            help="the e-mail of its lead; otherwise the first strategy lead of people.csv",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            folder = loading.read(options["folder"])
            for note in folder.notes:
                self.stdout.write(note)
            outcome = loading.load(
                folder=folder,
                now=timezone.now(),
                keep_good=options["keep_good"],
                dry_run=options["dry_run"],
                name=options["strategy"],
                lead=options["lead"],
                say=self.stdout.write,
            )
        except loading.Unreadable as error:
            raise CommandError(str(error), returncode=1) from error
        if outcome.kept:
            self._judge()
        self._tell(outcome, dry_run=options["dry_run"], keep_good=options["keep_good"])

    def _judge(self) -> None:
        """Judge what was loaded at once, so that the pages are right without a worker."""
        planner.count_rows()
        while engine.fold(now=timezone.now()):
            pass

    def _tell(self, outcome: loading.Outcome, *, dry_run: bool, keep_good: bool) -> None:
        problems = outcome.problems
        if problems:
            self.stdout.write(f"\nRefused, {_rows(len(problems))}:")
            for problem in problems:
                self.stdout.write(f"  {problem}")
        self.stdout.write(f"\nStrategy “{outcome.strategy}”:")
        for name, tally in outcome.tallies.items():
            self.stdout.write(
                f"  {name}: {tally.new} new, {tally.changed} changed, "
                f"{tally.same} as before, {tally.refused} refused"
            )
        if dry_run:
            self.stdout.write("This was a dry run: nothing is kept.")
        if problems and not keep_good:
            raise CommandError(
                "Nothing is loaded, because rows are refused. Mend them, or load the good ones "
                "with --keep-good.",
                returncode=1,
            )


def _rows(number: int) -> str:
    return "1 reason" if number == 1 else f"{number} reasons"
