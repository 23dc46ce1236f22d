"""The modules: finding, writing, publishing and retiring them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from training import actions, catalog, forms
from training.models import Module, ModuleVersion
from training.views.asking import me, number, status_of, trainer


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """List what this person may see, narrowed as the address says."""
    user = me(request)
    form = forms.Find(request.GET)
    chosen = form.chosen()
    address = request.GET.copy()
    address.pop("page", None)
    context = {
        "catalog": catalog.modules(user=user, chosen=chosen, page=request.GET.get("page")),
        "form": form,
        "chosen": chosen,
        "programs": form.fields["program"].queryset,  # type: ignore[attr-defined]
        "kinds": form.fields["kind"].choices,  # type: ignore[attr-defined]
        "states": form.fields["state"].choices,  # type: ignore[attr-defined]
        "address": address.urlencode(),
        "is_trainer": user.is_trainer,
        "sees_gaps": user.is_trainer or user.is_lead,
    }
    return render(request, "training/modules.html", context)


@require_safe
def module(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a module: one version, what it claims, who took it, and its history."""
    user = me(request)
    found = visible(request, pk)
    page = catalog.module(user=user, module=found, number=number(request.GET.get("version")))
    if page is None:
        return redirect(found)
    return render(request, "training/module.html", {"page": page})


def visible(request: HttpRequest, pk: int) -> Module:
    modules = Module.objects.visible_to(me(request)).select_related("program", "owner", "current")
    return get_object_or_404(modules, pk=pk)


def own(request: HttpRequest, pk: int) -> Module:
    """Return a module its owner may change: 404 where it is hidden, 403 where only read."""
    found = visible(request, pk)
    if found.owner_id != trainer(request).pk:
        raise PermissionDenied(f"This is for its owner. {found.owner} can open it for you.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = trainer(request)
    data = request.POST if request.method == "POST" else None
    form = forms.NewModule(data, initial={"kind": request.GET.get("kind", "")})
    if data is not None and form.is_valid():
        try:
            made = actions.add_module(
                code=form.cleaned_data["code"],
                program=form.cleaned_data["program"]
                or actions.program(name=form.cleaned_data["new_program"]),
                **form.words(),
                owner=user,
                now=timezone.now(),
            )
        except actions.Invalid as refused:
            show_errors(form, refused.errors)
        else:
            messages.success(request, "Kept as a draft; only trainers see it until published.")
            return redirect(made)
    return render(request, "training/module_form.html", {"form": form}, status=status_of(form))


def its_draft(found: Module) -> ModuleVersion:
    return get_object_or_404(found.versions.filter(state=ModuleVersion.State.DRAFT))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    draft = its_draft(found)
    form = forms.edit_version(draft, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.edit_module(
                version=draft,
                **form.words(),
                edits=form.cleaned_data["edits"],
                now=timezone.now(),
            )
        except actions.StaleVersion as stale:
            return stale_page(request, found, stale.version)
        except actions.NotADraft as refused:  # published a moment ago
            messages.error(request, str(refused))
            return redirect(found)
        messages.success(request, "Saved.")
        if "publish" in request.POST:
            return redirect("training:publish_module", pk=pk)
        return redirect(found)
    return edit_page(request, found, draft, form, status=status_of(form))


def stale_page(request: HttpRequest, found: Module, theirs: ModuleVersion) -> HttpResponse:
    """Show both texts, keep what was typed, and let the writer decide with the next Save."""
    data = request.POST.copy()
    data["edits"] = str(theirs.edits)
    form = forms.edit_version(theirs, data)
    return edit_page(request, found, theirs, form, status=409, theirs=theirs)


def edit_page(
    request: HttpRequest,
    found: Module,
    draft: ModuleVersion,
    form: BaseForm,
    *,
    status: int,
    **context: Any,
) -> HttpResponse:
    context |= {"form": form, "module": found, "draft": draft}
    return render(request, "training/module_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what publishing brings along, then publish."""
    found = own(request, pk)
    draft = its_draft(found)
    carried = actions.carried(module=found, draft=draft)
    refused = actions.missing(draft)
    if request.method == "POST" and not refused:
        try:
            actions.publish_module(module=found, by=me(request), now=timezone.now())
        except (actions.NotADraft, actions.Invalid) as error:  # changed a moment ago
            messages.error(request, str(error))
        else:
            messages.success(request, said(carried))
        return redirect(found)
    context = {"module": found, "draft": draft, "carried": carried, "refused": refused}
    status = 422 if request.method == "POST" else 200
    return render(request, "training/publish.html", context, status=status)


def said(carried: actions.Carried) -> str:
    if not carried.claims:
        return "Published. Map it to the behaviors it teaches."
    capped = f", {carried.capped} of them less deep" if carried.capped else ""
    return f"Published. {carried.claims} mapped behaviors came along{capped}."


@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    try:
        actions.new_version(module=found, by=me(request), now=timezone.now())
    except actions.NotPublished as refused:
        messages.error(request, str(refused))
        return redirect(found)
    return redirect("training:edit_module", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then end a module: from then on its claims count no longer."""
    found = own(request, pk)
    if request.method == "POST":
        actions.retire_module(module=found, now=timezone.now())
        messages.success(request, "Retired. What people completed stays.")
        return redirect(found)
    context = {"module": found, "claims": catalog.claims(found.current) if found.current else []}
    return render(request, "training/retire.html", context)
