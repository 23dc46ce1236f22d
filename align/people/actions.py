"""Who may come in, as what, and until when."""

from collections.abc import Collection
from datetime import date, datetime

import structlog
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from rest_framework.authtoken.models import Token

from align import jobs
from align.people import tasks
from align.people.models import Membership, Role, SalesRole, Team, User

log = structlog.get_logger(__name__)


class Invalid(Exception):
    """What was asked for cannot be: field -> message."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    team: Team | None,
    sales_role: SalesRole | None,
    begins: date,
    by: User,
    now: datetime,
) -> User:
    """Make an account without a password and mail a one-time link to set one."""
    email = email.strip().lower()
    errors = place_errors(roles=roles, team=team, sales_role=sales_role)
    if User.objects.filter(email=email).exists():
        errors["email"] = "Somebody with this address is here already."
    if errors:
        raise Invalid(errors)
    user = User(email=email, name=name, roles=in_order(roles), invited_at=now, date_joined=now)
    user.set_unusable_password()
    user.save(force_insert=True)
    if team:
        Membership.objects.create(user=user, team=team, sales_role=sales_role, begins=begins)
    log.info("person_invited", person=user.pk, by=by.pk)
    jobs.after_commit(tasks.mail_invitations)
    return user


def place_errors(
    *, roles: Collection[Role], team: Team | None, sales_role: SalesRole | None
) -> dict[str, str]:
    """Return what is missing for these roles: reps and managers work in a team, reps sell."""
    errors = {}
    if not roles:
        errors["roles"] = "Choose at least one role."
    if not sales_role and Role.REP in roles:
        errors["sales_role"] = "A rep needs a sales role."
    if not team and sales_role:
        errors["team"] = "A sales role is held in a team; choose one."
    if not team and {Role.REP, Role.MANAGER} & set(roles):
        errors["team"] = "Reps and managers need a team."
    return errors


def in_order(roles: Collection[Role]) -> list[str]:
    return [role.value for role in Role if role in roles]


@transaction.atomic
def invite_again(*, user: User, by: User, now: datetime) -> User:
    """Mail a new link. Somebody who was deactivated may sign in again once they used it."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = True
    user.invited_at = now
    user.save(update_fields=["is_active", "invited_at"])
    log.info("person_invited_again", person=user.pk, by=by.pk)
    jobs.after_commit(tasks.mail_invitations)
    return user


@transaction.atomic
def change_roles(*, user: User, roles: Collection[Role], by: User, now: datetime) -> User:
    """Give a person these roles and no others. One admin always remains."""
    others = other_admins(user)
    user = User.objects.select_for_update().get(pk=user.pk)
    place = Membership.objects.on(now.date()).filter(user=user).first()
    errors = place_errors(
        roles=roles,
        team=place.team if place else None,
        sales_role=place.sales_role if place else None,
    )
    if errors and "roles" not in errors:
        errors = {"roles": " ".join(errors.values())}
    if user.is_admin and Role.ADMIN not in roles and not others:
        errors["roles"] = f"{user.name} is the only admin; name another one first."
    if errors:
        raise Invalid(errors)
    user.roles = in_order(roles)
    user.save(update_fields=["roles"])
    log.info("roles_changed", person=user.pk, roles=user.roles, by=by.pk)
    return user


def other_admins(user: User) -> list[int]:
    """Lock and return the other admins, so that two of them cannot leave at the same time."""
    admins = User.objects.with_role(Role.ADMIN).order_by("pk").select_for_update()
    return [pk for pk in admins.values_list("pk", flat=True) if pk != user.pk]


@transaction.atomic
def deactivate(*, user: User, by: User, now: datetime) -> User:
    """End somebody's place and access today: sessions, passkeys, codes and tokens with it.

    What they reported, completed and observed stays with the team of its day.
    """
    others = other_admins(user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_admin and not others:
        raise Invalid({"": f"{user.name} is the only admin; name another one first."})
    user.is_active = False
    user.set_unusable_password()  # a new hash ends every session, also if they come back
    user.save(update_fields=["is_active", "password"])
    Authenticator.objects.filter(user=user).delete()
    Token.objects.filter(user=user).delete()
    end_place(user=user, on=now.date())
    log.info("person_deactivated", person=user.pk, by=by.pk)
    return user


@transaction.atomic
def move(
    *, user: User, team: Team, sales_role: SalesRole | None, on: date, now: datetime
) -> Membership:
    """Place a person from a day on; what was before that day stays as it was.

    Strategy is not told from here, for people do not know of it: the figures of the objectives
    whose audiences change follow when everything is judged, once an hour.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    errors = {}
    if on < now.date():
        errors["on"] = "What was stays as it was: choose today or a later day."
    if not sales_role and user.is_rep:
        errors["sales_role"] = "A rep needs a sales role."
    if errors:
        raise Invalid(errors)
    end_place(user=user, on=on)
    place = Membership.objects.create(user=user, team=team, sales_role=sales_role, begins=on)
    log.info("person_moved", person=user.pk, team=team.pk)
    return place


def end_place(*, user: User, on: date) -> None:
    """End what runs on a day, and take back what would begin on it or later."""
    places = Membership.objects.filter(Q(ends=None) | Q(ends__gt=on), user=user)
    places.filter(begins__gte=on).delete()
    places.filter(begins__lt=on).update(ends=on)
