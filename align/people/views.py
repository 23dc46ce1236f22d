"""A person's own settings, and for admins everybody's place and roles."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F, FilteredRelation, Q
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from align.people import actions, forms
from align.people.models import Membership, Role, User

PEOPLE_A_PAGE = 50


def admins_only(request: HttpRequest) -> User:
    """Return who asks, if it is an admin."""
    user = request.user
    if not (isinstance(user, User) and user.is_admin):
        raise PermissionDenied("This is for admins.")
    return user


def me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # every page but the sign-in needs one
    return user


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    user = me(request)
    form = forms.Profile(posted(request), instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("people:settings")
    return render(request, "people/settings.html", {"form": form}, status=status_of(form))


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when it is nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def status_of(form: BaseForm) -> int:
    return 422 if form.is_bound and form.errors else 200


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    user = admins_only(request)
    today = timezone.now().date()
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    role = request.GET.get("role", "")
    people = (
        User.objects.visible_to(user)
        .annotate(
            place=FilteredRelation(
                "memberships",
                condition=Q(memberships__begins__lte=today)
                & (Q(memberships__ends=None) | Q(memberships__ends__gt=today)),
            ),
            team_name=F("place__team__name"),
            sales_role_name=F("place__sales_role__name"),
        )
        .order_by("-is_active", "name", "pk")
    )
    if query:
        people = people.filter(
            Q(name__icontains=query) | Q(email__icontains=query) | Q(team_name__icontains=query)
        )
    if role in Role.values:
        people = people.filter(roles__contains=[role])
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "role": role, "roles": role_chips(role)}
    return render(request, "people/list.html", context)


def role_chips(chosen: str) -> list[tuple[str, str, bool]]:
    return [("", "Everybody", not chosen)] + [
        (value, str(label), value == chosen) for value, label in Role.choices
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    by = admins_only(request)
    form = forms.Invitation(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.invite(**form.cleaned_data, by=by, now=timezone.now())
        except actions.Invalid as refused:
            forms.show_errors(form, refused.errors)
        else:
            messages.success(request, f"Invited. The mail goes to {person.email}.")
            return redirect("people:list")
    return render(request, "people/invite.html", {"form": form}, status=status_of(form))


def person_page(
    request: HttpRequest,
    person: User,
    *,
    roles: forms.Roles | None = None,
    place: forms.Move | None = None,
) -> HttpResponse:
    """Render a person with the forms; the one that was refused keeps what was typed."""
    refused = roles or place
    memberships = Membership.objects.filter(user=person).select_related("team", "sales_role")
    places = list(memberships.order_by("-begins"))
    last = {"team": places[0].team_id, "sales_role": places[0].sales_role_id} if places else {}
    context = {
        "person": person,
        "memberships": places,
        "roles_form": roles or forms.Roles(initial={"roles": person.roles}),
        "move_form": place or forms.Move(initial=last),
        "form": refused,
    }
    status = status_of(refused) if refused else 200
    return render(request, "people/person.html", context, status=status)


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return person_page(request, found(request, pk))


def found(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(admins_only(request)), pk=pk)


@require_POST
def change_roles(request: HttpRequest, pk: int) -> HttpResponse:
    by, who = admins_only(request), found(request, pk)
    form = forms.Roles(request.POST)
    if form.is_valid():
        try:
            actions.change_roles(
                user=who, roles=form.cleaned_data["roles"], by=by, now=timezone.now()
            )
        except actions.Invalid as refused:
            forms.show_errors(form, refused.errors)
        else:
            messages.success(request, f"Roles of {who.name} changed.")
            return redirect("people:person", pk=who.pk)
    return person_page(request, who, roles=form)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    who = found(request, pk)
    form = forms.Move(request.POST)
    if form.is_valid():
        try:
            actions.move(user=who, **form.cleaned_data, now=timezone.now())
        except actions.Invalid as refused:
            forms.show_errors(form, refused.errors)
        else:
            messages.success(request, f"{who.name} moved.")
            return redirect("people:person", pk=who.pk)
    return person_page(request, who, place=form)


@require_POST
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    by, who = admins_only(request), found(request, pk)
    actions.invite_again(user=who, by=by, now=timezone.now())
    messages.success(request, f"Invited again. The mail goes to {who.email}.")
    return redirect("people:person", pk=who.pk)


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    by, who = admins_only(request), found(request, pk)
    try:
        actions.deactivate(user=who, by=by, now=timezone.now())
    except actions.Invalid as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{who.name} can no longer sign in.")
    return redirect("people:person", pk=who.pk)


def no_such_page(request: HttpRequest) -> HttpResponse:
    """Hide allauth's page for changing addresses: the address is how admins know a person."""
    raise Http404
