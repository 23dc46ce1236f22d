"""What every page shows around its content: where one can go, what waits, whose page it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from align.notices.models import Notice
from align.people.models import Role, Team, User
from strategy.models import Participant, Round

LEAD, TRAINER, MANAGER, REP, ADMIN = Role.LEAD, Role.TRAINER, Role.MANAGER, Role.REP, Role.ADMIN


@dataclass(frozen=True, kw_only=True)
class Place:
    """One entry of the navigation: who may use it, and which addresses belong to it."""

    label: str
    icon: str
    name: str
    under: tuple[str, ...] = ()  # prefixes of addresses, besides its own
    roles: frozenset[Role] = frozenset(Role)


def only(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


PLACES = (
    Place(label="Today", icon="sun", name="dashboard:today", under=("/start/",)),
    Place(label="Tell", icon="megaphone", name="feedback:tell", roles=only(REP)),
    Place(
        label="Answers",
        icon="message-square",
        name="feedback:mine",
        under=("/voice/answers/",),
        roles=only(REP),
    ),
    Place(label="Learn", icon="book-open", name="training:learn", roles=only(REP)),
    Place(
        label="My strategy",
        icon="route",
        name="dashboard:mine",
        under=("/recall/",),
        roles=only(REP),
    ),
    Place(
        label="Strategy",
        icon="route",
        name="strategy:list",
        under=("/consultations/", "/concerns/"),
        roles=only(LEAD, TRAINER, MANAGER),
    ),
    Place(
        label="Coverage",
        icon="grid-3x3",
        name="dashboard:coverage",
        under=("/objectives/", "/behaviors/"),
        roles=only(LEAD, TRAINER, MANAGER),
    ),
    Place(
        label="Training",
        icon="graduation-cap",
        name="training:gaps",
        under=("/import/",),
        roles=only(LEAD, TRAINER),
    ),
    Place(
        label="Field voice",
        icon="megaphone",
        name="feedback:inbox",
        roles=only(LEAD, TRAINER),
    ),
    Place(label="Team", icon="users", name="dashboard:team", roles=only(MANAGER)),
    Place(label="People", icon="users", name="people:list", roles=only(ADMIN)),
)
BESIDE = (
    Place(label="Flags", icon="flag", name="strategy:flags", roles=only(LEAD, TRAINER, MANAGER)),
    Place(label="Notices", icon="bell", name="notices:list"),
    Place(label="Settings", icon="settings", name="people:settings", under=("/accounts/",)),
    Place(label="Admin", icon="shield", name="admin:index", roles=only(ADMIN)),
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A place as one page shows it."""

    label: str
    icon: str
    link: str
    current: bool
    count: int = 0
    counted: str = ""  # what is counted


# What is counted beside a place, for whom cannot see that it stands there.
COUNTED = {"notices:list": "unread", "strategy:list": "to answer"}


class Shell:
    """Reads lazily, so that pages without navigation ask the database nothing."""

    def __init__(self, *, user: User | AnonymousUser, path: str) -> None:
        self._user = user
        self._path = path

    @cached_property
    def person(self) -> User | None:
        """The person whose page it is, or None before the sign-in."""
        return self._user if isinstance(self._user, User) else None

    @property
    def person_key(self) -> str:
        """What a phone knows this person by: says nothing, and is nobody else's."""
        if self.person is None:
            return ""
        return salted_hmac("align.queue", str(self.person.pk), algorithm="sha256").hexdigest()[:32]

    @cached_property
    def places(self) -> Sequence[Entry]:
        return self._entries(PLACES)

    @cached_property
    def beside(self) -> Sequence[Entry]:
        return self._entries(BESIDE)

    @property
    def unread(self) -> int:
        """How many notices this person has not read."""
        return self._waiting["unread"]

    @property
    def answers_due(self) -> int:
        """How many open drafts wait for this person's answer."""
        return self._waiting["due"]

    @cached_property
    def _waiting(self) -> dict[str, int]:
        """Count both in one query."""
        if self.person is None:
            return {"unread": 0, "due": 0}
        unread = Notice.objects.filter(person=OuterRef("pk"), read_at=None)
        asked = Participant.objects.filter(
            person=OuterRef("pk"),
            position=None,
            round__in=Round.objects.open(now=timezone.now()).values("pk"),
        )
        counts = User.objects.annotate(unread=_count(unread), due=_count(asked))
        found = counts.values_list("unread", "due").get(pk=self.person.pk)
        return dict(zip(("unread", "due"), found, strict=True))

    @cached_property
    def example(self) -> bool:
        """Whether the example company is here, which every page then says."""
        return self.person is not None and Team.objects.filter(example=True).exists()

    @cached_property
    def _here(self) -> str:
        """The name of the place this page belongs to: the one with the longest prefix."""
        prefixes = {
            prefix: place.name
            for place in self._open((*PLACES, *BESIDE))
            for prefix in (reverse(place.name), *place.under)
        }
        home = reverse("dashboard:today")
        fitting = [
            prefix
            for prefix in prefixes
            if self._path == prefix or (prefix != home and self._path.startswith(prefix))
        ]
        return prefixes[max(fitting, key=len)] if fitting else ""

    def _open(self, places: Iterable[Place]) -> Iterable[Place]:
        """Leave out what no role of this person may use."""
        mine = set(self.person.roles) if self.person else set()
        return (place for place in places if place.roles == frozenset(Role) or place.roles & mine)

    @property
    def _counts(self) -> dict[str, int]:
        return {"notices:list": self.unread, "strategy:list": self.answers_due}

    def _entries(self, places: Iterable[Place]) -> Sequence[Entry]:
        return [
            Entry(
                label=place.label,
                icon=place.icon,
                link=reverse(place.name),
                current=place.name == self._here,
                count=self._counts.get(place.name, 0),
                counted=COUNTED.get(place.name, ""),
            )
            for place in self._open(places)
        ]


def _count(rows: QuerySet[Any]) -> Coalesce:
    """Count a person's rows."""
    counts = rows.order_by().values("person").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts, output_field=IntegerField()), 0)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template the shell. It costs two queries, on pages that show it."""
    user = getattr(request, "user", AnonymousUser())
    return {"shell": Shell(user=user, path=request.path)}
