"""Quizzes, pictures, progress and successors, through the API."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from strategy.models import Objective
from tests import make
from tests.api.caller import BASE, Caller
from tests.make import NOW
from training import actions
from training.models import Attempt, Completion, Mapping, Module, ModuleImage

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
QUIZ = [
    {"question": "What first?", "options": ["Cost", "Price"], "right": [0]},
    {"question": "Whom?", "options": ["Plant", "Purchasing", "Nobody"], "right": [0, 1]},
]


@pytest.fixture
def module(cast: make.Cast, tom: Caller) -> Module:
    made = make.module(owner=cast.tom)
    draft = tom.post(f"modules/{made.pk}/draft/").json()
    words = {name: draft[name] for name in ("title", "kind", "hours", "content", "edits")}
    saved = tom.put(
        f"versions/{draft['id']}/",
        **words,
        quiz=QUIZ,
        pass_mark=60,
        video="https://video.example.com/1",
    )
    assert saved.status_code == 200, saved.content
    assert saved.json()["quiz"][1]["right"] == [0, 1]
    assert tom.post(f"modules/{made.pk}/publish/").status_code == 200
    made.refresh_from_db()
    return made


def tried(module: Module, *answers: list[int], **more: Any) -> dict[str, Any]:
    assert module.current is not None
    key = str(uuid.uuid4())
    return {"version": module.current.pk, "answers": list(answers), "client_key": key} | more


def test_the_right_answers_are_for_trainers(tom: Caller, rosa: Caller, module: Module) -> None:
    assert module.current is not None
    address = f"versions/{module.current.pk}/"
    shown = tom.get(address).json()
    assert (shown["video"], shown["pass_mark"]) == ("https://video.example.com/1", 60)
    assert [question["right"] for question in shown["quiz"]] == [[0], [0, 1]]
    hidden = rosa.get(address).json()["quiz"]
    assert [question["right"] for question in hidden] == [None, None]
    assert [question["several"] for question in hidden] == [False, True]
    assert rosa.get(f"modules/{module.pk}/").json()["current"]["quiz"] == hidden


def test_a_try_is_judged_kept_once_and_completes(rosa: Caller, module: Module) -> None:
    sent = tried(module, [0], [0, 1])
    first, again = rosa.post("attempts/", **sent), rosa.post("attempts/", **sent)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    assert (first.json()["passed"], first.json()["score"]) == (True, "100.00")
    assert rosa.post("attempts/", **(sent | {"answers": [[1], [0]]})).status_code == 409
    assert Completion.objects.get().score == 100
    assert len(rosa.rows("attempts/", passed="true")) == 1


def test_a_failed_try_says_what_to_read_again_and_nothing_more(
    rosa: Caller, mia: Caller, module: Module
) -> None:
    answer = rosa.post("attempts/", **tried(module, [0], [0]))
    assert (answer.json()["passed"], answer.json()["read_again"]) == (False, [2])
    assert not {"answers", "right", "quiz"} & set(answer.json())
    assert not Completion.objects.exists()
    assert mia.rows("attempts/") == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answers": [[0]]}, "answers.1"),
        ({"answers": [[0], []]}, "answers.1"),
        ({"answers": [[0], [0], [0]]}, "answers"),
        ({"answers": [[5], [0]]}, "answers"),
        ({"answers": [[True], [0]]}, "answers.0.0"),
        ({"answers": "x"}, "answers"),
        ({"client_key": "x"}, "client_key"),
        ({"version": 999_999}, "version"),
        ({"score": 100}, "score"),
    ],
    ids=str,
)
def test_a_wrong_try_is_named(
    rosa: Caller, module: Module, changes: dict[str, Any], field: str
) -> None:
    answer = rosa.post("attempts/", **(tried(module, [0], [0, 1]) | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert not Attempt.objects.exists()


def test_a_rep_cannot_record_past_a_quiz_and_a_trainer_can(
    rosa: Caller, tom: Caller, module: Module
) -> None:
    assert module.current is not None
    sent = {
        "person": "rosa@example.com",
        "version": module.current.pk,
        "completed_at": "2026-11-02T09:00:00Z",
        "source": "lms",
        "external_id": "1",
    }
    refused = rosa.post("completions/", **sent)
    assert refused.status_code == 400
    assert "Passing it completes it." in refused.json()["fields"]["version"][0]
    assert rosa.post("completions/batch/", completions=[sent]).status_code == 400
    assert tom.post("completions/", **sent).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quiz": [QUIZ[0] | {"right": []}]}, "quiz.0.right"),
        ({"quiz": [QUIZ[0] | {"right": [4]}]}, "quiz.0.right"),
        ({"quiz": [QUIZ[0] | {"options": ["a"]}]}, "quiz.0.options"),
        ({"quiz": [QUIZ[0] | {"options": ["a", "a"]}]}, "quiz.0.options"),
        ({"quiz": [QUIZ[0] | {"hint": "a"}]}, "quiz.0.hint"),
        ({"quiz": QUIZ * 11}, "quiz"),
        ({"quiz": None}, "quiz"),
        ({"pass_mark": 0}, "pass_mark"),
        ({"video": "javascript:alert(1)"}, "video"),
        ({"video": "ftp://example.com/1"}, "video"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_quiz_is_named(tom: Caller, db: None, changes: dict[str, Any], field: str) -> None:
    sent = {"code": "M9", "program": "P", "title": "t", "kind": "practice", "hours": "1"}
    answer = tom.post("modules/", **(sent | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}


def test_progress_is_kept_for_oneself(rosa: Caller, mia: Caller, module: Module) -> None:
    assert module.current is not None
    version = module.current.pk
    kept = rosa.post("progress/", version=version, part=1, answers=[[], [2]])
    assert kept.status_code == 200, kept.content
    assert (kept.json()["part"], kept.json()["answers"]) == (1, [[], [2]])
    assert rosa.rows("progress/", module=module.pk) == [kept.json()]
    assert mia.rows("progress/") == []
    assert set(rosa.post("progress/", version=version, part=2).json()["fields"]) == {"part"}
    assert rosa.post("progress/", version=version).status_code == 400


# Pictures


def send(caller: Caller, module: int, body: bytes = PNG) -> Any:
    file = SimpleUploadedFile("moves.png", body)
    image = f'{{"module": {module}, "name": "The moves"}}'
    return caller.client.post(f"{BASE}images/", {"image": image, "file": file})


def test_a_picture_is_kept_read_and_taken_away(tom: Caller, rosa: Caller, module: Module) -> None:
    made = send(tom, module.pk)
    assert made.status_code == 201, made.content
    assert send(tom, module.pk).status_code == 200
    kept = made.json()
    assert kept["kind"] == "image/png"
    assert kept["markdown"] == f"![The moves](/training/images/{kept['ref']}/)"
    file = rosa.get(f"images/{kept['ref']}/file/")
    assert (file.content, file["Content-Type"]) == (PNG, "application/octet-stream")
    assert rosa.rows("images/", module=module.pk) == [kept]
    assert rosa.delete(f"images/{kept['ref']}/").status_code == 403
    assert tom.delete(f"images/{kept['ref']}/").status_code == 204
    assert not ModuleImage.objects.exists()


def test_only_its_owner_adds_pictures_and_only_pictures(
    tom: Caller, rosa: Caller, module: Module
) -> None:
    assert send(rosa, module.pk).status_code == 403
    assert send(tom, 999_999).status_code == 400
    assert set(send(tom, module.pk, b"<svg/>").json()["fields"]) == {"picture"}
    assert send(tom, module.pk, PNG + b"0" * 3_000_000).status_code == 413
    assert tom.post("images/", module=module.pk, name="x").status_code == 400


# Versions and successors


def test_publishing_checks_the_claims_one_names(
    tom: Caller, cast: make.Cast, module: Module, objective: Objective
) -> None:
    old = make.mapping(module=module, behavior=make.behavior(objective))
    words = [make.behavior_words(sales_role=cast.role, statement="Opens with the last stop")]
    make.revise(objective, by=cast.lena, behaviors=words)
    tom.post(f"modules/{module.pk}/draft/")
    checked = [{"mapping": old.pk, "part": "Part 2."}]
    blank = tom.post(f"modules/{module.pk}/publish/", checked=[{"mapping": old.pk, "part": " "}])
    assert blank.status_code == 400
    assert tom.post(f"modules/{module.pk}/publish/", checked=checked).status_code == 200
    [shown] = tom.rows("mappings/", state="current")
    assert (shown["rationale"], shown["suspect"]) == ("Part 2.", False)
    assert Mapping.objects.alive().count() == 1


def test_a_module_is_retired_with_a_successor(tom: Caller, cast: make.Cast, module: Module) -> None:
    after = make.module(owner=cast.tom)
    gone = make.module(owner=cast.tom)
    actions.retire_module(module=gone, now=NOW)
    refused = tom.post(f"modules/{module.pk}/retire/", successor=gone.pk)
    assert set(refused.json()["fields"]) == {"successor"}
    ended = tom.post(f"modules/{module.pk}/retire/", successor=after.pk, reason="Too long.").json()
    assert (ended["state"], ended["successor"], ended["retired_reason"]) == (
        "retired",
        after.pk,
        "Too long.",
    )
