"""Completions from a file: uploaded, matched, run, taken back. The work itself is a job."""

from datetime import datetime, timedelta

from django.db import transaction

from align import jobs
from align.people.models import User
from training import importing, tasks
from training.actions.completions import touch_taught
from training.actions.words import Invalid, NotNow, TooLate
from training.importing import Columns
from training.models import Completion, CompletionImport

State = CompletionImport.State
UNDOABLE = timedelta(hours=24)
# What Align's own completions are known by: a file cannot speak in their name.
OWN_SOURCES = {"align", "by hand", "session", "xapi", "quiz"}


@transaction.atomic
def start_import(*, name: str, source: str, text: str, by: User, now: datetime) -> CompletionImport:
    """Keep a file to be matched. Raises Invalid where it is no table, or names no source."""
    errors = {}
    if not source.strip():
        errors["source"] = "Say where it comes from, such as “LMS”."
    elif source.strip().lower() in OWN_SOURCES:
        errors["source"] = f"“{source.strip()}” is what Align calls its own. Choose another word."
    try:
        rows = len(importing.table(text).rows)
    except importing.Unreadable as refused:
        errors["file"] = str(refused)
    if errors:
        raise Invalid(errors)
    return CompletionImport.objects.create(
        author=by,
        name=name.strip() or "Pasted rows",
        source=source.strip(),
        body=text,
        rows=rows,
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def match_columns(*, found: CompletionImport, columns: Columns, now: datetime) -> None:
    """Say which column is what, and have the rows looked at. Raises Invalid, NotNow."""
    width = len(importing.table(found.body).header)
    chosen = {
        field: place for field in importing.FIELDS if (place := getattr(columns, field)) is not None
    }
    errors = {
        field: "Choose a column of this file."
        for field, place in chosen.items()
        if not 0 <= place < width
    }
    for field, place in chosen.items():
        if list(chosen.values()).count(place) > 1:
            errors.setdefault(field, "This column is chosen twice.")
    if errors:
        raise Invalid(errors)
    _move(
        found,
        [State.MATCHING, State.CHECKED, State.FAILED],
        State.CHECKING,
        now=now,
        columns=columns.kept(),
    )


@transaction.atomic
def run_import(*, found: CompletionImport, now: datetime) -> None:
    """Take the good rows of a checked file, in the background. Raises NotNow."""
    _move(found, [State.CHECKED], State.RUNNING, now=now)


@transaction.atomic
def retry_import(*, found: CompletionImport, now: datetime) -> None:
    """Look at a file again that could not be read to its end. Raises NotNow."""
    _move(found, [State.FAILED], State.CHECKING, now=now)


def _move(
    found: CompletionImport, whence: list[State], to: State, *, now: datetime, **fields: object
) -> None:
    """Go on from one of these states; of two who try exactly one does."""
    moved = CompletionImport.objects.filter(pk=found.pk, state__in=whence).update(
        state=to, done=0, failure="", updated_at=now, **fields
    )
    found.refresh_from_db()
    if not moved:
        raise NotNow(f"This import is {found.get_state_display().lower()}.")
    jobs.after_commit(tasks.import_completions)


@transaction.atomic
def take_back_import(*, found: CompletionImport, now: datetime) -> int:
    """Remove exactly what an import brought, within a day of its run; return how many.

    Raises NotNow, TooLate.
    """
    locked = CompletionImport.objects.select_for_update().get(pk=found.pk)
    if locked.state != State.DONE or locked.finished_at is None:
        raise NotNow(f"This import is {locked.get_state_display().lower()}.")
    if now > locked.finished_at + UNDOABLE:
        raise TooLate("An import can be taken back for 24 hours.")
    brought = Completion.objects.filter(brought_by=locked)
    touch_taught(list(set(brought.values_list("version_id", flat=True))), now=now)
    removed, _ = brought.delete()
    CompletionImport.objects.filter(pk=locked.pk).update(state=State.UNDONE, updated_at=now)
    found.refresh_from_db()
    return removed


def discard_import(*, found: CompletionImport) -> bool:
    """Throw a file away that brought nothing yet; return whether it was there to throw away."""
    unused = [State.MATCHING, State.CHECKED, State.FAILED]
    gone, _ = CompletionImport.objects.filter(pk=found.pk, state__in=unused).delete()
    return bool(gone)
