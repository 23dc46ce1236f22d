"""A rep's side of training: what to take, reading it, its quiz, saying so."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from training import actions, forms, quiz
from training import learning as rows
from training.models import Module, ModuleVersion
from training.views.asking import me, number, status_of

CHANGED = "This module was changed since you opened it. This is the new version."


@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    page = rows.learning(me(request), day=timezone.now().date())
    return render(request, "training/learn.html", {"page": page})


def in_use(request: HttpRequest, pk: int) -> ModuleVersion:
    versions = ModuleVersion.objects.visible_to(me(request)).in_use()
    found = versions.select_related("module__program", "module__owner").filter(module=pk).first()
    if found is None:
        raise Http404
    return found


def successor(request: HttpRequest, pk: int) -> Module | None:
    """Return what took the place of a retired module, if this person may see both."""
    visible = Module.objects.visible_to(me(request)).filter(state=Module.State.RETIRED)
    retired = visible.select_related("successor__successor").filter(pk=pk).first()
    return rows.in_its_place(retired) if retired else None


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a module; saying “I have completed it” twice on a day is said once."""
    if instead := successor(request, pk):
        messages.info(request, "The module you wanted is retired. This one takes its place.")
        return redirect("training:take", pk=instead.pk)
    user, now = me(request), timezone.now()
    version = in_use(request, pk)
    if request.method == "POST":
        if is_another(request, version):
            messages.info(request, CHANGED)
            return redirect("training:take", pk=pk)
        try:
            actions.say_done(user=user, version=version, now=now)
        except actions.Invalid as refused:
            messages.info(request, " ".join(refused.errors.values()))
            return redirect("training:quiz", pk=pk)
        messages.success(request, f"Recorded: you completed “{version.title}”.")
        return redirect("training:learn")
    part = number(request.GET.get("part"))
    reading = rows.reading(user, version, part=part, day=now.date())
    return render(request, "training/take.html", {"reading": reading, "version": version})


def is_another(request: HttpRequest, version: ModuleVersion) -> bool:
    """Say whether the page that was sent showed an earlier version."""
    sent = number(request.POST.get("version"))
    return sent is not None and sent != version.pk


@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep which part comes next, and show it."""
    version = in_use(request, pk)
    if is_another(request, version):
        messages.info(request, CHANGED)
        return redirect("training:take", pk=pk)
    part = number(request.POST.get("part")) or 0
    try:
        actions.keep_place(user=me(request), version=version, part=part, now=timezone.now())
    except actions.Invalid:
        return redirect("training:take", pk=pk)
    return redirect(f"{reverse('training:take', kwargs={'pk': pk})}?part={part}")


@require_http_methods(["GET", "HEAD", "POST"])
def take_quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the quiz of a module, and judge a try at it."""
    user = me(request)
    version = in_use(request, pk)
    if not version.quiz:
        return redirect("training:take", pk=pk)
    if request.method != "POST":
        ticked = rows.ticked(user, version)
        return quiz_page(request, version, forms.answers(version, ticked=ticked))
    if is_another(request, version):
        messages.info(request, CHANGED)
        return quiz_page(request, version, forms.answers(version, ticked={}), status=409)
    later = "later" in request.POST
    form = forms.answers(version, ticked={}, data=request.POST, complete=not later)
    if form.is_valid():
        return keep_for_later(request, version, form) if later else judged(request, version, form)
    return quiz_page(request, version, form)


def keep_for_later(
    request: HttpRequest, version: ModuleVersion, form: forms.Answers
) -> HttpResponse:
    actions.keep_answers(
        user=me(request), version=version, answers=form.ticks(), now=timezone.now()
    )
    messages.success(request, "Kept. Your answers wait for you.")
    return redirect("training:learn")


def judged(request: HttpRequest, version: ModuleVersion, form: forms.Answers) -> HttpResponse:
    try:
        tried = actions.try_quiz(
            user=me(request),
            version=version,
            answers=form.ticks(),
            client_key=form.cleaned_data["client_key"],
            now=timezone.now(),
        )
    except actions.KeyReused:  # sent from a page that was used already: this is another try
        data = request.POST.copy()
        data["client_key"] = str(forms.answers(version, ticked={})["client_key"].value())
        again = forms.answers(version, ticked={}, data=data)
        return quiz_page(request, version, again, status=409, reused=True)
    except actions.Invalid as refused:
        show_errors(form, refused.errors)
        return quiz_page(request, version, form)
    if not tried.graded.passed:  # the page says what to read again
        there = reverse("training:quiz", kwargs={"pk": version.module_id})
        before = rows.has_passed(me(request), version)
        return redirect(f"{there}?again=1" if before else there)
    right, of = sum(tried.graded.right), len(tried.graded.right)
    messages.success(
        request, f"Passed, {right} of {of} right. Recorded: you completed “{version.title}”."
    )
    return redirect("training:learn")


def quiz_page(
    request: HttpRequest,
    version: ModuleVersion,
    form: forms.Answers,
    *,
    status: int | None = None,
    reused: bool = False,
) -> HttpResponse:
    user = me(request)
    passed = rows.has_passed(user, version)
    context = {
        "version": version,
        "form": form,
        "last": rows.last_try(user, version),
        # The right answers are for who has passed.
        "answered": quiz.parse(version.quiz)
        if passed and not form.is_bound and "again" not in request.GET
        else (),
        "reused": reused,
    }
    return render(request, "training/quiz.html", context, status=status or status_of(form))
