"""Completions from files: read, matched, checked, run, taken back."""

import csv
import io
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from align.people.models import Role, User
from strategy.models import Touch
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions, importing, tasks
from training.importing.moments import Unclear, moment, score
from training.models import Completion, CompletionImport, Module

pytestmark = pytest.mark.django_db

LIST = "/import/"
HEAD = "Email,Course,Completion date,Score,Status,Record ID"


@pytest.fixture
def drill(cast: make.Cast, place: Place) -> Module:
    module = make.module(owner=cast.tom, title="The drill", code="NEG-3")
    make.mapping(module=module, behavior=place.behavior)
    return module


def hand_in(client: Client, text: str | bytes, *, source: str = "LMS") -> CompletionImport:
    """Upload a file as a person does and return what was kept."""
    body = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("lms.csv", body, content_type="text/csv")
    answer = client.post(LIST, {"source": source, "file": file})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return CompletionImport.objects.latest("pk")


def match(client: Client, found: CompletionImport, **other: Any) -> None:
    """Take what the page suggests, as a person does who presses the button."""
    there = f"{found.get_absolute_url()}columns/"
    form = client.get(there).context["form"]
    given = {name: value for name, value in form.initial.items() if value is not None}
    answer = client.post(there, given | other)
    assert answer.status_code == 302, answer.content.decode()[:3000]


def check(client: Client, text: str | bytes, **other: Any) -> CompletionImport:
    found = hand_in(client, text)
    match(client, found, **other)
    tasks.import_completions()
    found.refresh_from_db()
    return found


def run(client: Client, found: CompletionImport) -> CompletionImport:
    client.post(f"{found.get_absolute_url()}run/")
    tasks.import_completions()
    found.refresh_from_db()
    return found


def rows() -> set[tuple[Any, ...]]:
    return set(
        Completion.objects.values_list(
            "user__email", "version__module__code", "completed_at", "score", "external_id"
        )
    )


@pytest.fixture
def tom(cast: make.Cast, drill: Module, client: Client) -> Client:
    client.force_login(cast.tom)
    return client


# The way through


def test_a_file_goes_in_step_by_step_and_out_again(
    cast: make.Cast, place: Place, tom: Client
) -> None:
    text = (
        f"{HEAD}\n"
        "rosa@example.com,NEG-3,2026-11-02,85,Completed,1\n"
        "nobody@example.com,NEG-3,2026-11-02,85,Completed,2\n"
        "rosa@example.com,NEG-9,2026-11-32,185,In progress,3\n"
    )
    found = hand_in(tom, text)
    columns = tom.get(found.get_absolute_url(), follow=True).content.decode()
    assert "Which column is what?" in columns
    assert "nobody@example.com" in columns
    match(tom, found)
    waiting = tom.get(found.get_absolute_url()).content.decode()
    assert "0 of 3 rows looked at" in waiting
    assert "Refresh" in waiting
    tasks.import_completions()
    checked = tom.get(found.get_absolute_url()).content.decode()
    assert "1 new, 0 known already, 2 that cannot be taken" in checked
    assert "Nobody here has the address “nobody@example.com”." in checked
    assert not Completion.objects.exists()
    found.refresh_from_db()
    assert found.done == 3
    assert [problem[:2] for problem in found.problems] == [
        [3, "Person, by e-mail address"],
        [4, "Completed on"],
        [4, "Module, by code, title or address"],
        [4, "Score in per cent"],
        [4, "Status"],
    ]
    Touch.objects.all().delete()
    run(tom, found)
    done = tom.get(found.get_absolute_url()).content.decode()
    assert "1 new, 0 known already, 2 left out" in done
    [kept] = Completion.objects.all()
    assert (kept.user, kept.source, kept.external_id, kept.team) == (
        cast.rosa,
        "LMS",
        "1",
        cast.team,
    )
    assert kept.score == 85
    assert Touch.objects.filter(objective=place.objective).exists()
    other = make.completion(user=cast.mia, module=Module.objects.get())
    answer = tom.post(f"{found.get_absolute_url()}take-back/", follow=True).content.decode()
    assert "Taken back: 1 completion is removed." in answer
    assert list(Completion.objects.all()) == [other]


