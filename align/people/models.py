"""Who there is, in which team, in which sales role, on which day."""

import hashlib
import zoneinfo
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils import timezone


class Role(models.TextChoices):
    LEAD = "lead", "Strategy lead"
    TRAINER = "trainer", "Trainer"
    MANAGER = "manager", "Manager"
    REP = "rep", "Rep"
    ADMIN = "admin", "Admin"


@cache
def known_zones() -> frozenset[str]:
    """The time zones the machine knows; finding them means walking its files."""
    return frozenset(zoneinfo.available_timezones())


def real_zone(name: str) -> None:
    """Refuse a time zone that the machine does not know."""
    if name not in known_zones():
        raise ValidationError("“%(name)s” is not a time zone.", params={"name": name})


class UserQuerySet(models.QuerySet["User"]):
    def with_role(self, role: Role) -> Self:
        return self.filter(is_active=True, roles__contains=[role])

    def to_invite(self) -> Self:
        """Those whose newest invitation has not left yet."""
        return self.filter(
            Q(invitation_mailed_at=None) | Q(invitation_mailed_at__lt=F("invited_at")),
            is_active=True,
            invited_at__isnull=False,
        )

    def visible_to(self, user: "User") -> Self:
        """Admins see everybody; managers the people of their teams; each person themselves."""
        if user.is_admin:
            return self
        mine = Q(pk=user.pk)
        if user.is_manager:
            mine |= Q(pk__in=Membership.objects.in_teams_of(user).values("user"))
        return self.filter(mine)


UserManager = BaseUserManager.from_queryset(UserQuerySet)


