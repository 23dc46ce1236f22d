"""Completions from a file, step by step, each step a page of its own."""

import csv
import io
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from align.people.models import User
from training import actions, forms, importing
from training.models import CompletionImport
from training.views.asking import me, status_of

State = CompletionImport.State
PROBLEMS_A_PAGE = 100
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def importer(request: HttpRequest) -> User:
    user = me(request)
    if not (user.is_trainer or user.is_admin):
        raise PermissionDenied("This is for trainers and admins.")
    return user


def mine(request: HttpRequest, ref: uuid.UUID) -> CompletionImport:
    rows = CompletionImport.objects.visible_to(importer(request))
    return get_object_or_404(rows, ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List one's own imports, and take the next file."""
    user = importer(request)
    bound = request.method == "POST"
    form = forms.NewImport(request.POST, request.FILES) if bound else forms.NewImport()
    if bound and form.is_valid():
        try:
            made = actions.start_import(
                name=form.name(),
                source=form.cleaned_data["source"],
                text=form.cleaned_data["text"],
                by=user,
                now=timezone.now(),
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        else:
            return redirect("training:match_import", ref=made.ref)
    rows = CompletionImport.objects.visible_to(user).defer("body", "problems")
    context = {"form": form, "rows": rows[:50]}
    return render(request, "training/imports.html", context, status=status_of(form))


# A file is sent along, and the words around it.
imports.body_limit = importing.MOST_BYTES + 1_000_000  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Ask which column is what; what was guessed or chosen before is chosen already."""
    found = mine(request, ref)
    if found.state not in {State.MATCHING, State.CHECKED, State.FAILED}:
        return redirect(found)
    table = importing.table(found.body)
    data = request.POST if request.method == "POST" else None
    form = forms.Match(data, table=table, initial=chosen(found, table))
    if form.is_bound and form.is_valid():
        try:
            actions.match_columns(found=found, columns=form.columns(), now=timezone.now())
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.NotNow:
            return redirect(found)
        else:
            return redirect(found)
    context = {
        "form": form,
        "found": found,
        "header": table.header,
        "sample": [[row[at] for at in range(len(table.header))] for row in table.rows[:3]],
    }
    return render(request, "training/import_match.html", context, status=status_of(form))


def chosen(found: CompletionImport, table: importing.Table) -> dict[str, object]:
    """What was chosen before, else what the names of the columns suggest."""
    if found.columns:
        known = dict(found.columns)
        return known | {"order": "day" if known.pop("day_first") else "month"}
    guessed = importing.guess(table)
    cells = [row[guessed.get("completed")] for row in table.rows[:1000]]
    return {**guessed, "order": "month" if importing.order_of_days(cells) is False else "day"}


PAGES = {
    State.CHECKING: "training/import_wait.html",
    State.RUNNING: "training/import_wait.html",
    State.CHECKED: "training/import_check.html",
    State.DONE: "training/import_done.html",
    State.UNDONE: "training/import_done.html",
    State.FAILED: "training/import_failed.html",
}


@require_safe
def one(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """Show the step an import is at."""
    found = mine(request, ref)
    if found.state == State.MATCHING:
        return redirect("training:match_import", ref=ref)
    now = timezone.now()
    shown = Paginator(found.problems, PROBLEMS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "problems": shown,
        "undoable": found.state == State.DONE
        and found.finished_at is not None
        and now <= found.finished_at + actions.UNDOABLE,
    }
    return render(request, PAGES[State(found.state)], context)


def tried(request: HttpRequest, found: CompletionImport, do: Callable[[], object]) -> HttpResponse:
    try:
        do()
    except (actions.NotNow, actions.TooLate) as refused:
        messages.error(request, str(refused))
    return redirect(found)


@require_POST
def run(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    found = mine(request, ref)
    return tried(request, found, lambda: actions.run_import(found=found, now=timezone.now()))


@require_POST
def again(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    found = mine(request, ref)
    return tried(request, found, lambda: actions.retry_import(found=found, now=timezone.now()))


@require_POST
def take_back(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    found = mine(request, ref)

    def do() -> None:
        removed = actions.take_back_import(found=found, now=timezone.now())
        noun = "completion is" if removed == 1 else "completions are"
        messages.success(request, f"Taken back: {removed:,} {noun} removed.")

    return tried(request, found, do)


@require_POST
def discard(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    found = mine(request, ref)
    if actions.discard_import(found=found):
        messages.success(request, f"Thrown away: {found.name}. Nothing of it was taken.")
        return redirect("training:imports")
    messages.error(request, f"This import is {found.get_state_display().lower()}.")
    return redirect(found)


@require_safe
def bad_rows(request: HttpRequest, ref: uuid.UUID) -> HttpResponse:
    """The rows that cannot be taken, as they came, each with its number and what is wrong."""
    found = mine(request, ref)
    answer = HttpResponse(csv_of(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="bad-rows.csv"'
    return answer


def csv_of(found: CompletionImport) -> str:
    table = importing.table(found.body)
    reasons: dict[int, list[str]] = {}
    for number, column, reason in found.problems:
        reasons.setdefault(number, []).append(f"{column}: {reason}")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(safe(cell) for cell in ("row", "problem", *table.header))
    for row in table.rows:
        if row.number in reasons:
            said = " ".join(reasons[row.number])
            writer.writerow(safe(cell) for cell in (str(row.number), said, *row.cells))
    return "\ufeff" + out.getvalue()


def safe(cell: str) -> str:
    """Return the cell as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
