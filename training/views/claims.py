"""Claims: mapping a module to a behavior, checking what a revision made suspect, withdrawing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from strategy.models import BehaviorRevision
from training import actions, choices, forms, suggestions
from training.models import Mapping, ModuleVersion
from training.views.asking import me, number, status_of, trainer


@require_http_methods(["GET", "HEAD", "POST"])
def map_(request: HttpRequest) -> HttpResponse:
    """Claim that a module teaches a behavior. What the address leaves open is asked first."""
    user = trainer(request)
    words = (
        choices.behaviors(user).filter(behavior=number(request.GET.get("behavior")) or 0).first()
    )
    version = choices.versions(user).filter(pk=number(request.GET.get("version")) or 0).first()
    if words is None or version is None:
        return ask_what(request, words, version)
    form = forms.Claim(
        request.POST if request.method == "POST" else None,
        version=version,
        words=words,
        audience=number(request.GET.get("audience")),
    )
    if form.is_bound and form.is_valid():
        try:
            actions.map_behavior(
                version=version,
                behavior=words.behavior,
                audiences=form.for_whom(),
                depth=form.cleaned_data["depth"],
                rationale=form.cleaned_data["rationale"],
                by=user,
                now=timezone.now(),
            )
        except actions.TooDeep as refused:
            form.add_error("depth", str(refused))
        except actions.CannotMap as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Mapped. The coverage follows in a moment.")
            return redirect(version.module)
    context = {"form": form, "words": words, "version": version}
    return render(request, "training/map.html", context, status=status_of(form))


def ask_what(
    request: HttpRequest, words: BehaviorRevision | None, version: ModuleVersion | None
) -> HttpResponse:
    """Let the trainer choose the module or the behavior that is not named yet."""
    user = me(request)
    likely = suggestions.for_behavior(words, user=user) if words and not version else []
    context = {
        "words": words,
        "version": version,
        "audience": number(request.GET.get("audience")),
        "likely": likely,
        "programs": choices.by_program(user) if version is None else (),
        "objectives": choices.by_objective(choices.behaviors(user)) if words is None else (),
        "asked": bool(request.GET.get("behavior") or request.GET.get("version")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "training/map_choose.html", context, status=status)


def answerable(request: HttpRequest, pk: int) -> Mapping:
    """Return a claim this trainer answers for: 404 where hidden or withdrawn, 403 where read."""
    user = trainer(request)
    visible = (
        Mapping.objects.visible_to(user)
        .alive()
        .with_suspect()
        .select_related("version__module__owner", "behavior__objective__current", "audience")
    )
    found = get_object_or_404(visible, pk=pk)
    if not Mapping.objects.editable_by(user).filter(pk=pk).exists():
        owner = found.version.module.owner
        raise PermissionDenied(f"This is for the module's owner. {owner} can open it for you.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a claim against the words in force: no impact because …, or withdraw it."""
    found = answerable(request, pk)
    form = forms.NoImpact(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.clear_mapping(
                mapping=found,
                reason=form.cleaned_data["reason"],
                by=me(request),
                now=timezone.now(),
            )
        except actions.NotInForce as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Checked. It counts again.")
            return redirect(found.version.module)
    context = {
        "form": form,
        "mapping": found,
        "suspect": found.suspect,  # type: ignore[attr-defined]  # annotated
        "changes": choices.changes(found),
        "owns": found.version.module.owner_id == me(request).pk,
    }
    return render(request, "training/clear.html", context, status=status_of(form))


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = answerable(request, pk)
    actions.retire_mapping(mapping=found, now=timezone.now())
    messages.success(request, "Withdrawn. The coverage follows in a moment.")
    return redirect(found.version.module)
