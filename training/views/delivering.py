"""Sessions: planning them, taking a seat, saying who came."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from align.people.models import User
from training import actions, choices, expected, forms, sessions
from training.models import Delivery
from training.views.asking import me, number, status_of, trainer


def seen(request: HttpRequest, pk: int) -> Delivery:
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(me(request)).select_related(
        "version__module__owner", "audience", "trainer"
    )
    return get_object_or_404(rows, pk=pk)


def own(request: HttpRequest, pk: int) -> Delivery:
    """Return a session this trainer answers for: 404 where it is hidden, 403 where only read."""
    found = seen(request, pk)
    if not Delivery.objects.editable_by(me(request)).filter(pk=pk).exists():
        raise PermissionDenied(f"This is for who gives it. {found.trainer} can do it for you.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a session of the module the address names."""
    user = trainer(request)
    module = number(request.GET.get("module")) or 0
    version = choices.versions(user).filter(module=module).first()
    if version is None:
        return ask_which(request, user)
    data = request.POST if request.method == "POST" else None
    form = forms.Session(data, initial={"trainer": user.pk})
    if form.is_bound and form.is_valid():
        try:
            made = actions.plan_session(
                version=version, plan=form.plan(), by=user, now=timezone.now()
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.NotPublished as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Planned. Those it is for are told.")
            return redirect(made)
    context = {"form": form, "version": version}
    return render(request, "training/session_form.html", context, status=status_of(form))


def ask_which(request: HttpRequest, user: User) -> HttpResponse:
    """Let the trainer choose the module."""
    context = {"programs": modules_by_program(user)}
    status = 422 if request.method == "POST" else 200
    return render(request, "training/session_choose.html", context, status=status)


def modules_by_program(user: User) -> list[choices.Group]:
    rows = choices.versions(user).order_by(
        "module__program__position", "module__program__name", "title"
    )
    return choices.grouped(
        (str(row.module.program), choices.Choice(pk=row.module_id, label=str(row))) for row in rows
    )


@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    return show(request, found, forms.Guests())


def show(
    request: HttpRequest, found: Delivery, guests: BaseForm, *, status: int = 200
) -> HttpResponse:
    page = sessions.page(me(request), found, now=timezone.now())
    context = {"page": page, "session": found, "guests": guests}
    return render(request, "training/session.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    form = forms.edit_session(found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.change_session(
                delivery=found,
                plan=form.plan(),
                edits=form.cleaned_data["edits"],
                by=me(request),
                now=timezone.now(),
            )
        except actions.StaleSession as stale:
            return stale_page(request, stale.delivery)
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.NotPlanned as refused:
            messages.error(request, str(refused))
            return redirect(found)
        else:
            messages.success(request, "Saved. If it moved, those it is for are told.")
            return redirect(found)
    context = {"form": form, "session": found, "version": found.version}
    return render(request, "training/session_form.html", context, status=status_of(form))


def stale_page(request: HttpRequest, theirs: Delivery) -> HttpResponse:
    """Show what is saved beside what was typed, and let the writer decide with the next Save."""
    data = request.POST.copy()
    data["edits"] = str(theirs.edits)
    form = forms.edit_session(theirs, data)
    context = {"form": form, "session": theirs, "version": theirs.version, "theirs": theirs}
    return render(request, "training/session_form.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    form = forms.CallOff(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.call_off(
                delivery=found,
                reason=form.cleaned_data["reason"],
                by=me(request),
                now=timezone.now(),
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        except actions.NotPlanned as refused:
            messages.error(request, str(refused))
            return redirect(found)
        else:
            messages.success(request, "Called off. Those who were expected are told.")
            return redirect(found)
    context = {"form": form, "session": found}
    return render(request, "training/session_call_off.html", context, status=status_of(form))


def tried(request: HttpRequest, found: Delivery, do: Callable[[], object], *, done: str) -> None:
    """Do it, and say that it is done or why not."""
    try:
        do()
    except actions.NotInvited as refused:
        raise PermissionDenied(str(refused)) from refused
    except (actions.NotPlanned, actions.SessionFull, actions.TooLate) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)


@require_POST
def take_seat(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = seen(request, pk), me(request)
    tried(
        request,
        found,
        lambda: actions.take_seat(delivery=found, user=user, now=timezone.now()),
        done="You are expected.",
    )
    return redirect(found)


@require_POST
def leave_seat(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = seen(request, pk), me(request)
    tried(
        request,
        found,
        lambda: actions.leave_seat(delivery=found, user=user, now=timezone.now()),
        done="You are not expected any more. You can change your mind.",
    )
    return redirect(found)


@require_POST
def add_people(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    form = forms.Guests(request.POST)
    if not form.is_valid():
        return show(request, found, form, status=422)
    tried(
        request,
        found,
        lambda: actions.seat_people(
            delivery=found,
            users=form.cleaned_data["emails"],
            by=me(request),
            now=timezone.now(),
        ),
        done="They are expected, and told so.",
    )
    return redirect(found)


@require_POST
def remove_person(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    found = own(request, pk)
    guest = get_object_or_404(expected.expected_at(found), pk=person)
    tried(
        request,
        found,
        lambda: actions.unseat(delivery=found, user=guest, now=timezone.now()),
        done=f"{guest} is not expected any more.",
    )
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who came: the first time it says that the session was held, later it corrects."""
    found, user, now = own(request, pk), me(request), timezone.now()
    if found.state == Delivery.State.CANCELED or found.starts_at > now:
        messages.error(request, "Who came can be said once it has begun.")
        return redirect(found)
    held = found.state == Delivery.State.HELD
    form = forms.Attendance(
        request.POST if request.method == "POST" else None,
        expected=expected.expected_at(found).order_by("name", "pk"),
        initial={"people": attended(found) if held else []},
    )
    if form.is_bound and form.is_valid():
        verb = actions.correct_attendance if held else actions.hold_session
        try:
            verb(delivery=found, attended=form.came(), by=user, now=now)
        except (actions.NotPlanned, actions.TooLate) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, said({person.pk for person in form.came()}))
        return redirect(found)
    context = {"form": form, "session": found, "held": held}
    return render(request, "training/session_attendance.html", context, status=status_of(form))


def attended(found: Delivery) -> list[User]:
    return [seat.user for seat in found.seats.filter(attended=True).select_related("user")]


def said(came: set[int]) -> str:
    people = "1 person" if len(came) == 1 else f"{len(came)} people"
    return f"Recorded: {people} came. The coverage follows in a moment."