def test_an_import_is_taken_back_within_a_day_only(cast: make.Cast, tom: Client) -> None:
    found = run(tom, check(tom, f"{HEAD}\nrosa@example.com,NEG-3,2026-11-02,,,1\n"))
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        tom.force_login(cast.tom)
        assert "Take it back" not in tom.get(found.get_absolute_url()).content.decode()
        late = tom.post(f"{found.get_absolute_url()}take-back/", follow=True)
        assert "can be taken back for 24 hours" in late.content.decode()
    assert Completion.objects.count() == 1


@pytest.mark.parametrize("who", ["lena", "mia", "rosa"])
def test_imports_are_for_trainers_and_admins(cast: make.Cast, read: Read, who: str) -> None:
    read(getattr(cast, who), LIST, status=403)
    read(cast.ada, LIST)


def test_nobody_sees_the_file_of_another(cast: make.Cast, tom: Client, read: Read) -> None:
    found = check(tom, f"{HEAD}\nrosa@example.com,NEG-3,2026-11-02,,,1\n")
    tess = make.user("Tess", Role.TRAINER)
    for step in ("", "columns/", "bad.csv"):
        read(tess, f"{found.get_absolute_url()}{step}", status=404)
    assert "lms.csv" not in read(tess, LIST)


def test_a_file_is_thrown_away_before_it_ran_and_not_after(tom: Client) -> None:
    found = check(tom, f"{HEAD}\nrosa@example.com,NEG-3,2026-11-02,,,1\n")
    tom.post(f"{found.get_absolute_url()}discard/")
    assert not CompletionImport.objects.exists()
    found = run(tom, check(tom, f"{HEAD}\nrosa@example.com,NEG-3,2026-11-02,,,1\n"))
    tom.post(f"{found.get_absolute_url()}discard/")
    assert CompletionImport.objects.exists()


