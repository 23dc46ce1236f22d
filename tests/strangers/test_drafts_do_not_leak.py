"""A draft that was not shared with a person does not appear to them, by no channel there is.

Random drafts, rounds and remarks, each with words of its own; every address of the table of
strangers, asked by everybody, and everything that was sent to them. Two promises:

- nobody reads words that were not shared with them;
- for who has no part in any draft, the whole application says byte for byte the same as if there
  were none: no count, no gap in a number, no longer list.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from align.notices import mail as mailing
from align.notices.models import Notice
from align.people.models import Role, User
from strategy import actions as strategy
from strategy import consultation
from strategy.models import (
    Behavior,
    Comment,
    Concern,
    History,
    Objective,
    Position,
    Revision,
    Round,
    Strategy,
    Suggestion,
)
from tests import make
from tests.make import NOW
from tests.strangers import table

SECRET = re.compile(rb"zq\d+zq", re.IGNORECASE)
# What differs from one answer to the next without saying anything.
NOISE = re.compile(
    rb'name="(csrfmiddlewaretoken|client_key)" value="[^"]*"|nonce="[^"]*"|nonce-[^\' ;]*'
)


@dataclass(frozen=True)
class Plan:
    """One draft to be: which kind, whose, who is asked, and what is done with it."""

    kind: str  # "new", "next", or "hidden": in a strategy that is itself a draft
    lead: str
    asked: frozenset[str]
    again: frozenset[str]  # asked in a second round, on words saved since
    edited: bool  # saved once more after the last round
    spoken: bool
    ends: str  # "", "withdrawn" or "discarded"


IDS_OF_A_KIND = 2  # tried at each address, the newest
PEOPLE = st.frozensets(st.sampled_from(["Tom", "Theo", "Mia", "Otto", "Lena"]), max_size=3)
PLANS = st.builds(
    Plan,
    kind=st.sampled_from(["new", "next", "hidden"]),
    lead=st.sampled_from(["Lena", "Otto"]),
    asked=PEOPLE,
    again=PEOPLE,
    edited=st.booleans(),
    spoken=st.booleans(),
    ends=st.sampled_from(["", "", "withdrawn"]),
)


@dataclass
class World:
    cast: make.Cast
    people: dict[str, User]
    plans: dict[str, Strategy]  # in force, by lead
    secrets: dict[bytes, set[str]] = field(default_factory=dict)  # word -> who may read it
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def build(cls) -> "World":
        cast = make.cast()
        people = {
            "Lena": cast.lena,
            "Tom": cast.tom,
            "Mia": cast.mia,
            "Rosa": cast.rosa,
            "Ada": cast.ada,
            "Otto": make.user("Otto", Role.LEAD),
            "Theo": make.user("Theo", Role.TRAINER),
        }
        plans = {
            name: make.active_strategy(lead=people[name], teams=[cast.team], name=f"Of {name}")
            for name in ("Lena", "Otto")
        }
        for name, plan in plans.items():
            for code in "AB":
                made = make.objective(strategy_=plan, by=people[name], code=f"{name[0]}{code}")
                make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(made))
        return cls(cast, people, plans)

    def secret(self, *readers: str) -> str:
        word = f"zq{next(self.numbers)}zq"
        self.secrets[word.encode()] = set(readers)
        return word

    def play(self, plan: Plan) -> None:
        """Do what the plan says, in words only the right people may ever read."""
        lead = self.people[plan.lead]
        objective = self.draft(plan, lead)
        asked: set[str] = set()
        for people in (plan.asked, plan.again):
            if people:
                asked |= people
                self.share(objective, plan, people, asked)
                self.write(objective, lead, self.secret(plan.lead))
        if plan.edited:
            self.write(objective, lead, self.secret(plan.lead))
        if plan.ends:
            draft = objective.revisions.drafts().get()
            strategy.discard_draft(revision=draft, by=lead, now=NOW)

    def draft(self, plan: Plan, lead: User) -> Objective:
        if plan.kind == "next":
            names = Objective.objects.filter(strategy=self.plans[plan.lead], current__isnull=False)
            free = names.exclude(revisions__state="draft").order_by("code").first()
            if free is not None:
                strategy.open_draft(objective=free, by=lead, now=NOW)
                self.write(free, lead, self.secret(plan.lead))
                return free
        home = self.plans[plan.lead]
        if plan.kind == "hidden":
            home = strategy.create_strategy(
                name=self.secret(plan.lead), lead=lead, teams=[self.cast.team], now=NOW
            )
        made = make.draft(
            strategy_=home, by=lead, code=self.secret(plan.lead), title=self.secret(plan.lead)
        )
        self.write(made, lead, self.secret(plan.lead))
        return made

    def write(self, objective: Objective, lead: User, word: str) -> None:
        """Save a draft of which every part says the word."""
        draft = objective.revisions.drafts().get()
        words = {name: getattr(draft, name) for name in strategy.WORDS}
        words |= {
            name: f"{name} {word}"
            for name in ("title", "we_will", "we_stop", "segment", "hypothesis", "why")
        }
        behaviors = [
            make.behavior_words("B1", sales_role=self.cast.role, statement=f"Shows {word}"),
            make.behavior_words("B2", sales_role=self.cast.role, statement=f"Tells {word}"),
        ]
        strategy.edit_draft(
            revision=draft,
            words=strategy.Words(**words),
            behaviors=behaviors,
            edits=draft.edits,
            reason=f"Because of {word}",
            by=lead,
            now=NOW,
        )

    def share(
        self, objective: Objective, plan: Plan, people: frozenset[str], asked: set[str]
    ) -> None:
        """Ask people about the draft; its words are theirs too from then on."""
        shared = make.round_(
            objective,
            by=self.people[plan.lead],
            people=[self.people[name] for name in sorted(people)],
        )
        for word in SECRET.findall(repr(shared.text).encode()):
            self.secrets[word] |= people
        # Its codes stand in what is said to those who are asked.
        self.secrets.get(objective.code.encode(), set()).update(people)
        if plan.spoken:
            self.speak(shared, plan, people)

    def speak(self, shared: Round, plan: Plan, people: frozenset[str]) -> None:
        readers = [plan.lead, *people]
        by = self.people[min(people)]

        def say() -> str:
            return f"Said in this round alone: {self.secret(*readers)}"

        number = make.paragraph(shared)
        consultation.take_position(
            round_=shared, by=by, stance=Position.Stance.CANNOT, why=say(), note=say(), now=NOW
        )
        concern = make.concern(shared, by=by, symptom=say())
        consultation.answer_concern(
            concern=concern, by=self.people[plan.lead], answer="testing", words=say(), now=NOW
        )
        consultation.comment(round_=shared, by=by, paragraph=number, words=say(), now=NOW)
        consultation.suggest(
            round_=shared, by=by, sales_role=self.cast.role, statement=say(), now=NOW
        )

    def ids(self) -> dict[str, list[Any]]:
        """Every id a stranger could try, by the name the table gives it."""

        def pks(model: Any) -> list[Any]:
            return list(model.objects.order_by("pk").values_list("pk", flat=True))

        return {
            "strategy": pks(Strategy),
            "slug": list(Strategy.objects.order_by("pk").values_list("slug", flat=True)),
            "objective": pks(Objective),
            "draft": pks(Revision),
            "behavior": pks(Behavior),
            "round": pks(Round),
            "concern": pks(Concern),
            "comment": pks(Comment),
            "suggestion": pks(Suggestion),
            "history": pks(History),
        }


def addresses(ids: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Yield every address of the table that is read, with every id; and what people search."""
    for row in table.rows():
        names = re.findall(r"{(\w+)}", row.address)
        kinds = {name.rpartition("_")[2] for name in names}
        if row.method != "GET" or len(kinds) > 1 or row.address.startswith("/readyz"):
            continue
        if not kinds:
            yield row.address
        for kind in kinds & ids.keys():
            for value in ids[kind][-IDS_OF_A_KIND:]:
                yield row.address.format(**dict.fromkeys(names, value))
    for words in ("zq", "uptime", "B2", "draft"):
        yield f"/search/?q={words}"


