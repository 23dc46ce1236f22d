"""Pictures in the content of a module."""

from datetime import datetime

from django.db import transaction

from align.people.models import User
from training.actions.words import Invalid
from training.models import Module, ModuleImage, ModuleVersion

PICTURE_AT_MOST = 2 * 1024 * 1024
PICTURES_AT_MOST = 60  # in one module

STARTS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def picture_kind(body: bytes) -> str:
    """Return the media type that the bytes show, whatever the name says; empty for others.

    No SVG: it is a document that can hold scripts.
    """
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in STARTS.items() if body.startswith(start)), "")


@transaction.atomic
def add_picture(
    *, module: Module, name: str, body: bytes, by: User, now: datetime
) -> tuple[ModuleImage, bool]:
    """Keep a picture; the same bytes again are the same picture. Raises Invalid."""
    kind = picture_kind(body)
    if not kind:
        raise Invalid({"picture": "Choose a PNG, JPEG, WebP or GIF picture."})
    if len(body) > PICTURE_AT_MOST:
        raise Invalid({"picture": "Choose a picture of at most 2 MB."})
    Module.objects.select_for_update(of=("self",)).get(pk=module.pk)  # one after the other
    known = ModuleImage.objects.filter(module=module, size=len(body), body=body).first()
    if known is not None:
        return known, False
    if ModuleImage.objects.filter(module=module).count() >= PICTURES_AT_MOST:
        raise Invalid({"picture": f"A module has at most {PICTURES_AT_MOST} pictures."})
    made = ModuleImage.objects.create(
        module=module,
        name=bare_name(name),
        kind=kind,
        size=len(body),
        body=body,
        author=by,
        created_at=now,
    )
    return made, True


def bare_name(name: str) -> str:
    """Return what a name says without its ending and without what Markdown would read."""
    stem = name.rpartition(".")[0] or name
    plain = "".join(letter if letter.isalnum() or letter in " -,'" else " " for letter in stem)
    return " ".join(plain.split())[:120] or "picture"


@transaction.atomic
def remove_picture(*, picture: ModuleImage) -> None:
    """Take a picture away. Raises Invalid while a published version, of any module, shows it."""
    shown = ModuleVersion.objects.filter(
        state=ModuleVersion.State.PUBLISHED, content__contains=str(picture.ref)
    ).select_related("module")
    if found := shown.first():
        raise Invalid(
            {"picture": f"Version {found.number} of {found.module.code} shows this picture."}
        )
    picture.delete()