def test_rows_are_pasted_from_a_spreadsheet(tom: Client) -> None:
    pasted = "E-mail\tModule\tDate\nrosa@example.com\tthe  DRILL\t2.11.2026\n"
    answer = tom.post(LIST, {"source": "Sheet", "pasted": pasted})
    assert answer.status_code == 302
    found = CompletionImport.objects.get()
    match(tom, found)
    tasks.import_completions()
    run(tom, found)
    assert Completion.objects.get().completed_at == datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"source": "LMS"}, "Choose a file, or paste its rows."),
        ({"source": "", "pasted": "a,b\n1,2"}, "This field is required."),
        ({"source": "XAPI", "pasted": "a,b\n1,2"}, "is what Align calls its own"),
        ({"source": "LMS", "pasted": "a,b"}, "nothing below them"),
        ({"source": "LMS", "pasted": "a\n1"}, "one column only"),
    ],
)
def test_what_is_no_table_is_refused_and_what_was_typed_stays(
    tom: Client, given: dict[str, str], message: str
) -> None:
    answer = tom.post(LIST, given)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert given.get("pasted", "") in answer.content.decode()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"PK\x03\x04rest", "This is a workbook."),
        (b"a,b\n\x00,2\n", "This is no text."),
        (b"\xff\xfea", "cannot be read"),
        (b"a,b\n" + b"1,2\n" * 50_001, "more than 50,000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tom: Client, raw: bytes, message: str) -> None:
    file = SimpleUploadedFile("x.csv", raw)
    answer = tom.post(LIST, {"source": "LMS", "file": file})
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_a_file_of_more_than_ten_megabytes_is_refused(tom: Client) -> None:
    with pytest.raises(importing.Unreadable, match="larger than 10 MB"):
        importing.decode(b"a" * (10 * 1024 * 1024 + 1))
    file = SimpleUploadedFile("x.csv", b"a,b\n" * 3_000_000)
    assert tom.post(LIST, {"source": "LMS", "file": file}).status_code == 413


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_letters_and_separators_are_found_out(
    cast: make.Cast, tom: Client, encoding: str, mark: str
) -> None:
    make.module(owner=cast.tom, title="Übung für Köln", code="KÖLN-1")
    text = mark.join(["E-Mail", "Course name", "Completed"]) + "\r\n"
    text += mark.join(["rosa@example.com", '"Übung für\nKöln"', "2026-11-02"]) + "\r\n"
    found = check(tom, text.encode(encoding))
    assert (found.new, found.bad) == (1, 0)


def test_columns_of_one_name_are_told_apart_and_none_is_chosen_twice(tom: Client) -> None:
    text = "User,User,Course,Date\nRosa,rosa@example.com,NEG-3,2026-11-02\n"
    found = hand_in(tom, text)
    there = f"{found.get_absolute_url()}columns/"
    page = tom.get(there).content.decode()
    assert "1 User: Rosa" in page
    assert "2 User: rosa@example.com" in page
    given = {"person": "2", "module": "2", "completed": "3", "order": "day"}
    twice = tom.post(there, given)
    assert twice.status_code == 422
    assert "This column is chosen twice." in twice.content.decode()
    assert tom.post(there, given | {"person": "9"}).status_code == 422
    assert tom.post(there, given | {"person": "1"}).status_code == 302
    tasks.import_completions()
    found.refresh_from_db()
    assert (found.new, found.bad) == (1, 0)


@pytest.mark.parametrize(
    ("header", "guessed"),
    [
        ("Email address,Course short name,Completion date,Grade (%)", (0, 1, 2, None)),
        ("Learner,Learner Email,Course Name,Date Completed,Score", (1, 2, 3, 4)),
        ("id,username,course id,time completed,final score", (1, 2, 3, 4)),
        ("x,y,z", (None, None, None, None)),
    ],
)
def test_columns_are_guessed_from_the_names_platforms_give_them(
    header: str, guessed: Sequence[int | None]
) -> None:
    names = header.split(",")
    found = importing.guess(importing.table(f"{header}\n{','.join('1' for _ in names)}\n"))
    fields = ("person", "module", "completed", "score")
    assert tuple(found.get(field) for field in fields) == tuple(guessed)


# Rows


@pytest.mark.parametrize(
    ("text", "day_first", "means"),
    [
        ("2026-10-03", True, "2026-10-03T12:00"),
        ("2026/10/03", True, "2026-10-03T12:00"),
        ("2026-10-03T14:30:05Z", True, "2026-10-03T14:30:05"),
        ("2026-10-03 14:30+02:00", True, "2026-10-03T12:30"),
        ("03.10.2026", False, "2026-10-03T12:00"),
        ("3.10.2026 08:05", True, "2026-10-03T08:05"),
        ("03/10/2026", True, "2026-10-03T12:00"),
        ("03/10/2026", False, "2026-03-10T12:00"),
        ("10/3/2026 2:30 PM", False, "2026-10-03T14:30"),
        ("10/3/2026, 12:05 a.m.", False, "2026-10-03T00:05"),
        ("2026-11-18", True, "2026-11-18T09:00"),  # today, before noon
    ],
)
def test_dates_are_read_in_several_forms(text: str, day_first: bool, means: str) -> None:
    found = moment(text, day_first=day_first, zone=UTC, now=NOW)
    assert found.at == datetime.fromisoformat(means).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["soon", "2026-02-30", "31/31/2026", "2026-11-19", "2026-11-18 09:01", "0001-01-01", "9" * 50,
     "12.13.26", "2026-10-03 25:00", "10/3/2026 13:00 PM", "٢٠٢٦-١٠-٠٣"],
)  # fmt: skip
def test_what_is_no_past_date_is_refused(text: str) -> None:
    with pytest.raises(Unclear):
        moment(text, day_first=True, zone=UTC, now=NOW)


@pytest.mark.parametrize(
    ("text", "means"),
    [("85", "85.00"), ("85 %", "85.00"), ("85,5", "85.50"), ("17/20", "85.00"), ("", None)],
)
def test_scores_are_read_in_several_forms(text: str, means: str | None) -> None:
    assert score(text) == (Decimal(means) if means else None)


@pytest.mark.parametrize("text", ["101", "-1", "NaN", "inf", "good", "3/0", "1e999"])
def test_what_is_no_score_is_refused(text: str) -> None:
    with pytest.raises(Unclear):
        score(text)


