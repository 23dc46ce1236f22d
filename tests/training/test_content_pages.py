"""What a module holds besides its words: pictures, a video, a quiz; and its next versions."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from align.dashboard.templatetags.parts import markdown
from align.people.models import Role
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from tests.training.test_learning_pages import QUIZ
from training import actions, quiz
from training.models import Mapping, MappingReview, Module, ModuleImage, ModuleVersion

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
TYPED = {
    "title": "Holding price",
    "kind": "practice",
    "hours": "0.75",
    "content": "Say it **out loud**.",
    "link": "",
    "video": "https://video.example.com/1",
    "pass_mark": "60",
    "edits": "0",
}
ROWS = {"questions-TOTAL_FORMS": "3", "questions-INITIAL_FORMS": "0"}
ONE = {
    "questions-0-question": "What first?",
    "questions-0-option_1": "Cost",
    "questions-0-option_3": "Price",
    "questions-0-right_1": "on",
}


@pytest.fixture
def drill(cast: make.Cast) -> Module:
    return make.module(owner=cast.tom, title="The drill", code="NEG-1")


@pytest.fixture
def draft(cast: make.Cast, drill: Module) -> ModuleVersion:
    return actions.new_version(module=drill, by=cast.tom, now=NOW)


@pytest.fixture
def tom(cast: make.Cast, client: Client) -> Client:
    client.force_login(cast.tom)
    return client


def edit(module: Module) -> str:
    return f"{module.get_absolute_url()}edit/"


def picture(body: bytes = PNG, name: str = "The three moves.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="text/html")


# Quiz and video


def test_a_draft_keeps_its_quiz_its_pass_mark_and_its_video(
    drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    assert tom.post(edit(drill), TYPED | ROWS | ONE).status_code == 302
    draft.refresh_from_db()
    assert (draft.video, draft.pass_mark) == ("https://video.example.com/1", 60)
    assert draft.quiz == [{"question": "What first?", "options": ["Cost", "Price"], "right": [0]}]
    page = tom.get(edit(drill)).content.decode()
    assert 'value="Cost"' in page
    assert "Question 3" in page
    assert "Question 4" not in page


def test_the_next_version_begins_with_all_of_it(
    cast: make.Cast, drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    tom.post(edit(drill), TYPED | ROWS | ONE)
    actions.publish_module(module=drill, by=cast.tom, now=NOW)
    after = actions.new_version(module=drill, by=cast.tom, now=NOW)
    draft.refresh_from_db()
    for name in ("content", "video", "quiz", "pass_mark"):
        assert getattr(after, name) == getattr(draft, name)


def test_another_question_comes_with_everything_typed_kept(
    drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    answer = tom.post(edit(drill), TYPED | ROWS | ONE | {"title": "Not saved yet", "add": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Not saved yet"' in page
    assert "What first?" in page
    assert "Question 4" in page
    draft.refresh_from_db()
    assert draft.title == "The drill"


def test_a_new_module_can_have_a_quiz_at_once(tom: Client) -> None:
    new = TYPED | {"code": "N-1", "new_program": "New"}
    more = tom.post("/training/modules/new/", new | ROWS | ONE | {"add": "1"})
    assert "Question 4" in more.content.decode()
    assert not Module.objects.exists()
    tom.post("/training/modules/new/", new | ROWS | ONE)
    assert len(ModuleVersion.objects.get().quiz) == 1


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"questions-0-option_3": ""}, "Question 1: give 2 to 6 options."),
        ({"questions-0-option_3": "cost"}, "Question 1: two options say the same."),
        ({"questions-0-right_1": ""}, "Question 1: mark at least one option as right."),
        ({"questions-0-right_5": "on"}, "What is right must be written."),
        ({"questions-0-question": ""}, "Question 1: write what is asked."),
        ({"questions-0-question": "x" * 401}, "at most 400 characters"),
        ({"questions-TOTAL_FORMS": "x"}, "ManagementForm data is missing"),
        ({"pass_mark": "101"}, "less than or equal to 100"),
        ({"video": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"video": "ftp://example.com/v"}, "Enter a valid URL"),
    ],
)
def test_what_is_wrong_with_a_quiz_is_said_and_nothing_is_lost(
    drill: Module, draft: ModuleVersion, tom: Client, typed: dict[str, str], message: str
) -> None:
    answer = tom.post(edit(drill), TYPED | ROWS | ONE | typed)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    draft.refresh_from_db()
    assert draft.quiz == []


def test_twenty_questions_and_no_more(drill: Module, draft: ModuleVersion, tom: Client) -> None:
    many = {"questions-TOTAL_FORMS": "21", "questions-INITIAL_FORMS": "0"}
    for at in range(21):
        many |= {name.replace("-0-", f"-{at}-"): value for name, value in ONE.items()}
    answer = tom.post(edit(drill), TYPED | many)
    assert answer.status_code == 422
    assert "at most 20 questions" in answer.content.decode()


def test_a_question_is_taken_out(drill: Module, draft: ModuleVersion, tom: Client) -> None:
    tom.post(edit(drill), TYPED | ROWS | ONE)
    tom.post(edit(drill), TYPED | ROWS | ONE | {"edits": "1", "questions-0-DELETE": "on"})
    draft.refresh_from_db()
    assert draft.quiz == []


def test_a_stale_save_shows_their_quiz_too(
    drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    tom.post(edit(drill), TYPED | ROWS | ONE)
    mine = {name: value.replace("What first?", "Mine first?") for name, value in ONE.items()}
    answer = tom.post(edit(drill), TYPED | ROWS | mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "1. What first?" in page
    assert "Mine first?" in page


def test_a_video_is_a_card_that_leads_out(
    drill: Module, draft: ModuleVersion, tom: Client, cast: make.Cast, read: Read
) -> None:
    tom.post(edit(drill), TYPED | {"content": ""})
    tom.post(f"{drill.get_absolute_url()}publish/")
    page = read(cast.rosa, f"/training/learn/{drill.pk}/")
    assert 'href="https://video.example.com/1" rel="noopener noreferrer"' in page
    assert "Watch the video" in page
    assert "<video" not in page
    assert "<iframe" not in page


def test_trainers_see_the_right_answers_and_others_do_not(
    cast: make.Cast, drill: Module, draft: ModuleVersion, tom: Client, read: Read
) -> None:
    tom.post(edit(drill), TYPED | ROWS | ONE)
    tom.post(f"{drill.get_absolute_url()}publish/")
    for who in (cast.tom, make.user("Tess", Role.TRAINER)):
        assert "What first?" in read(who, drill.get_absolute_url())
    for who in (cast.rosa, cast.mia, cast.lena, cast.ada):
        page = read(who, drill.get_absolute_url())
        assert "1 question, 60 % passes" in page
        assert "What first?" not in page


def test_a_large_form_stays_small_enough(drill: Module, draft: ModuleVersion, tom: Client) -> None:
    ModuleVersion.objects.filter(pk=draft.pk).update(quiz=quiz.as_json(QUIZ[:1] * 20))
    assert tom.get(edit(drill)).content.count(b"<") / 2 < 3000


@pytest.mark.parametrize("pictures", [1, 12])
def test_the_form_costs_the_same(
    cast: make.Cast,
    drill: Module,
    draft: ModuleVersion,
    tom: Client,
    pictures: int,
    django_assert_max_num_queries: Any,
) -> None:
    for at in range(pictures):
        actions.add_picture(
            module=drill, name="p.png", body=PNG + bytes([at]), by=cast.tom, now=NOW
        )
    with django_assert_max_num_queries(12):
        tom.get(edit(drill))


# Pictures


def test_a_picture_is_kept_beside_what_is_typed(
    drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    answer = tom.post(
        edit(drill),
        TYPED | ROWS | {"title": "Still typing", "add_picture": "1", "picture": picture()},
    )
    page = answer.content.decode()
    kept = ModuleImage.objects.get()
    assert answer.status_code == 200
    assert (kept.kind, kept.size, kept.name) == ("image/png", len(PNG), "The three moves")
    assert f"![The three moves](/training/images/{kept.ref}/)" in page
    assert 'value="Still typing"' in page
    again = picture(name="Again.png")
    tom.post(edit(drill), TYPED | ROWS | {"add_picture": "1", "picture": again})
    assert ModuleImage.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Choose a PNG, JPEG, WebP or GIF"),
        (b"%PDF-1.7", "Choose a PNG, JPEG, WebP or GIF"),
        (PNG + b"0" * 2 * 1024 * 1024, "at most 2 MB"),
    ],
    ids=["svg", "pdf", "large"],
)
def test_other_files_are_refused(
    drill: Module, draft: ModuleVersion, tom: Client, body: bytes, message: str
) -> None:
    sent = TYPED | ROWS | {"add_picture": "1", "picture": picture(body)}
    answer = tom.post(edit(drill), sent)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not ModuleImage.objects.exists()


def test_no_file_at_all_is_said(drill: Module, draft: ModuleVersion, tom: Client) -> None:
    answer = tom.post(edit(drill), TYPED | ROWS | {"add_picture": "1"})
    assert answer.status_code == 422
    assert "Choose a picture first." in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xd8\xff\xe0" + b"0" * 9, "image/jpeg"),
        (b"GIF89a" + b"0" * 9, "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_a_picture_is_sent_as_what_its_bytes_are(
    cast: make.Cast, drill: Module, client: Client, body: bytes, kind: str
) -> None:
    kept, _ = actions.add_picture(
        module=drill, name='a "b"\r\n](x).svg', body=body, by=cast.tom, now=NOW
    )
    client.force_login(cast.rosa)
    answer = client.get(kept.get_absolute_url())
    assert (answer.content, answer["Content-Type"]) == (body, kind)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    assert "private" in answer["Cache-Control"]
    assert kept.name == "a b x"


def test_pictures_of_a_draft_module_are_for_who_sees_it(
    cast: make.Cast, tom: Client, read: Read
) -> None:
    tom.post("/training/modules/new/", TYPED | {"code": "N-1", "new_program": "New"})
    kept, _ = actions.add_picture(
        module=Module.objects.get(), name="x.png", body=PNG, by=cast.tom, now=NOW
    )
    assert tom.get(kept.get_absolute_url()).status_code == 200
    for who in (cast.rosa, cast.mia, cast.lena):
        read(who, kept.get_absolute_url(), status=404)


def test_a_picture_stays_while_a_published_version_shows_it(
    cast: make.Cast, drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    kept, _ = actions.add_picture(module=drill, name="x.png", body=PNG, by=cast.tom, now=NOW)
    shown = {"content": f"![x]({kept.get_absolute_url()})"}
    tom.post(edit(drill), TYPED | shown)
    tom.post(f"{drill.get_absolute_url()}publish/")
    actions.new_version(module=drill, by=cast.tom, now=NOW)
    remove = TYPED | ROWS | {"remove_picture": str(kept.ref)}
    answer = tom.post(edit(drill), remove)
    assert answer.status_code == 422
    assert "Version 2 of NEG-1 shows this picture." in answer.content.decode()
    other, _ = actions.add_picture(module=drill, name="y", body=PNG + b"1", by=cast.tom, now=NOW)
    assert (
        tom.post(edit(drill), TYPED | ROWS | {"remove_picture": str(other.ref)}).status_code == 200
    )
    assert list(ModuleImage.objects.all()) == [kept]


def test_a_picture_of_another_module_is_not_taken_away(
    cast: make.Cast, drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    other = make.module(owner=make.user("Tess", Role.TRAINER))
    theirs, _ = actions.add_picture(module=other, name="x", body=PNG, by=other.owner, now=NOW)
    for ref in (str(theirs.ref), "nonsense", "\0"):
        tom.post(edit(drill), TYPED | ROWS | {"remove_picture": ref})
    assert ModuleImage.objects.filter(pk=theirs.pk).exists()


HERE = "/training/images/0b0c8f4e-41b0-4a83-8f0c-1d2f53a5a1c2/"


def test_our_pictures_are_shown_and_no_others() -> None:
    assert f'<img src="{HERE}" alt="Moves" loading="lazy">' in markdown(f"![Moves]({HERE})")
    for elsewhere in (
        "https://evil.example/x.png",
        f"//evil.example{HERE}",
        f"{HERE}?x=1",
        f"{HERE}../../logout/",
        "/accounts/logout/",
        "data:image/png;base64,AAAA",
        "javascript:alert(1)",
    ):
        html = markdown(f"![Words]({elsewhere}) and *more*")
        assert "<img" not in html, elsewhere
        assert "Words" in html
        assert "<em>more</em>" in html


def test_a_picture_cannot_carry_more_than_its_words() -> None:
    html = markdown(f'![a"onerror=alert(1)]({HERE} "onload=x")')
    assert "<img" in html
    assert " onload=" not in html
    assert html.count("onerror") == 1
    assert "&quot;onerror" in html


# The next version, and what was suspect


def revised(cast: make.Cast, place: Place) -> None:
    words = [make.behavior_words(sales_role=cast.role, statement="Opens with the last stop")]
    make.revise(place.objective, by=cast.lena, behaviors=words)


def test_publishing_asks_which_suspect_claims_were_checked(
    cast: make.Cast, place: Place, drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    old = make.mapping(module=drill, behavior=place.behavior)
    revised(cast, place)
    there = f"{drill.get_absolute_url()}publish/"
    page = tom.get(there).content.decode()
    assert "This version teaches it as it is now: Opens with the last stop" in page
    assert f"/training/mappings/{old.pk}/clear/" in page
    unsaid = tom.post(there, {f"checked_{old.pk}": "on", f"part_{old.pk}": " "})
    assert unsaid.status_code == 422
    assert "Say which part of the new version does it." in unsaid.content.decode()
    tom.post(there, {f"checked_{old.pk}": "on", f"part_{old.pk}": "Part 2."})
    new = Mapping.objects.alive().with_suspect().get()
    assert (new.rationale, new.suspect, new.cleared_at) == ("Part 2.", False, None)  # type: ignore[attr-defined]
    assert MappingReview.objects.get(mapping=new).fingerprint == new.reviewed_fingerprint


def test_what_is_not_checked_stays_suspect_on_the_new_version(
    cast: make.Cast, place: Place, drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    make.mapping(module=drill, behavior=place.behavior)
    revised(cast, place)
    tom.post(f"{drill.get_absolute_url()}publish/")
    new = Mapping.objects.alive().with_suspect().get()
    assert new.suspect  # type: ignore[attr-defined]
    assert new.rationale == "The second half is the drill."


def test_a_claim_of_another_module_is_not_checked_along(
    cast: make.Cast, place: Place, drill: Module, draft: ModuleVersion, tom: Client
) -> None:
    other = make.module(owner=cast.tom)
    theirs = make.mapping(module=other, behavior=place.behavior)
    revised(cast, place)
    actions.publish_module(module=drill, by=cast.tom, checked={theirs.pk: "All."}, now=NOW)
    assert Mapping.objects.alive().with_suspect().get().suspect  # type: ignore[attr-defined]
