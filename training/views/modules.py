"""The modules: finding, writing, publishing and retiring them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people.forms import show_errors
from training import actions, catalog, forms, quiz
from training.models import Module, ModuleImage, ModuleVersion
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
    modules = Module.objects.visible_to(me(request)).select_related(
        "program", "owner", "current", "successor__current"
    )
    return get_object_or_404(modules, pk=pk)


def own(request: HttpRequest, pk: int) -> Module:
    """Return a module its owner may change: 404 where it is hidden, 403 where only read."""
    found = visible(request, pk)
    if found.owner_id != trainer(request).pk:
        raise PermissionDenied(f"This is for its owner. {found.owner} can open it for you.")
    return found


def planned(request: HttpRequest) -> dict[str, str]:
    """What a gap asks of a module that is planned from it."""
    return {"kind": request.GET.get("kind", ""), "title": request.GET.get("title", "")[:160]}


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    user = trainer(request)
    if request.method == "POST" and "add" in request.POST:
        form = forms.NewModule(initial=request.POST.dict())
        return add_page(request, form, forms.questions_as_typed(request.POST, more=1))
    data = request.POST if request.method == "POST" else None
    form = forms.NewModule(data, initial=planned(request))
    rows = forms.questions(None, with_rows(data))
    if data is None or not (form.is_valid() & rows.is_valid()):
        return add_page(request, form, rows)
    try:
        made = actions.add_module(
            code=form.cleaned_data["code"],
            program=form.cleaned_data["program"]
            or actions.program(name=form.cleaned_data["new_program"]),
            **form.words(),
            questions=rows.written(),
            owner=user,
            now=timezone.now(),
        )
    except actions.Invalid as refused:
        show_errors(form, refused.errors)
        return add_page(request, form, rows)
    messages.success(request, "Kept as a draft; only trainers see it until published.")
    return redirect(made)


def add_page(
    request: HttpRequest, form: forms.NewModule, rows: forms.BaseQuestions
) -> HttpResponse:
    wrong = form.is_bound and (form.errors or rows.total_error_count())
    context = {"form": form, "rows": rows}
    return render(request, "training/module_form.html", context, status=422 if wrong else 200)


def with_rows(data: QueryDict | None) -> QueryDict | None:
    """Let a form that says nothing about a quiz, as other programs send it, mean no questions."""
    if data is None or "questions-TOTAL_FORMS" in data:
        return data
    more = data.copy()
    more["questions-TOTAL_FORMS"] = more["questions-INITIAL_FORMS"] = "0"
    return more


def its_draft(found: Module) -> ModuleVersion:
    return get_object_or_404(found.versions.filter(state=ModuleVersion.State.DRAFT))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a draft: its words, its quiz and its pictures."""
    found = own(request, pk)
    draft = its_draft(found)
    if request.method != "POST":
        form = forms.edit_version(draft)
        return edit_page(request, found, draft, form, forms.questions(draft))
    if "add" in request.POST:
        return as_typed(request, found, draft, more=1)
    if "add_picture" in request.POST or "remove_picture" in request.POST:
        return change_pictures(request, found, draft)
    form = forms.edit_version(draft, request.POST)
    rows = forms.questions(draft, with_rows(request.POST))
    if not (form.is_valid() & rows.is_valid()):
        return edit_page(request, found, draft, form, rows, status=422)
    return save(request, found, draft, form, rows)


# A picture may be sent along, and the words around it.
edit.body_limit = actions.PICTURE_AT_MOST + 1_000_000  # type: ignore[attr-defined]