def test_the_order_of_day_and_month_is_suggested_by_the_rows(tom: Client) -> None:
    found = hand_in(tom, f"{HEAD}\nrosa@example.com,NEG-3,10/31/2026,,,1\n")
    page = tom.get(f"{found.get_absolute_url()}columns/")
    assert page.context["form"].initial["order"] == "month"


def test_what_is_said_twice_is_taken_once(tom: Client) -> None:
    text = (
        "Email,Course,Date,Score\n"
        "rosa@example.com,NEG-3,2026-11-02 09:00,60\n"
        "ROSA@example.com,The drill,2026-11-02 15:00,90\n"
        "rosa@example.com,urn:align:module:neg-3,2026-11-03,\n"
    )
    found = check(tom, text)
    assert (found.new, found.known, found.bad) == (2, 1, 0)
    run(tom, found)
    assert {row[3] for row in rows()} == {Decimal("90.00"), None}


def test_one_id_for_two_things_is_refused_in_every_row(cast: make.Cast, tom: Client) -> None:
    text = (
        f"{HEAD}\n"
        "rosa@example.com,NEG-3,2026-11-02,,,7\n"
        "mia@example.com,NEG-3,2026-11-02,,,7\n"
        "rosa@example.com,NEG-3,2026-11-05,,,8\n"
        "rosa@example.com,NEG-3,2026-11-05,,,8\n"
    )
    found = check(tom, text)
    assert (found.new, found.known, found.bad) == (1, 1, 2)
    assert "Rows 2, 3 have the same id" in found.problems[0][2]
    run(tom, found)
    other = check(tom, f"{HEAD}\nmia@example.com,NEG-3,2026-11-05,,,8\n")
    assert (other.new, other.bad) == (0, 1)
    assert "is another completion here already" in other.problems[0][2]


def test_imported_twice_is_imported_once(tom: Client) -> None:
    text = (
        f"{HEAD}\nrosa@example.com,NEG-3,2026-11-02,80,,\nmia@example.com,NEG-3,2026-11-02,80,,m1\n"
    )
    run(tom, check(tom, text))
    before = rows()
    again = check(tom, text)
    assert (again.new, again.known, again.bad) == (0, 2, 0)
    assert "No row of this file is new" in tom.get(again.get_absolute_url()).content.decode()
    run(tom, again)
    assert rows() == before


def test_a_message_that_comes_twice_changes_nothing(tom: Client) -> None:
    found = check(tom, f"{HEAD}\nrosa@example.com,NEG-3,2026-11-02,,,1\n")
    tom.post(f"{found.get_absolute_url()}run/")
    late = CompletionImport.objects.select_related("author").get()
    tasks.import_completions()
    importing.look_at(late, now=NOW)
    tasks.import_completions()
    late.refresh_from_db()
    assert (late.state, late.new, Completion.objects.count()) == ("done", 1, 1)


def test_a_run_that_breaks_leaves_nothing_and_is_tried_again(tom: Client, place: Place) -> None:
    found = check(tom, f"{HEAD}\nrosa@example.com,NEG-3,2026-11-02,,,1\n")
    tom.post(f"{found.get_absolute_url()}run/")
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE training_completion ADD CONSTRAINT full_now CHECK (score IS NOT NULL)"
        )
    tasks.import_completions()
    page = tom.get(found.get_absolute_url()).content.decode()
    assert "The import stopped" in page
    assert "The database stopped it" in page
    assert "Nothing was saved." in page
    assert not Completion.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE training_completion DROP CONSTRAINT full_now")
    tom.post(f"{found.get_absolute_url()}again/")
    tasks.import_completions()
    assert run(tom, found).new == 1


