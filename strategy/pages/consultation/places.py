"""Where a round, a paragraph and a concern are found."""

from django.db.models import QuerySet

from align.people.models import User
from strategy.models import Concern, Revision, Round
from strategy.pages.consultation.asked import Asked
from strategy.pages.consultation.threads import CONCERNS_A_PAGE


def of(user: User) -> QuerySet[Round]:
    """The rounds a person may read, with everything a page says about their draft."""
    return Round.objects.visible_to(user).select_related(
        "opened_by",
        "revision__objective__strategy__lead",
        "revision__objective__owner",
        "revision__objective__current",
    )


def newest(user: User, revision: Revision) -> Round | None:
    """The newest shared text of a draft this person may read."""
    return of(user).filter(revision=revision).order_by("-number").first()


def address(round_: Round, paragraph: int = 0, *, at: str = "") -> str:
    """The address of a round, or of a paragraph in it."""
    place = Asked().link(paragraph, at=at) if paragraph else ""
    return f"{round_.get_absolute_url()}{place}"


def address_of(concern: Concern, user: User) -> str:
    """The place of a concern: its paragraph, in the newest text the reader was asked about."""
    found = newest(user, concern.round.revision) or concern.round
    earlier = Concern.objects.filter(
        round__in=Round.objects.visible_to(user).filter(revision=concern.round.revision_id),
        paragraph=concern.paragraph,
        pk__lt=concern.pk,
    ).count()
    page = earlier // CONCERNS_A_PAGE + 1
    pages = {"concerns": page} if page > 1 else {}
    place = Asked().link(concern.paragraph, at=f"c{concern.pk}", **pages)
    return f"{found.get_absolute_url()}{place}"