def save(
    request: HttpRequest,
    found: Module,
    draft: ModuleVersion,
    form: forms.EditVersion,
    rows: forms.BaseQuestions,
) -> HttpResponse:
    try:
        actions.edit_module(
            version=draft,
            **form.words(),
            questions=rows.written() if "questions-TOTAL_FORMS" in request.POST else None,
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
        return redirect("training:publish_module", pk=found.pk)
    return redirect(found)


def as_typed(
    request: HttpRequest,
    found: Module,
    draft: ModuleVersion,
    *,
    more: int = 0,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Show the form again with what was typed; nothing is saved or lost."""
    form = forms.EditVersion(initial=request.POST.dict())
    rows = forms.questions_as_typed(request.POST, more=more)
    return edit_page(request, found, draft, form, rows, status=status, **context)


def change_pictures(request: HttpRequest, found: Module, draft: ModuleVersion) -> HttpResponse:
    """Keep or take away a picture, beside a draft that is still being typed."""
    try:
        if "add_picture" in request.POST:
            newest = keep_picture(request, found)
            messages.success(request, "Kept. Put its line where it belongs in the content.")
            return as_typed(request, found, draft, newest=newest)
        mine = ModuleImage.objects.filter(module=found)
        ref = request.POST["remove_picture"]
        named = next((row for row in mine.defer("body") if str(row.ref) == ref), None)
        if named is not None:
            actions.remove_picture(picture=named)
            messages.success(request, "Taken away.")
    except actions.Invalid as refused:
        asked = forms.Picture({})
        show_errors(asked, refused.errors)
        return as_typed(request, found, draft, status=422, picture_form=asked)
    return as_typed(request, found, draft)


def keep_picture(request: HttpRequest, found: Module) -> ModuleImage:
    sent = request.FILES.get("picture")
    if sent is None:
        raise actions.Invalid({"picture": "Choose a picture first."})
    if (sent.size or 0) > actions.PICTURE_AT_MOST:
        raise actions.Invalid({"picture": "Choose a picture of at most 2 MB."})
    picture, _ = actions.add_picture(
        module=found,
        name=sent.name or "",
        body=sent.read(),
        by=me(request),
        now=timezone.now(),
    )
    return picture


def stale_page(request: HttpRequest, found: Module, theirs: ModuleVersion) -> HttpResponse:
    """Show both texts, keep what was typed, and let the writer decide with the next Save."""
    data = with_rows(request.POST) or request.POST
    data = data.copy()
    data["edits"] = str(theirs.edits)
    form = forms.edit_version(theirs, data)
    rows = forms.questions(theirs, data)
    rows.is_valid()
    context = {"theirs": theirs, "their_quiz": quiz.parse(theirs.quiz)}
    return edit_page(request, found, theirs, form, rows, status=409, **context)


def edit_page(
    request: HttpRequest,
    found: Module,
    draft: ModuleVersion,
    form: BaseForm,
    rows: forms.BaseQuestions,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "module": found,
        "draft": draft,
        "pictures": ModuleImage.objects.filter(module=found).defer("body"),
        "picture_form": forms.Picture(),
    } | context
    return render(request, "training/module_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what publishing brings along, ask which suspect claims were checked, then publish."""
    found = own(request, pk)
    draft = its_draft(found)
    carried = actions.carried(module=found, draft=draft)
    refused = actions.missing(draft)
    suspect = [row for row in catalog.claims(found.current) if row.suspect] if found.current else []
    form = forms.CheckedClaims(request.POST if request.method == "POST" else None, claims=suspect)
    if form.is_bound and not refused and form.is_valid():
        try:
            actions.publish_module(
                module=found, by=me(request), checked=form.checked(), now=timezone.now()
            )
        except (actions.NotADraft, actions.Invalid) as error:  # changed a moment ago
            messages.error(request, str(error))
        else:
            messages.success(request, said(carried))
        return redirect(found)
    context = {
        "module": found,
        "draft": draft,
        "carried": carried,
        "refused": refused,
        "suspect": suspect,
        "form": form,
    }
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
    in_use = (
        Module.objects.visible_to(me(request))
        .filter(state=Module.State.PUBLISHED)
        .exclude(pk=found.pk)
        .select_related("current")
        .order_by("current__title", "pk")
    )
    data = request.POST if request.method == "POST" else None
    form = forms.Retirement(data, successors=in_use)
    if form.is_bound and form.is_valid():
        try:
            actions.retire_module(
                module=found,
                successor=form.cleaned_data["successor"],
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except actions.Invalid as refused:  # retired a moment ago itself
            show_errors(form, refused.errors)
        else:
            messages.success(request, "Retired. What people completed stays.")
            return redirect(found)
    context = {
        "module": found,
        "form": form,
        "claims": catalog.claims(found.current) if found.current else [],
    }
    return render(request, "training/retire.html", context, status=status_of(form))


@require_safe
def picture(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send a picture, to be shown in a page. Its bytes never change."""
    found = get_object_or_404(ModuleImage.objects.visible_to(me(request)), ref=ref)
    answer = HttpResponse(bytes(found.body), content_type=found.kind)
    ending = found.kind.removeprefix("image/")
    inline = content_disposition_header(False, f"{found.name}.{ending}")
    answer["Content-Disposition"] = inline or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=86400"
    return answer
