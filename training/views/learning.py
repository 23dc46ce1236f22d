"""A rep's side of training: what to take, taking it, saying so."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from training import actions
from training import learning as rows
from training.models import ModuleVersion
from training.views.asking import me


@require_safe
def learn(request: HttpRequest) -> HttpResponse:
    page = rows.learning(me(request), day=timezone.now().date())
    return render(request, "training/learn.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a module; saying “I have completed it” twice on a day is said once."""
    user, now = me(request), timezone.now()
    in_use = ModuleVersion.objects.visible_to(user).in_use()
    version = get_object_or_404(
        in_use.select_related("module__program", "module__owner"), module=pk
    )
    if request.method == "POST":
        actions.complete(
            user=user,
            version=version,
            completed_at=now,
            source="align",
            external_id=f"{version.pk}:{user.pk}:{now.date()}",
            now=now,
        )
        messages.success(request, f"Recorded: you completed “{version.title}”.")
        return redirect("training:learn")
    lesson = rows.lesson(user, version, day=now.date())
    return render(request, "training/take.html", {"lesson": lesson, "version": version})
