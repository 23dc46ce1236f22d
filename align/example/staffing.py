"""The people of the example: 18 teams, 312 reps, 30 managers and whoever works around them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from align.example import days, texts
from align.people.models import Membership, Role, SalesRole, Team, User
from strategy.models import Objective

PASSWORD = "align-demo"  # of the cast, outside production only; make run prints it
DOMAIN = "thornwick.example"
MANAGERS_AN_OFFICE = 2
LONGEST_SERVICE = 3400  # days
NEW_SHARE = 0.06  # came less than 30 days ago, do not count yet
RECENT_SHARE = 0.06  # came during the half year
MOVED_SHARE = 0.03  # changed offices during the half year


@dataclass(frozen=True)
class Place:
    """Where somebody works from one day until before another."""

    office: str
    begins: date
    ends: date | None = None


@dataclass(frozen=True)
class Rep:
    user: User
    role: str
    places: tuple[Place, ...]

    def office_on(self, day: date) -> str | None:
        for place in self.places:
            if place.begins <= day and (place.ends is None or day < place.ends):
                return place.office
        return None


@dataclass
class Staff:
    """Everybody, as the rest of the example needs to name them."""

    teams: dict[str, Team] = field(default_factory=dict)
    roles: dict[str, SalesRole] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)  # leads and trainers, by key and name
    managers: dict[str, list[User]] = field(default_factory=dict)  # by office or region
    reps: list[Rep] = field(default_factory=list)

    @property
    def top(self) -> Team:
        return self.teams[texts.company().top]

    def named(self, who: str) -> User:
        return self.people[who]

    def anybody(self, who: str) -> User:
        """Return a lead or trainer, Mia, or the first manager of an office."""
        office = texts.company().cast["office"] if who == "mia" else who
        return self.people[who] if who in self.people else self.managers[office][0]

    def lead_of(self, objective: Objective) -> User:
        if objective.owner is None:
            raise ValueError(f"{objective} has no owner.")
        return objective.owner


def hire(*, calendar: days.Calendar) -> Staff:
    """Make the teams, the sales roles and all people with their places."""
    staff = Staff()
    _make_teams(staff)
    staff.roles = {
        key: SalesRole.objects.create(name=name, example=True)
        for key, name in texts.company().sales_roles
    }
    users = _Names(calendar)
    memberships: list[Membership] = []
    _make_office_staff(staff, users, memberships, calendar)
    _make_managers(staff, users, memberships, calendar)
    _make_reps(staff, users, memberships, calendar)
    User.objects.bulk_create(users.made)
    Membership.objects.bulk_create(memberships)
    return staff


def _make_teams(staff: Staff) -> None:
    company = texts.company()
    staff.teams[company.top] = Team.objects.create(name=company.top, example=True)
    for region, _head in company.regions:
        staff.teams[region] = Team.objects.create(name=region, parent=staff.top, example=True)
    for office in company.offices:
        staff.teams[office.name] = Team.objects.create(
            name=office.name, parent=staff.teams[office.region], example=True
        )


class _Names:
    """Makes users, not yet saved, each with an address of their own."""

    def __init__(self, calendar: days.Calendar) -> None:
        self.made: list[User] = []
        self._taken: set[str] = set()
        self._joined = calendar.at(200)
        cast_may_enter = settings.MODE in {"embedded", "test"}
        self._cast_password = make_password(PASSWORD if cast_may_enter else None)
        # One for all: it opens nothing, and 350 of their own would say nothing more.
        self._no_password = make_password(None)

    def user(self, name: str, role: Role, *, zone: str = "UTC", email: str = "") -> User:
        user = User(
            email=email or self._address(name),
            name=name,
            roles=[role.value],
            zone=zone,
            example=True,
            password=self._cast_password if email else self._no_password,
            date_joined=self._joined,
        )
        self.made.append(user)
        return user

    def _address(self, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("ß", "ss"))
        local = plain.encode("ascii", "ignore").decode().lower().replace(" ", ".")
        if local in self._taken:
            raise ValueError(f"Two people are called {name}.")
        self._taken.add(local)
        return f"{local}@{DOMAIN}"


def _make_office_staff(
    staff: Staff, users: _Names, memberships: list[Membership], calendar: days.Calendar
) -> None:
    """Leads and trainers work at the top; the admin has no place in sales."""
    company = texts.company()
    cast = company.cast
    staff.people["lena"] = users.user(cast["lena"], Role.LEAD, email="lena@example.com")
    staff.people["tom"] = users.user(cast["tom"], Role.TRAINER, email="tom@example.com")
    staff.people["ada"] = users.user(cast["ada"], Role.ADMIN, email="ada@example.com")
    for name in company.leads:
        staff.people[name] = users.user(name, Role.LEAD)
        staff.people[name.split()[0].lower()] = staff.people[name]
    for name in company.trainers:
        staff.people[name] = users.user(name, Role.TRAINER)
    at_the_top = {id(user): user for key, user in staff.people.items() if key != "ada"}
    memberships.extend(
        Membership(user=user, team=staff.top, begins=calendar.day(1500))
        for user in at_the_top.values()
    )


def _make_managers(
    staff: Staff, users: _Names, memberships: list[Membership], calendar: days.Calendar
) -> None:
    """One head a region, two managers an office. Mia has one of the two of her office."""
    company = texts.company()
    for region, head in company.regions:
        staff.managers[region] = [users.user(head, Role.MANAGER)]
    for office in company.offices:
        names = list(_full_names(office))[-MANAGERS_AN_OFFICE:]
        staff.managers[office.name] = [
            users.user(name, Role.MANAGER, zone=office.zone) for name in names
        ]
        if office.name == company.cast["office"]:
            mia = staff.managers[office.name][0]
            mia.name, mia.email = company.cast["mia"], "mia@example.com"
            mia.password = staff.people["lena"].password
    memberships.extend(
        Membership(user=user, team=staff.teams[team], begins=calendar.day(1200))
        for team, managers in staff.managers.items()
        for user in managers
    )


def _full_names(office: texts.Office) -> Iterator[str]:
    """Every first name with every last name, mixed, each pair once."""
    firsts, lasts = len(office.first), len(office.last)
    for turn in range(lasts):
        for place in range(firsts):
            yield f"{office.first[place]} {office.last[(place * 5 + turn) % lasts]}"


def _make_reps(
    staff: Staff, users: _Names, memberships: list[Membership], calendar: days.Calendar
) -> None:
    company = texts.company()
    chance = days.chance("reps")
    keys = [key for key, _ in company.sales_roles]
    for office in company.offices:
        names = _full_names(office)
        for key, number in zip(keys, office.reps, strict=True):
            for place in range(number):
                is_rosa = (office.name, key, place) == (company.cast["office"], "account", 0)
                if is_rosa:
                    user = users.user(
                        company.cast["rosa"],
                        Role.REP,
                        zone=office.zone,
                        email="rosa@example.com",
                    )
                    places: tuple[Place, ...] = (Place(office.name, calendar.day(1460)),)
                else:
                    user = users.user(next(names), Role.REP, zone=office.zone)
                    places = _career(office.name, calendar, chance)
                staff.reps.append(Rep(user, key, places))
    memberships.extend(
        Membership(
            user=rep.user,
            team=staff.teams[place.office],
            sales_role=staff.roles[rep.role],
            begins=place.begins,
            ends=place.ends,
        )
        for rep in staff.reps
        for place in rep.places
    )


def _career(office: str, calendar: days.Calendar, chance: Random) -> tuple[Place, ...]:
    """Most have been here for years; some are new, some came from another office."""
    dice = chance.random()
    if dice < NEW_SHARE:
        return (Place(office, calendar.day(chance.randint(4, 27))),)
    if dice < NEW_SHARE + RECENT_SHARE:
        return (Place(office, calendar.day(chance.randint(45, 150))),)
    begins = calendar.day(chance.randint(400, LONGEST_SERVICE))
    if dice < NEW_SHARE + RECENT_SHARE + MOVED_SHARE:
        before = chance.choice([other.name for other in texts.company().offices])
        moved = calendar.day(chance.randint(30, 120))
        if before != office and begins < moved - timedelta(days=1):
            return (Place(before, begins, moved), Place(office, moved))
    return (Place(office, begins),)
