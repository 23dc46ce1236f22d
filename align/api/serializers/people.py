from typing import Any

from rest_framework import serializers

from align.api.fields import Moment
from align.api.serializers.base import Shown
from align.people.models import Membership, Role, User


class TeamShown(Shown):
    id = serializers.IntegerField()
    name = serializers.CharField()
    parent = serializers.IntegerField(  # type: ignore[assignment]
        source="parent_id", allow_null=True
    )


class Named(Shown):
    """Anything that has a name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class PersonShown(Shown):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    active = serializers.BooleanField(source="is_active")
    team = serializers.SerializerMethodField()
    sales_role = serializers.SerializerMethodField()

    def get_team(self, person: User) -> int | None:
        return today(person).team_id if today(person) else None

    def get_sales_role(self, person: User) -> int | None:
        return today(person).sales_role_id if today(person) else None


def today(person: Any) -> Any:
    """Return the membership of today, which the view has fetched for the whole page."""
    found: list[Membership] = person.memberships_today
    return found[0] if found else None


class MeShown(PersonShown):
    zone = serializers.CharField()
    token_since = serializers.SerializerMethodField()

    def get_token_since(self, person: User) -> str | None:
        token = getattr(person, "auth_token", None)
        return Moment().to_representation(token.created) if token else None


class TokenShown(Shown):
    token = serializers.CharField(help_text="Shown this once; only its hash is kept.")


class NoticeShown(Shown):
    id = serializers.IntegerField()
    text = serializers.CharField()
    link = serializers.CharField()
    at_once = serializers.BooleanField()
    created_at = Moment()
    read_at = Moment(allow_null=True)


class ReadShown(Shown):
    read = serializers.IntegerField(help_text="How many were unread until now.")
