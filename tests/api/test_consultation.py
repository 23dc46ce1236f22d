"""Consulting by API: the same verbs, the same doors as the pages."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from align.people.models import Role
from strategy import actions, evidence
from strategy.models import (
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
from tests.api.caller import BASE, Caller

FAR = date(2099, 12, 31)
WHY = "A stopped line costs our customer more than any pump."
NOTE = "Dairies have a hardware line and nothing else."
SYMPTOM = "Reps will hide the discount in free installation."


@pytest.fixture
def draft(cast: make.Cast, plan: Strategy) -> Revision:
    return make.draft(strategy_=plan, by=cast.lena, code="A5").revisions.get()


@pytest.fixture
def round_(cast: make.Cast, draft: Revision) -> Round:
    return make.round_(draft.objective, by=cast.lena, people=[cast.tom, cast.mia], closes_on=FAR)


@pytest.fixture
def otto(db: None) -> Caller:
    return Caller(make.user("Otto", Role.LEAD))


def concern_body(round_: Round, **changes: Any) -> dict[str, Any]:
    return {
        "consultation": round_.pk,
        "paragraph": make.paragraph(round_),
        "symptom": SYMPTOM,
        "check_on": "2099-06-30",
        "seen": 9,
        "visits": 11,
    } | changes


def raised(caller: Caller, round_: Round, **changes: Any) -> dict[str, Any]:
    answer = caller.post("concerns/", **concern_body(round_, **changes))
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def cannot(caller: Caller, round_: Round) -> None:
    answer = caller.post(
        f"consultations/{round_.pk}/position/", stance="cannot", why=WHY, note=NOTE
    )
    assert answer.status_code == 200, answer.content


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 400, answer.content
    return set(answer.json()["fields"])


# Rounds


def test_a_draft_is_shared_and_read(
    lena: Caller, tom: Caller, rosa: Caller, cast: make.Cast, draft: Revision
) -> None:
    made = lena.post(
        "consultations/",
        draft=draft.pk,
        edits=draft.edits,
        people=[cast.tom.pk, cast.mia.pk],
        closes_on="2099-12-31",
    )
    assert made.status_code == 201, made.content
    [row] = tom.rows("consultations/", open="true", mine="true")
    assert (row["title"], row["asked"], row["answered"], row["open"]) == (draft.title, 2, 0, True)
    whole = tom.get(f"consultations/{row['id']}/").json()
    assert [place["part"] for place in whole["text"]][:2] == ["title", "why"]
    behavior = whole["text"][-1]
    assert {"name": "Who", "value": cast.role.name} in behavior["facts"]
    assert [who["person"]["name"] for who in whole["participants"]] == ["Mia", "Tom"]
    assert tom.get(f"drafts/{draft.pk}/").status_code == 404
    assert rosa.rows("consultations/") == []


def test_where_nobody_is_named_the_usual_people_are_asked(
    lena: Caller, tom: Caller, draft: Revision
) -> None:
    to_ask = lena.get(f"drafts/{draft.pk}/people/").json()
    names = {person["name"] for person in to_ask["usual"]}
    assert names == {"Mia", "Tom"}
    assert {person["name"] for person in to_ask["others"]} == {"Lena"}
    made = lena.post("consultations/", draft=draft.pk, edits=0, closes_on="2099-12-31")
    assert {who["person"]["name"] for who in made.json()["participants"]} == names
    assert len(tom.rows("consultations/")) == 1


def test_what_a_draft_lacks_is_named_by_field(
    lena: Caller, cast: make.Cast, draft: Revision
) -> None:
    Revision.objects.filter(pk=draft.pk).update(we_stop="", why="")
    body = {"draft": draft.pk, "edits": 0, "closes_on": "2020-01-01"}
    assert {"we_stop", "why", "closes_on"} <= fields(lena.post("consultations/", **body))
    assert not Round.objects.exists()


def test_nobody_shares_a_text_they_have_not_read(lena: Caller, draft: Revision) -> None:
    body = {"draft": draft.pk, "edits": draft.edits + 1, "closes_on": "2099-12-31"}
    answer = lena.post("consultations/", **body)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1969-12-31", "soon", 20991231])
def test_a_day_nobody_can_count_from_is_refused(
    lena: Caller, tom: Caller, round_: Round, day: object
) -> None:
    address = f"consultations/{round_.pk}/extend/"
    assert fields(lena.post(address, closes_on=day)) == {"closes_on"}
    assert "check_on" in fields(tom.post("concerns/", **concern_body(round_, check_on=day)))


def test_a_rep_to_ask_is_answered_like_nobody(
    lena: Caller, cast: make.Cast, draft: Revision
) -> None:
    body = {"draft": draft.pk, "edits": 0, "closes_on": "2099-12-31"}
    answers = [
        lena.post("consultations/", **body, people=[cast.tom.pk, pk])
        for pk in (cast.rosa.pk, cast.rosa.pk + 999)
    ]
    assert fields(answers[0]) == {"people.1"}
    assert answers[0].content == answers[1].content


def test_only_who_writes_a_draft_shares_it(
    otto: Caller, tom: Caller, lena: Caller, draft: Revision
) -> None:
    body = {"edits": 0, "closes_on": "2099-12-31"}
    assert tom.post("consultations/", **body, draft=draft.pk).status_code == 403
    hidden, missing = (otto.post("consultations/", **body, draft=pk) for pk in (draft.pk, 10**9))
    assert fields(hidden) == {"draft"}
    assert hidden.content == missing.content


def test_a_round_is_extended_asked_around_and_closed(
    lena: Caller, tom: Caller, round_: Round, otto: Caller
) -> None:
    address = f"consultations/{round_.pk}/"
    assert lena.post(f"{address}extend/", closes_on="2098-01-31").status_code == 200
    more = make.user("Tess", Role.TRAINER)
    assert lena.post(f"{address}ask/", people=[more.pk]).json()["asked"] == 3
    assert len(Caller(more).rows("consultations/")) == 1
    for verb in ("extend", "ask", "close"):
        assert tom.post(f"{address}{verb}/").status_code == 403
        assert otto.post(f"{address}{verb}/").status_code == 404
    assert lena.post(f"{address}close/").json()["open"] is False
    late = tom.post(f"{address}position/", stance="ready", why=WHY)
    assert (late.status_code, late.json()["detail"]) == (409, "This round is over.")


# Positions


def test_a_position_may_change_while_the_round_is_open(
    tom: Caller, mia: Caller, round_: Round
) -> None:
    cannot(tom, round_)
    address = f"consultations/{round_.pk}/position/"
    ready = tom.post(address, stance="ready", why=WHY).json()
    stands = {who["person"]["name"]: who["position"] for who in ready["participants"]}
    assert stands["Tom"]["stance"] == "ready"
    assert stands["Mia"] is None
    assert (ready["asked"], ready["answered"]) == (2, 1)
    assert History.objects.filter(what="position taken").count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stance": "maybe"}, "stance"),
        ({"stance": None}, "stance"),
        ({"why": ""}, "why"),
        ({"why": "Short."}, "why"),
        ({"why": "Discounts cost us margin and bought no loyalty."}, "why"),
        ({"note": ""}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"person": 1}, "person"),
    ],
    ids=str,
)
def test_a_wrong_field_of_a_position_is_named(
    tom: Caller, round_: Round, changes: dict[str, Any], field: str
) -> None:
    body = {"stance": "changes", "why": WHY, "note": NOTE} | changes
    assert fields(tom.post(f"consultations/{round_.pk}/position/", **body)) == {field}
    assert not Position.objects.exists()


def test_only_those_who_were_asked_take_a_position(
    lena: Caller, otto: Caller, round_: Round
) -> None:
    body = {"stance": "ready", "why": WHY}
    assert lena.post(f"consultations/{round_.pk}/position/", **body).status_code == 403
    assert otto.post(f"consultations/{round_.pk}/position/", **body).status_code == 404


# Concerns


def test_a_concern_is_raised_answered_and_settled(
    lena: Caller, tom: Caller, mia: Caller, round_: Round
) -> None:
    concern = raised(tom, round_)
    assert concern["quote"] == "We will price on guaranteed hours."
    address = f"concerns/{concern['id']}/"
    assert tom.post(f"{address}settle/", settled=True).status_code == 400
    assert tom.post(f"{address}answer/", answer="kept", answer_text="No.").status_code == 403
    assert fields(lena.post(f"{address}answer/", answer="kept")) == {"answer_text"}
    answer = lena.post(f"{address}answer/", answer="kept", answer_text="We test it in May.")
    assert (answer.json()["answer"], answer.json()["settled"]) == ("kept", None)
    assert mia.post(f"{address}settle/", settled=True).status_code == 403
    assert tom.post(f"{address}settle/", settled=False).json()["settled"] is False
    assert tom.rows("concerns/", answered="false") == []
    assert [row["id"] for row in mia.rows("concerns/", consultation=round_.pk)] == [concern["id"]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"symptom": ""}, "symptom"),
        ({"paragraph": 999}, "paragraph"),
        ({"paragraph": "1"}, "paragraph"),
        ({"check_on": "2020-01-01"}, "check_on"),
        ({"seen": 12}, "visits"),
        ({"seen": None}, "visits"),
        ({"seen": None, "visits": None}, "evidence"),
        ({"reports": ["5f0c8f4e-41b0-4a83-8f0c-1d2f53a5a1c2"]}, "reports"),
        ({"reports": ["x"]}, "reports.0"),
        ({"file": "a,b"}, "file"),
        ({"settled": True}, "settled"),
        ({"consultation": 10**9}, "consultation"),
    ],
    ids=str,
)
def test_a_wrong_field_of_a_concern_is_named(
    tom: Caller, round_: Round, changes: dict[str, Any], field: str
) -> None:
    assert fields(tom.post("concerns/", **concern_body(round_, **changes))) == {field}
    assert not Concern.objects.exists()


def test_reports_are_evidence_for_those_who_may_read_them(
    lena: Caller, tom: Caller, mia: Caller, cast: make.Cast, objective: Objective, round_: Round
) -> None:
    make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective))
    report = make.report(author=cast.rosa, objective=objective)
    hidden = make.report(author=cast.rosa, objective=None)
    answers = [
        tom.post("concerns/", **concern_body(round_, reports=[str(ref)]))
        for ref in (hidden.ref, "5f0c8f4e-41b0-4a83-8f0c-1d2f53a5a1c2")
    ]
    assert answers[0].content == answers[1].content
    concern = raised(tom, round_, seen=None, visits=None, reports=[str(report.ref)])
    assert concern["reports"] == [str(report.ref)]
    assert lena.rows("concerns/")[0]["reports"] == [str(report.ref)]
    assert mia.rows("concerns/")[0]["reports"] == []


def test_a_prediction_is_looked_at_on_its_day(
    lena: Caller, tom: Caller, mia: Caller, round_: Round
) -> None:
    concern = raised(tom, round_)
    address = f"concerns/{concern['id']}/outcome/"
    assert fields(tom.post(address, outcome="came true")) == {"outcome"}
    Concern.objects.update(check_on=timezone.now().date() - timedelta(days=1))
    assert mia.post(address, outcome="did not").status_code == 403
    assert tom.post(address, outcome="came true", note="Four of five.").status_code == 200
    both = lena.post(address, outcome="did not").json()
    assert both["raiser_saw"]["outcome"] == "came true"
    assert both["lead_saw"]["outcome"] == "did not"
    assert both["became"] == "coming"  # the words are not in force yet
    assert [row["id"] for row in tom.rows("concerns/", became="coming")] == [concern["id"]]
    assert tom.rows("concerns/", became="due") == []
    assert len(lena.rows("concerns/", check_until=timezone.now().date().isoformat())) == 1


# Files


def with_file(caller: Caller, round_: Round, name: str, body: bytes, **parts: Any) -> Any:
    words = json.dumps(concern_body(round_, seen=None, visits=None))
    data = {"concern": words, "file": SimpleUploadedFile(name, body)} | parts
    return caller.client.post(
        f"{BASE}concerns/", {part: value for part, value in data.items() if value is not None}
    )


def test_a_file_is_evidence(tom: Caller, mia: Caller, rosa: Caller, round_: Round) -> None:
    made = with_file(tom, round_, "offers.csv", b"offer,discount\n1,12\n")
    assert made.status_code == 201, made.content
    assert made.json()["file"] == {"name": "offers.csv", "kind": "text/csv", "size": 20}
    address = f"concerns/{made.json()['id']}/file/"
    answer = mia.get(address)
    assert answer.content == b"offer,discount\n1,12\n"
    assert answer["Content-Disposition"] == 'attachment; filename="offers.csv"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert rosa.get(address).content == rosa.get("concerns/999999/file/").content


def test_a_concern_without_a_file_has_none_to_read(tom: Caller, round_: Round) -> None:
    concern = raised(tom, round_)
    assert concern["file"] is None
    assert tom.get(f"concerns/{concern['id']}/file/").status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("offers.pdf", b"offer,discount\n"),
        ("offers.csv", b"\x00\x01"),
        ("offers", b"offer,discount\n"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    tom: Caller, round_: Round, name: str, body: bytes
) -> None:
    assert fields(with_file(tom, round_, name, body)) == {"file"}
    assert not Concern.objects.exists()


def test_a_file_may_have_ten_megabytes_and_not_more(tom: Caller, round_: Round) -> None:
    most = b"a" * evidence.FILE_AT_MOST
    assert with_file(tom, round_, "most.txt", most).status_code == 201
    assert fields(with_file(tom, round_, "more.txt", most + b"a")) == {"file"}
    much = with_file(tom, round_, "much.txt", most + b"a" * 200_000)
    assert (much.status_code, much.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"concern": None}, "concern"),
        ({"file": "offers.csv"}, "file"),
        ({"surprise": "x"}, "surprise"),
        ({"concern": ["{}", "{}"]}, "concern"),
    ],
    ids=str,
)
def test_a_wrong_part_is_named(
    tom: Caller, round_: Round, parts: dict[str, Any], field: str
) -> None:
    assert field in fields(with_file(tom, round_, "offers.csv", b"a,b", **parts))


def test_the_json_part_is_read_as_strictly_as_any(tom: Caller, round_: Round) -> None:
    answer = with_file(tom, round_, "offers.csv", b"a,b", concern='{"seen": NaN}')
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


def test_a_page_sends_a_file_with_its_session(cast: make.Cast, round_: Round) -> None:
    caller = Caller(cast.tom)
    caller.client = Client(enforce_csrf_checks=True)
    caller.client.force_login(cast.tom)
    assert with_file(caller, round_, "offers.csv", b"a,b").status_code == 403
    caller.client.get("/")  # a page with a form sets the cookie
    token = caller.client.cookies["csrftoken"].value
    made = with_file(caller, round_, "offers.csv", b"a,b", csrfmiddlewaretoken=token)
    assert made.status_code == 400  # the token belongs in the header
    caller.client.defaults["HTTP_X_CSRFTOKEN"] = token
    assert with_file(caller, round_, "offers.csv", b"a,b").status_code == 201


def test_a_file_is_taken_nowhere_else(tom: Caller, round_: Round) -> None:
    concern = raised(tom, round_)
    answer = tom.client.post(f"{BASE}concerns/{concern['id']}/settle/", {"settled": "true"})
    assert answer.status_code == 415


# Comments and suggestions


def test_a_comment_is_answered_and_taken_back(
    lena: Caller, tom: Caller, mia: Caller, round_: Round
) -> None:
    place = make.paragraph(round_)
    body = {"consultation": round_.pk, "paragraph": place}
    asked = tom.post("comments/", **body, text="From when on?").json()
    reply = lena.post("comments/", **body, text="From May.", thread=asked["id"]).json()
    assert reply["thread"] == asked["id"]
    assert [row["id"] for row in mia.rows("comments/", thread=asked["id"])] == [reply["id"]]
    address = f"comments/{asked['id']}/take-back/"
    assert lena.post(address).status_code == 403
    gone = tom.post(address).json()
    assert (gone["text"], bool(gone["taken_back_at"])) == ("Taken back.", True)
    other = make.paragraph(round_, "we_stop")
    wrong = tom.post("comments/", **body | {"paragraph": other}, text="x", thread=asked["id"])
    assert fields(wrong) == {"thread"}


def test_a_thread_of_an_earlier_round_is_hidden_from_who_was_not_asked_in_it(
    lena: Caller, tom: Caller, cast: make.Cast, draft: Revision, round_: Round
) -> None:
    place = make.paragraph(round_)
    asked = tom.post("comments/", consultation=round_.pk, paragraph=place, text="When?").json()
    tess = make.user("Tess", Role.TRAINER)
    second = make.round_(
        draft.objective, by=cast.lena, people=[cast.tom, tess], closes_on=FAR, now=timezone.now()
    )
    body = {"consultation": second.pk, "paragraph": place, "thread": asked["id"]}
    assert lena.post("comments/", **body, text="In May.").status_code == 201
    assert tom.rows("comments/", consultation=second.pk)[0]["thread"] == asked["id"]
    [row] = Caller(tess).rows("comments/")
    assert row["thread"] is None
    late = tom.post("comments/", consultation=round_.pk, paragraph=place, text="Too late.")
    assert late.status_code == 409
    hidden = [
        Caller(tess).post("comments/", **body | {"thread": pk}, text="x")
        for pk in (asked["id"], 10**9)
    ]
    assert hidden[0].content == hidden[1].content


def test_a_suggested_behavior_is_taken_into_the_draft_or_declined(
    lena: Caller, tom: Caller, cast: make.Cast, draft: Revision, round_: Round
) -> None:
    body = {"consultation": round_.pk, "sales_role": cast.role.pk}
    first, second = (
        tom.post("suggestions/", **body, statement=words).json()
        for words in ("Asks for the cost of the last stop", "Draws the line with the customer")
    )
    assert fields(tom.post("suggestions/", **body, statement="Understands it")) == {"statement"}
    assert tom.post(f"suggestions/{first['id']}/take/").status_code == 403
    assert lena.post(f"suggestions/{first['id']}/take/").json()["state"] == "taken"
    assert lena.post(f"suggestions/{first['id']}/take/").status_code == 200
    assert fields(lena.post(f"suggestions/{second['id']}/decline/")) == {"answer"}
    no = lena.post(f"suggestions/{second['id']}/decline/", answer="One is enough.").json()
    assert (no["state"], no["answered_by"]["name"]) == ("declined", "Lena")
    saved = lena.get(f"drafts/{draft.pk}/").json()
    assert [row["statement"] for row in saved["behaviors"]][-1] == first["statement"]
    assert saved["edits"] == draft.edits + 1


# The gate


def test_publishing_is_refused_while_a_cannot_stands(
    lena: Caller, tom: Caller, draft: Revision, round_: Round
) -> None:
    cannot(tom, round_)
    raised(tom, round_)
    gate = lena.get(f"drafts/{draft.pk}/gate/").json()
    assert gate["clear"] is False
    assert [row["person"]["name"] for row in gate["cannot"]] == ["Tom"]
    assert [row["symptom"] for row in gate["unanswered"]] == [SYMPTOM]
    refused = lena.post(f"drafts/{draft.pk}/publish/", edits=draft.edits)
    assert fields(refused) == {"consultation"}
    said = refused.json()["fields"]["consultation"][0]
    assert "Tom cannot teach it as written" in said
    assert "1 concern has no answer" in said
    assert Revision.objects.get(pk=draft.pk).state == "draft"


def test_the_owner_alone_publishes_all_the_same_and_everyone_reads_why(
    lena: Caller, tom: Caller, rosa: Caller, draft: Revision, round_: Round, cast: make.Cast
) -> None:
    cannot(tom, round_)
    owner = make.user("Olga", Role.LEAD)
    actions.hand_over(objective=draft.objective, owner=owner, by=cast.lena, now=make.NOW)
    body = {"edits": draft.edits, "override": "The new price list is out in May."}
    address = f"drafts/{draft.pk}/publish/"
    refused = lena.post(address, **body)
    assert fields(refused) == {"override"}
    assert "Olga" in refused.json()["fields"]["override"][0]
    assert tom.post(address, **body).status_code == 404
    done = Caller(owner).post(address, **body)
    assert done.status_code == 200, done.content
    shown = rosa.get(f"objectives/{draft.objective_id}/").json()
    assert shown["current"]["override"] == body["override"]
    assert tom.get(f"consultations/{round_.pk}/").json()["state"] == "published"


def test_a_clear_gate_needs_no_override(
    lena: Caller, tom: Caller, draft: Revision, round_: Round
) -> None:
    tom.post(f"consultations/{round_.pk}/position/", stance="ready", why=WHY)
    gate = lena.get(f"drafts/{draft.pk}/gate/").json()
    assert gate == {"clear": True, "sentence": "", "cannot": [], "unanswered": []}
    done = lena.post(f"drafts/{draft.pk}/publish/", edits=draft.edits, override="Just so.")
    assert done.json()["current"]["override"] == ""
    late = tom.post(f"consultations/{round_.pk}/position/", stance="cannot", why=WHY, note=NOTE)
    assert late.status_code == 409


# Impact, texts, history


def test_the_counts_afterwards_are_those_of_the_preview(
    lena: Caller, tom: Caller, rosa: Caller, cast: make.Cast, objective: Objective
) -> None:
    make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective))
    draft = actions.open_draft(objective=objective, by=cast.lena, now=make.NOW)
    Revision.objects.filter(pk=draft.pk).update(we_will="We sell hours.", reason="The field.")
    preview = lena.get(f"drafts/{draft.pk}/impact/").json()
    numbers = {row["name"]: row["number"] for row in preview["counts"]}
    assert numbers["people to brief"] == 1
    assert set(numbers.values()) == {0, 1}
    assert tom.get(f"drafts/{draft.pk}/impact/").status_code == 404
    assert lena.get(f"drafts/{draft.pk}/impact/", effective_from="soon").status_code == 400
    assert lena.post(f"drafts/{draft.pk}/publish/", edits=draft.edits).status_code == 200
    after = tom.get(f"revisions/{draft.pk}/impact/").json()
    assert {row["name"]: row["number"] for row in after["counts"]} == numbers
    assert rosa.get(f"revisions/{draft.pk}/impact/").status_code == 403


def test_two_texts_are_compared_word_by_word(
    lena: Caller, tom: Caller, rosa: Caller, cast: make.Cast, objective: Objective
) -> None:
    make.revise(objective, by=cast.lena, words=make.words("Price on kept hours"))
    answer = rosa.get(f"objectives/{objective.pk}/compare/").json()
    assert (answer["from"], answer["to"]) == ("r1", "r2")
    title = answer["paragraphs"][0]
    assert title["what"] == "changed"
    assert "".join(p["text"] for p in title["pieces"] if p["kind"] != "del") == (
        "Price on kept hours"
    )
    assert {row["what"] for row in answer["paragraphs"][1:]} == {"same"}
    actions.open_draft(objective=objective, by=cast.lena, now=make.NOW)
    address = f"objectives/{objective.pk}/compare/"
    assert lena.get(address, to="draft").status_code == 200
    assert tom.get(address, to="draft").content == tom.get(address, to="r99").content
    shared = make.round_(objective, by=cast.lena, people=[cast.tom], closes_on=FAR)
    assert tom.get(address, **{"from": "r2", "to": f"d{shared.pk}"}).status_code == 200
    assert rosa.get(address, to=f"d{shared.pk}").status_code == 404
    assert rosa.get(address, old="r1").status_code == 400


def test_every_revision_can_be_read(rosa: Caller, cast: make.Cast, objective: Objective) -> None:
    make.revise(objective, by=cast.lena, words=make.words("Price on kept hours"))
    rows = rosa.rows("revisions/", objective=objective.pk)
    assert [row["number"] for row in rows] == [2, 1]
    assert rosa.get(f"revisions/{rows[1]['id']}/").json()["title"] == "Price on guaranteed uptime"


def test_every_change_of_state_stands_in_the_history(
    lena: Caller, tom: Caller, mia: Caller, draft: Revision, round_: Round
) -> None:
    concern = raised(tom, round_)
    lena.post(f"concerns/{concern['id']}/answer/", answer="changed", answer_text="As you say.")
    rows = mia.rows("history/", consultation=round_.pk)
    assert [row["what"] for row in rows] == [
        "concern answered",
        "concern raised",
        "consultation opened",
    ]
    answered = rows[0]
    assert (answered["actor"]["name"], answered["shown_to"]) == ("Lena", "round")
    assert answered["before"]["answer"] == ""
    assert answered["after"]["answer"] == "changed"
    assert [row["what"] for row in mia.rows("history/", what="draft begun")] == []
    assert len(lena.rows("history/", what="draft begun", objective=draft.objective_id)) == 1


# For whom none of it exists

LISTS = [
    "consultations/",
    "concerns/",
    "comments/",
    "suggestions/",
    "drafts/",
    "objectives/",
    "behaviors/",
    "revisions/",
    "history/",
    "briefs/",
    "teach-backs/",
    "recall/",
    "acknowledgments/",
    "notices/",
    "flags/",
]


@pytest.mark.parametrize("stranger", ["rosa", "ada", "otto", "tess"])
def test_to_a_stranger_every_list_says_what_it_said_before(
    stranger: str, cast: make.Cast, plan: Strategy, objective: Objective, tom: Caller, lena: Caller
) -> None:
    people = {
        "rosa": cast.rosa,
        "ada": cast.ada,
        "otto": make.user("Otto", Role.LEAD),
        "tess": make.user("Tess", Role.TRAINER),
    }
    caller = Caller(people[stranger])
    before = {address: caller.get(address).content for address in LISTS}
    draft = make.draft(strategy_=plan, by=cast.lena, code="Z1", title="Secret").revisions.get()
    round_ = make.round_(draft.objective, by=cast.lena, people=[cast.tom, cast.mia], closes_on=FAR)
    said_by(tom, cast, round_)
    lena.post(f"consultations/{round_.pk}/close/")
    after = {address: caller.get(address).content for address in LISTS}
    assert after == before


def said_by(caller: Caller, cast: make.Cast, round_: Round) -> None:
    cannot(caller, round_)
    raised(caller, round_)
    place = make.paragraph(round_)
    body = {"consultation": round_.pk}
    assert caller.post("comments/", **body, paragraph=place, text="When?").status_code == 201
    named = caller.post(
        "suggestions/", **body, sales_role=cast.role.pk, statement="Asks for the last stop"
    )
    assert named.status_code == 201, named.content


def test_a_stranger_writing_gets_the_answer_of_what_is_missing(
    otto: Caller, tom: Caller, cast: make.Cast, round_: Round
) -> None:
    said_by(tom, cast, round_)
    place = make.paragraph(round_)
    bodies: dict[str, dict[str, Any]] = {
        "concerns/": concern_body(round_),
        "comments/": {"consultation": round_.pk, "paragraph": place, "text": "x"},
        "suggestions/": {
            "consultation": round_.pk,
            "sales_role": cast.role.pk,
            "statement": "Asks for the last stop",
        },
    }
    for address, body in bodies.items():
        hidden = otto.post(address, **body)
        missing = otto.post(address, **body | {"consultation": 10**9})
        assert fields(hidden) == {"consultation"}
        assert hidden.content == missing.content
    concern, comment, suggestion = (
        model.objects.get().pk for model in (Concern, Comment, Suggestion)
    )
    verbs = [
        f"concerns/{concern}/answer/",
        f"concerns/{concern}/settle/",
        f"concerns/{concern}/outcome/",
        f"comments/{comment}/take-back/",
        f"suggestions/{suggestion}/take/",
        f"suggestions/{suggestion}/decline/",
        f"consultations/{round_.pk}/position/",
    ]
    gone = otto.post("concerns/999999/answer/").content
    assert {otto.post(verb).content for verb in verbs} == {gone}


def test_a_longer_round_costs_no_more_queries(
    tom: Caller, lena: Caller, cast: make.Cast, draft: Revision, django_assert_max_num_queries: Any
) -> None:
    people = [cast.tom, cast.mia, *(make.user("", Role.TRAINER) for _ in range(5))]
    round_ = make.round_(draft.objective, by=cast.lena, people=people, closes_on=FAR)
    for person in people:
        said_by(Caller(person), cast, round_)
    for address, most in [
        ("consultations/", 3),
        (f"consultations/{round_.pk}/", 4),
        ("concerns/", 4),
        ("comments/", 4),
        ("suggestions/", 3),
        ("history/", 3),
    ]:
        with django_assert_max_num_queries(most):
            assert tom.get(address).status_code == 200
    with django_assert_max_num_queries(9):
        assert lena.get(f"drafts/{draft.pk}/gate/").status_code == 200
