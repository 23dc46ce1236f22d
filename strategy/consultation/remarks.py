"""Comments on paragraphs, and replies to them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from align.people.models import User
from strategy.actions import Invalid
from strategy.consultation.doors import locked_round, paragraph_of, record, speaks, tell
from strategy.models import Comment, Round


@transaction.atomic
def comment(
    *,
    round_: Round,
    by: User,
    paragraph: int,
    words: str,
    thread: Comment | None = None,
    now: datetime,
) -> Comment:
    """Remark on a paragraph, or reply to a remark. Raises Invalid, RoundClosed."""
    found = locked_round(round_, now=now)
    speaks(found, by)
    place = paragraph_of(found, paragraph)
    errors = {}
    if not words.strip():
        errors["text"] = "Write your comment."
    if place is None:
        errors["paragraph"] = "There is no such paragraph in this draft."
    if thread is not None and not _same_place(thread, found, paragraph):
        errors["thread"] = "That remark is on another paragraph."
    if errors or place is None:
        raise Invalid(errors)
    made = Comment.objects.create(
        round=found,
        paragraph=paragraph,
        quote=place.whole,
        thread=(thread.thread or thread) if thread else None,
        author=by,
        at=now,
        text=words.strip(),
    )
    record(
        "commented",
        round_=found,
        after={"comment": made.pk, "paragraph": paragraph},
        by=by,
        now=now,
    )
    tell(
        thread.author_id if thread else None,
        by=by,
        key=f"reply:{made.pk}",
        text=f"{by} replied to your remark on paragraph {paragraph}.",
        link=f"{found.get_absolute_url()}?p={paragraph}",
        now=now,
    )
    return made


def _same_place(thread: Comment, round_: Round, paragraph: int) -> bool:
    """A thread goes on through the rounds of one draft, for those who were asked in its round."""
    return thread.round.revision_id == round_.revision_id and thread.paragraph == paragraph


@transaction.atomic
def take_back(*, comment: Comment, by: User, now: datetime) -> Comment:
    """Take one's own remark back; that there was one stays to be seen. Twice is once."""
    found = Comment.objects.select_for_update().select_related("round").get(pk=comment.pk)
    if found.author_id != by.pk:
        raise PermissionDenied("Only the one who wrote it takes it back.")
    if found.taken_back_at is None:
        record(
            "comment taken back",
            round_=found.round,
            before={"comment": found.pk},
            by=by,
            now=now,
        )
        found.taken_back_at, found.text = now, "Taken back."
        found.save(update_fields=["taken_back_at", "text"])
    return found
