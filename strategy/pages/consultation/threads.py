"""What was said about a paragraph, a page at a time: concerns with their answers, and comments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, When
from django.db.models.functions import Coalesce

from align.people.models import User
from strategy import days, evidence, text
from strategy.models import Comment, Concern, Round
from strategy.pages.consultation.asked import COMMENTS, CONCERNS, Asked
from strategy.pages.consultation.seats import Seat
from strategy.pages.consultation.stands import Stand

OPEN_AT_MOST = 8  # open concerns beside a text nobody has chosen a paragraph of
CONCERNS_A_PAGE = 20
COMMENTS_A_PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Thread:
    """One concern, with its evidence, its answer, and what the reader may do about it."""

    concern: Concern
    link: str
    draft: int  # it was raised on
    role: str  # the raiser was asked as
    quote: str  # the paragraph as it read then, where it reads otherwise now
    evidence: Sequence[evidence.Link]
    hidden: int  # reports the reader may not read
    days: int  # without an answer
    may_answer: bool
    may_settle: bool
    may_look: bool  # its day has come and the reader's word is asked


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One comment, or a reply to one."""

    comment: Comment
    draft: int
    is_reply: bool
    alone: bool  # a reply to something further up or not for this reader
    quote: str
    reply: str
    may_take_back: bool


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Where the threads of a paragraph go on."""

    back: str = ""
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A chosen paragraph and a page of what was said about it."""

    number: int
    code: str
    gone: bool
    threads: Sequence[Thread]
    remarks: Sequence[Remark]
    reply_to: Remark | None
    concerns: Pages
    comments: Pages


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who reads the threads of a round."""

    user: User
    seat: Seat
    asked: Asked
    rounds: Mapping[int, int]  # those they may read, up to this one: key and number
    text: Sequence[text.Paragraph]
    stands: Sequence[Stand]

    def threads(self, round_: Round, *, now: datetime) -> list[Thread]:
        """The concerns of the chosen paragraph, one too many to see whether there are more.

        Without a paragraph, the open ones: those that have no answer first.
        """
        if CONCERNS not in self.asked.show:
            return []
        concerns = (
            Concern.objects.filter(round__in=self.rounds)
            .select_related("raised_by", "answered_by", "file")
            .defer("file__body")
        )
        if self.asked.paragraph:
            start = (self.asked.concerns - 1) * CONCERNS_A_PAGE
            rows = concerns.filter(paragraph=self.asked.paragraph).order_by("pk")
            found = list(rows[start : start + CONCERNS_A_PAGE + 1])
        else:
            rows = concerns.exclude(settled=True)
            first = Case(When(answer="", then=0), default=1)
            found = list(rows.order_by(first, "pk")[:OPEN_AT_MOST])
        refs = [ref for row in found for ref in row.reports]
        links = evidence.reports(self.user, refs) if refs else {}
        today = days.day_of(now, strategy=round_.revision.objective.strategy)
        return [self.thread(row, links, today=today, now=now) for row in found]

    def thread(
        self,
        concern: Concern,
        links: Mapping[UUID, evidence.Link],
        *,
        today: date,
        now: datetime,
    ) -> Thread:
        raised = concern.raised_by_id == self.user.pk
        known = [links[ref] for ref in concern.reports if ref in links]
        roles = {row.person.pk: row.role for row in self.stands}
        word = concern.raiser_outcome if raised else concern.lead_outcome
        return Thread(
            concern=concern,
            link=self.asked.link(concern.paragraph, at=f"c{concern.pk}"),
            draft=self.rounds[concern.round_id],
            role=roles.get(concern.raised_by_id or 0, ""),
            quote=self.quote(concern.paragraph, concern.quote),
            evidence=known,
            hidden=len(concern.reports) - len(known),
            days=(now - concern.raised_at).days,
            may_answer=self.seat.leads,
            may_settle=raised and bool(concern.answer) and self.seat.live,
            may_look=concern.check_on <= today and not word and (raised or self.seat.writes),
        )

    def quote(self, paragraph: int, then: str) -> str:
        """How a paragraph read then, where it reads otherwise now."""
        now = next((row.whole for row in self.text if row.number == paragraph), "")
        return then if then != now else ""

    def place(self, threads: Sequence[Thread]) -> Place:
        paragraph = self.asked.paragraph
        here = next((row for row in self.text if row.number == paragraph), None)
        remarks = self.remarks() if COMMENTS in self.asked.show else []
        asked = [row for row in remarks if row.comment.pk == self.asked.reply]
        return Place(
            number=paragraph,
            code=here.code if here else "",
            gone=here is None,
            threads=threads[:CONCERNS_A_PAGE],
            remarks=remarks[:COMMENTS_A_PAGE],
            reply_to=asked[0] if asked else None,
            concerns=self.pages("concerns", len(threads) > CONCERNS_A_PAGE),
            comments=self.pages("comments", len(remarks) > COMMENTS_A_PAGE),
        )

    def pages(self, name: str, more: bool) -> Pages:
        page = getattr(self.asked, name)
        to = self.asked.link
        at = f"{name}-here"
        return Pages(
            back=to(self.asked.paragraph, at=at, **{name: page - 1}) if page > 1 else "",
            more=to(self.asked.paragraph, at=at, **{name: page + 1}) if more else "",
        )

    def remarks(self) -> list[Remark]:
        """A page of the comments on the chosen paragraph, thread by thread, and one too many."""
        start = (self.asked.comments - 1) * COMMENTS_A_PAGE
        rows = list(
            Comment.objects.filter(round__in=self.rounds, paragraph=self.asked.paragraph)
            .annotate(first=Coalesce("thread_id", "pk"))
            .select_related("author")
            .order_by("first", "at", "pk")[start : start + COMMENTS_A_PAGE + 1]
        )
        there = {row.pk for row in rows}
        return [self.remark(row, there) for row in rows]

    def remark(self, comment: Comment, there: Collection[int]) -> Remark:
        key = comment.thread_id or comment.pk
        pages = {"comments": self.asked.comments} if self.asked.comments > 1 else {}
        return Remark(
            comment=comment,
            draft=self.rounds[comment.round_id],
            is_reply=comment.thread_id is not None,
            alone=comment.thread_id is not None and comment.thread_id not in there,
            quote="" if comment.thread_id else self.quote(comment.paragraph, comment.quote),
            reply=self.asked.link(comment.paragraph, at="say", **pages, reply=key),
            may_take_back=comment.author_id == self.user.pk and not comment.taken_back_at,
        )
