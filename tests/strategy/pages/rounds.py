"""A draft in consultation, as the tests of its pages need it: now, and with everybody there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from align.people.models import Role, User
from strategy import actions as strategy
from strategy import text
from strategy.models import Concern, Objective, Revision, Round, Strategy
from tests import make

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
WHY = "A stopped line costs our customer more than any pump."


@dataclass(frozen=True)
class World:
    """Lena asks Tom and Mia about A4; Tess trains too and was not asked."""

    cast: make.Cast
    plan: Strategy
    objective: Objective
    tess: User

    @property
    def draft(self) -> Revision:
        return self.objective.revisions.drafts().get()

    @property
    def round(self) -> Round:
        return Round.objects.filter(revision__objective=self.objective).order_by("-number")[0]

    @property
    def address(self) -> str:
        return self.round.get_absolute_url()

    def at(self, part: str = "we_will") -> int:
        return make.paragraph(self.round, part)

    def share(self, people: Sequence[User] = ()) -> Round:
        return make.round_(
            self.objective,
            by=self.cast.lena,
            people=people or [self.cast.tom, self.cast.mia],
            now=timezone.now(),
        )

    def save(self, **words: str) -> Revision:
        draft = self.draft
        now = {name: getattr(draft, name) for name in strategy.WORDS}
        return strategy.edit_draft(
            revision=draft,
            words=strategy.Words(**(now | words)),
            behaviors=strategy.behavior_words(draft),
            edits=draft.edits,
            by=self.cast.lena,
            now=timezone.now(),
        )

    def publish(self, **given: Any) -> Objective:
        draft = self.draft
        return strategy.publish(
            revision=draft, edits=draft.edits, by=self.cast.lena, now=timezone.now(), **given
        )

    def concern(self, **given: Any) -> Concern:
        given = {"by": self.cast.tom} | given
        return make.concern(self.round, now=timezone.now(), **given)

    def end(self) -> Round:
        """Let its time be over."""
        opened = timezone.now() - timedelta(days=2)
        ended = timezone.now() - timedelta(days=1)
        Round.objects.filter(pk=self.round.pk).update(opened_at=opened, closes_at=ended)
        return self.round

    def text(self) -> list[text.Paragraph]:
        return text.thawed(self.round.text)


def build() -> World:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team], name="From pumps to uptime")
    objective = make.draft(strategy_=plan, by=cast.lena, code="A4")
    world = World(cast, plan, objective, make.user("Tess", Role.TRAINER))
    world.share()
    return world


def as_(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def main(answer: Any) -> str:
    """What a page says, without its frame."""
    page: str = answer.content.decode()
    return page.partition("<main")[2].partition("</main")[0]