class User(AbstractBaseUser):
    """One person. The e-mail address is the sign-in; it is stored in lower case."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    roles = ArrayField(models.CharField(max_length=10, choices=Role.choices), default=list)
    zone = models.CharField("time zone", max_length=64, default="UTC", validators=[real_zone])
    is_active = models.BooleanField("may sign in", default=True)
    example = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    invitation_mailed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="user_email_lower_case", condition=Q(email=Lower(F("email")))
            ),
            models.CheckConstraint(
                name="user_roles_known", condition=Q(roles__contained_by=Role.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_lead(self) -> bool:
        return Role.LEAD in self.roles

    @property
    def is_trainer(self) -> bool:
        return Role.TRAINER in self.roles

    @property
    def is_manager(self) -> bool:
        return Role.MANAGER in self.roles

    @property
    def is_rep(self) -> bool:
        return Role.REP in self.roles

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in self.roles

    @property
    def role_words(self) -> str:
        """The roles as people say them, in the order of the domain: “Strategy lead, Trainer”."""
        return ", ".join(str(role.label) for role in Role if role in self.roles)

    # What Django's admin site asks. Admins hold every permission there, nobody else any.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.is_admin

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> Self:
        """Everybody in the company may see how it is divided."""
        return self if user.is_active else self.none()

    def managed_by(self, user: User, *, day: date | None = None) -> Self:
        """The teams of a manager and all teams below them, on a day (default today)."""
        if not user.is_manager:
            return self.none()
        tops = Membership.objects.on(day or timezone.now().date()).filter(user=user)
        below = TeamTree.objects.filter(ancestor__in=tops.values("team")).values("team")
        return self.filter(pk__in=below)


class Team(models.Model):
    name = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    example = models.BooleanField(default=False, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="team_not_its_own_parent", condition=~Q(parent=F("id")))
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.pk and self.parent_id and self.is_above(self.parent_id):
            raise ValidationError({"parent": "A team cannot stand below itself."})

    def is_above(self, team_id: int) -> bool:
        return TeamTree.objects.filter(ancestor=self, team_id=team_id).exists()


class TeamTree(models.Model):
    """A database view: each team with itself and every team above it. Always right, never kept."""

    ancestor = models.ForeignKey(Team, on_delete=models.DO_NOTHING, related_name="+")
    team = models.OneToOneField(
        Team, on_delete=models.DO_NOTHING, related_name="+", primary_key=True
    )

    class Meta:
        managed = False
        db_table = "people_team_tree"

    def __str__(self) -> str:
        return f"{self.team_id} in {self.ancestor_id}"


class TeamPlace(models.Model):
    """Below which team a team stood, from one day until before another. A trigger writes it.

    The function ``people_members_on(day)`` reads it: figures of a past day see that day's tree.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="+")
    begins = models.DateField()
    ends = models.DateField(null=True)

    class Meta:
        ordering = ["team", "begins"]
        constraints = [
            models.UniqueConstraint(name="team_place_once_a_day", fields=["team", "begins"]),
            models.UniqueConstraint(
                name="team_place_one_now", fields=["team"], condition=Q(ends=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} below {self.parent_id}"


class SalesRole(models.Model):
    name = models.CharField(max_length=80, unique=True)
    example = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(ends=None) | Q(ends__gt=day), begins__lte=day)

    def in_teams_of(self, manager: User) -> Self:
        """Today's memberships in the teams a manager is responsible for."""
        today = timezone.now().date()
        return self.on(today).filter(team__in=Team.objects.managed_by(manager, day=today))


class DateRange(Func):
    """PostgreSQL's daterange(begins, ends), the end not included, as our dates are meant."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Membership(models.Model):
    """A person in a team, and in a sales role where they sell, from one day until before another.

    History never moves: a change of team ends one row and begins the next.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    sales_role = models.ForeignKey(
        SalesRole, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    begins = models.DateField()
    ends = models.DateField("ends before", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user", "begins"]
        indexes = [models.Index(fields=["team", "begins"], name="membership_of_team")]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(ends=None) | Q(ends__gt=F("begins")),
            ),
            ExclusionConstraint(
                name="membership_one_team_a_day",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateRange("begins", "ends"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class AudienceQuerySet(models.QuerySet["Audience"]):
    def of(self, *, sales_roles: Iterable[SalesRole], teams: Iterable[Team]) -> "Audience":
        """Return the audience of this rule; the same rule is always the same row."""
        roles = sorted(sales_roles, key=lambda role: role.pk)
        tops = sorted(teams, key=lambda team: team.pk)
        if not roles or not tops:
            raise ValueError("An audience needs at least one sales role and one team.")
        key = audience_key([role.pk for role in roles], [team.pk for team in tops])
        audience, made = self.get_or_create(key=key, defaults={"name": audience_name(roles, tops)})
        if made:
            audience.sales_roles.set(roles)
            audience.teams.set(tops)
        return audience


def audience_key(role_ids: Iterable[int], team_ids: Iterable[int]) -> str:
    rule = f"{sorted(role_ids)} in {sorted(team_ids)}"
    return hashlib.sha256(rule.encode()).hexdigest()[:32]


def audience_name(roles: list[SalesRole], teams: list[Team]) -> str:
    """“Account executive in Vantor”; long rules are cut with a count."""
    who = ", ".join(role.name for role in roles[:3])
    where = ", ".join(team.name for team in teams[:3])
    more = len(teams) - 3
    return f"{who} in {where}{f' and {more} more' if more > 0 else ''}"[:200]


class Audience(models.Model):
    """A rule: people in these sales roles, in these teams or below. Its members are computed."""

    key = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(max_length=200)
    sales_roles = models.ManyToManyField(SalesRole, related_name="+")
    teams = models.ManyToManyField(Team, related_name="+")

    objects = AudienceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def members_on(self, day: date) -> UserQuerySet:
        """The people who count on a day: in the rule, and in sales for 30 days or longer."""
        counted = AudienceMember.objects.on(day).filter(audience=self)
        return User.objects.filter(pk__in=counted.values("user"))


class AudienceMemberQuerySet(models.QuerySet["AudienceMember"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(ends=None) | Q(ends__gt=day), counts_from__lte=day)


class AudienceMember(models.Model):
    """A database view: who counts in which audience, from which day until before which.

    ``counts_from`` is the first day in the team, or the thirtieth day after the person first
    sold anything for us, whichever is later. The rules' SQL joins the same view.
    """

    audience = models.ForeignKey(Audience, on_delete=models.DO_NOTHING, related_name="+")
    user = models.OneToOneField(
        User, on_delete=models.DO_NOTHING, related_name="+", primary_key=True
    )
    team = models.ForeignKey(Team, on_delete=models.DO_NOTHING, related_name="+")
    counts_from = models.DateField()
    ends = models.DateField(null=True)

    objects = AudienceMemberQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "people_audience_member"

    def __str__(self) -> str:
        return f"{self.user_id} in {self.audience_id}"