def read(client: Client, address: str) -> bytes:
    client.cookies.pop("messages", None)  # said on this page about the one before
    with transaction.atomic():
        answer = client.get(address)
        transaction.set_rollback(True)
    body = b"".join(answer) if answer.streaming else answer.content
    kept = [answer.headers.get(name, "") for name in ("ETag", "Location", "Content-Disposition")]
    return NOISE.sub(b"", body) + "".join(kept).encode()


def client_of(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def told(person: User) -> bytes:
    """Everything that was sent to somebody: notices and mail."""
    rows = Notice.objects.filter(person=person).values_list("key", "text", "link")
    letters = [letter.message().as_string() for letter in mail.outbox if person.email in letter.to]
    return repr((list(rows), letters)).encode()


@pytest.mark.django_db
@settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a world takes seconds; no shrinking
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plans=st.lists(PLANS, min_size=1, max_size=3))
def test_nobody_reads_what_was_not_shared_with_them(plans: list[Plan]) -> None:
    with transaction.atomic():
        leaks = list(found_leaks(plans))
        transaction.set_rollback(True)
    mail.outbox.clear()
    assert not leaks, "\n" + "\n".join(leaks)


def found_leaks(plans: Sequence[Plan]) -> Iterator[str]:
    world = World.build()
    clients = {name: client_of(person) for name, person in world.people.items()}
    involved = {plan.lead for plan in plans} | {
        name for plan in plans for name in plan.asked | plan.again
    }
    outside = sorted(world.people.keys() - involved)[:1]
    known = world.ids()
    before = {name: everything(clients[name], {}) for name in outside}
    for plan in plans:
        world.play(plan)
    mailing.mail_due(now=NOW)
    new = {
        kind: [value for value in values if value not in known[kind]]
        for kind, values in world.ids().items()
    }
    for name in sorted(involved)[:3] + outside:
        found = everything(clients[name], new) | {"what was sent": told(world.people[name])}
        for address, body in found.items():
            for word in set(SECRET.findall(body)):
                if name not in world.secrets[word.lower()]:
                    yield f"{name} reads {word.decode()} at {address}"
    for name, said in before.items():
        after = everything(clients[name], {})
        yield from (f"{name} notices at {where}" for where in said if said[where] != after[where])


def everything(client: Client, ids: Mapping[str, Sequence[Any]]) -> dict[str, bytes]:
    return {address: read(client, address) for address in sorted(set(addresses(ids)))}
