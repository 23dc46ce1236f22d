"""Recording who completed a module."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from training import actions, catalog, forms, people
from training.models import Module
from training.views.asking import me, status_of, trainer
from training.views.modules import visible


@require_http_methods(["GET", "HEAD", "POST"])
def completions(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick the people of a group, or paste their addresses; what was typed stays."""
    trainer(request)
    module = visible(request, pk)
    version = module.current
    if version is None or module.state != Module.State.PUBLISHED:
        raise Http404("Nobody can complete this module.")
    now = timezone.now()
    groups = people.groups(version)
    group = next((row for row in groups if row.key == request.GET.get("group")), None)
    members = people.members(group, day=now.date())
    form = forms.Took(
        request.POST if request.method == "POST" else None,
        members=members,
        taken=catalog.newest_completions(module, members) if group else {},
    )
    if form.is_bound and form.is_valid():
        recorded = actions.record_completions(
            version=version,
            users=form.everybody(),
            completed_at=form.completed_at(now=now),
            by=me(request),
            now=now,
        )
        messages.success(request, said(recorded))
        return redirect(module)
    context = {"form": form, "module": module, "groups": groups, "group": group}
    return render(request, "training/completions.html", context, status=status_of(form))


def said(recorded: actions.Recorded) -> str:
    """“Recorded for 12 people.” and, where it was there already, for how many."""
    known = f" {recorded.known} had it on that day already." if recorded.known else ""
    return f"Recorded for {recorded.made} {'person' if recorded.made == 1 else 'people'}.{known}"
