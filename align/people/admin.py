"""The admin site: people, teams, roles, audiences and signs of life. Nothing else, ever.

Strategy, training, reports and notices are reached through pages that ask ``visible_to``; here
they would stand open to every admin. So this site discovers nothing: what it shows is below.
Nothing can be deleted either, for Django would list whatever refers to a row, drafts included.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse

from align.jobs.models import Heartbeat
from align.people.models import Audience, Membership, SalesRole, Team, User


class Site(admin.AdminSite):
    site_header = site_title = "Align: people and teams"
    index_title = "What admins keep"

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send people to the one sign-in: a second one would know no second factor."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response


site = Site()


class Kept(admin.ModelAdmin):  # type: ignore[type-arg]  # no generics at run time
    """Rows that are added and changed, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class Read(Kept):
    """Rows that only show."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


@admin.register(User, site=site)
class UserAdmin(Kept):
    """Names and addresses. Invitations, roles and ends are verbs, on the pages under /settings/."""

    form = UserForm
    fields = ["email", "name", "zone", "role_words", "is_active", "last_login", "invited_at"]
    readonly_fields = ["role_words", "is_active", "last_login", "invited_at"]
    list_display = ["email", "name", "role_words", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["email", "name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Team, site=site)
class TeamAdmin(Kept):
    fields = ["name", "parent"]
    list_display = ["name", "parent"]
    list_select_related = ["parent"]
    search_fields = ["name"]


@admin.register(SalesRole, site=site)
class SalesRoleAdmin(Kept):
    fields = ["name"]
    search_fields = ["name"]


@admin.register(Membership, site=site)
class MembershipAdmin(Kept):
    """Corrections. A move is the verb on the person's page; it ends one row and begins the next."""

    fields = ["user", "team", "sales_role", "begins", "ends"]
    autocomplete_fields = ["user", "team"]
    list_display = ["user", "team", "sales_role", "begins", "ends"]
    list_select_related = ["user", "team", "sales_role"]
    search_fields = ["user__name", "user__email", "team__name"]


@admin.register(Audience, site=site)
class AudienceAdmin(Read):
    fields = ["name", "sales_roles", "teams"]
    search_fields = ["name"]


@admin.register(Heartbeat, site=site)
class HeartbeatAdmin(Read):
    list_display = ["name", "at"]
