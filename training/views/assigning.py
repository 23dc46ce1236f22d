"""By when an audience has to take a module."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from align.people.forms import show_errors
from training import actions, forms
from training.models import Assignment, Module
from training.views.asking import status_of, trainer
from training.views.modules import visible


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    user = trainer(request)
    module = visible(request, pk)
    if module.current is None or module.state != Module.State.PUBLISHED:
        raise Http404("Nobody can take this module.")
    form = forms.DueDate(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.assign_module(
                module=module,
                audience=form.cleaned_data["audience"],
                due_on=form.due(),
                by=user,
                now=timezone.now(),
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        else:
            messages.success(request, "Due. Those it is for are told.")
            return redirect("training:assign", pk=pk)
    rows = Assignment.objects.standing().filter(module=module).select_related("audience", "author")
    context = {
        "form": form,
        "module": module,
        "rows": [(row, may_end(row, module, user.pk)) for row in rows],
        "today": timezone.localdate(),
    }
    return render(request, "training/assign.html", context, status=status_of(form))


def may_end(row: Assignment, module: Module, user_id: int) -> bool:
    return user_id in {row.author_id, module.owner_id}


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    user = trainer(request)
    rows = Assignment.objects.visible_to(user).select_related("module")
    found = get_object_or_404(rows, pk=pk)
    if not may_end(found, found.module, user.pk):
        raise PermissionDenied("This is for who assigned it and for the module's owner.")
    actions.end_assignment(assignment=found, now=timezone.now())
    messages.success(request, "Not due any more.")
    return redirect("training:assign", pk=found.module_id)