def test_bad_rows_come_back_as_a_file_that_no_spreadsheet_runs(tom: Client) -> None:
    text = f"{HEAD}\n=cmd(),NEG-3,2026-11-02,,,1\nrosa@example.com,NEG-3,2026-11-02,,,2\n"
    found = check(tom, text)
    answer = tom.get(f"{found.get_absolute_url()}bad.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:3] == ["row", "problem", "Email"]
    assert len(lines) == 2
    assert lines[1][0] == "2"
    assert lines[1][2] == "'=cmd()"


def test_the_version_is_that_of_the_day(cast: make.Cast, drill: Module, tom: Client) -> None:
    actions.new_version(module=drill, by=cast.tom, now=NOW)
    actions.publish_module(module=drill, by=cast.tom, now=NOW - timedelta(days=10))
    text = (
        f"{HEAD}\n"
        "rosa@example.com,NEG-3,2026-11-01,,,1\n"
        "rosa@example.com,NEG-3,2026-11-12,,,2\n"
        "rosa@example.com,NEG-3,2020-01-01,,,3\n"
    )
    run(tom, check(tom, text))
    numbers = Completion.objects.order_by("external_id").values_list("version__number", flat=True)
    assert list(numbers) == [1, 2, 1]


# Many rows


def many(people: Sequence[User], *, n: int, every: int) -> str:
    """A file of n rows of which each ``every``-th names nobody."""
    lines = [HEAD]
    for at in range(n):
        day = (NOW - timedelta(days=1 + at // len(people))).date()
        who = f"nobody{at}@x.com" if at % every == 0 else people[at % len(people)].email
        lines.append(f"{who},NEG-3,{day},{at % 101},Completed,{at}")
    return "\n".join(lines)


def test_ten_thousand_rows_with_three_in_a_hundred_bad(
    cast: make.Cast, drill: Module, tom: Client
) -> None:
    people = User.objects.bulk_create(
        [User(email=f"p{at}@example.com", name=f"P {at}", roles=["rep"]) for at in range(200)]
    )
    text = many(people, n=10_000, every=33)
    bad = len(range(0, 10_000, 33))
    found = check(tom, text)
    assert (found.rows, found.done, found.new, found.bad) == (10_000, 10_000, 10_000 - bad, bad)
    assert found.problems[1] == [
        35,
        "Person, by e-mail address",
        "Nobody here has the address “nobody33@x.com”.",
    ]
    page = tom.get(found.get_absolute_url()).content
    assert len(page) < 60_000
    tom.post(f"{found.get_absolute_url()}run/")
    with CaptureQueriesContext(connection) as queries:
        tasks.import_completions()
    assert len(queries) < 90  # some a thousand rows, none a row
    found.refresh_from_db()
    assert (found.state, found.new, found.bad) == ("done", 10_000 - bad, bad)
    assert Completion.objects.count() == 10_000 - bad
    again = run(tom, check(tom, text))
    assert Completion.objects.count() == 10_000 - bad
    assert (again.new, again.known) == (0, 10_000 - bad)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 25))
def test_whatever_the_order_and_however_often_the_same_rows_are_kept(
    cast: make.Cast, tom: Client, seed: int, size: int
) -> None:
    """Shuffled, cut in two, and brought in again: the same completions."""
    dice = random.Random(seed)
    lines = [
        ",".join(
            [
                dice.choice(["rosa@example.com", "mia@example.com", "no@x.com"]),
                dice.choice(["NEG-3", "The drill", "none"]),
                f"2026-11-{dice.randint(1, 20):02}",
                str(dice.choice(["", 50, 90, 300])),
            ]
        )
        for _ in range(size)
    ]
    Completion.objects.all().delete()
    bring(cast.tom, lines)
    once = rows()
    bring(cast.tom, lines)
    assert rows() == once
    Completion.objects.all().delete()
    dice.shuffle(lines)
    bring(cast.tom, lines)
    assert rows() == once
    Completion.objects.all().delete()
    for part in (lines[: size // 2], lines[size // 2 :], lines[: size // 2]):
        bring(cast.tom, part)
    assert {row[4] for row in rows()} == {row[4] for row in once}


def bring(by: User, lines: Sequence[str]) -> None:
    if not lines:
        return
    text = "\n".join(["Email,Course,Date,Score", *lines])
    found = actions.start_import(name="x", source="LMS", text=text, by=by, now=NOW)
    columns = importing.Columns(person=0, module=1, completed=2, score=3)
    actions.match_columns(found=found, columns=columns, now=NOW)
    tasks.import_completions()
    found.refresh_from_db()
    actions.run_import(found=found, now=NOW)
    tasks.import_completions()
