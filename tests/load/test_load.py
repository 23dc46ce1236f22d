"""`manage.py load FOLDER`: through the checks of the pages, twice, changed, with mistakes."""

from collections.abc import Mapping as Table
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from align.people.models import Membership, Role, Team, User
from feedback.models import Report
from strategy import actions as strategy
from strategy.models import BehaviorRevision, Depth, Objective, Revision, Strategy, Touch
from tests import make
from training.models import Completion, Mapping, Module, Observation

pytestmark = pytest.mark.django_db

GOOD: Table[str, str] = {
    "people": """email,name,role,sales_role,team,parent_team
lea@acme.example,Lea,strategy lead,,Head office,
tim@acme.example,Tim,trainer; manager,,North,Sales
rio@acme.example,"Rio, the first",rep,Seller,North,Sales
sam@acme.example,Sam,rep,Seller,South,Sales
""",
    "objectives": """code,theme,title,we_will,we_stop,segment,because,why,owner,effective_from
O1,Focus,Say the price,Name it first,Sending lists,All,people ask,A week,lea@acme.example,2026-01-05
""",
    "behaviors": """code,objective,sales_role,statement,critical,standard
O1.1,O1,Seller,"Names the price in the first call, aloud",yes,A figure
O1.2,O1,seller,Writes the price down,no,
""",
    "modules": """code,program,title,kind,hours,content,owner
T1,Basics,Price out loud,practice,1.5,"Three rounds, with feedback.",tim@acme.example
""",
    "mappings": """module,behavior,depth,rationale
T1,O1.1,practiced,Round two
T1,O1.2,Explained,Round one
""",
    "completions": """module,email,completed_at,score
T1,rio@acme.example,2026-02-03 10:30,88
""",
    "observations": """email,behavior,observer,observed_at,level,evidence
rio@acme.example,O1.1,tim@acme.example,2026-03-01,3,He did
sam@acme.example,O1.1,tim@acme.example,2026-03-02,no chance,
""",
    "reports": """email,objective,stance,created_at,text,barriers,behavior
rio@acme.example,O1,works,2026-04-01T09:00+02:00,It does,,O1.1
sam@acme.example,O1,will not work,2026-04-02,They laugh,skill; coaching,
rio@acme.example,,works with changes,2026-04-03,Printer is broken,tools,
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "acme"
    path.mkdir()
    for name, text in GOOD.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / f"{name}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def load(folder: Path, *options: str) -> str:
    out = StringIO()
    call_command("load", str(folder), *options, stdout=out)
    return out.getvalue()


def refused(folder: Path, *options: str) -> str:
    """Load a folder that has to be refused; return everything that was said."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("load", str(folder), *options, stdout=out)
    assert error.value.returncode == 1
    return f"{out.getvalue()}\n{error.value}"


# What comes in


def test_a_company_comes_in_whole(folder: Path) -> None:
    said = load(folder)

    made = Strategy.objects.get()
    assert (made.name, made.state, made.lead.name) == ("Acme", "active", "Lea")
    assert {team.name for team in made.teams.all()} == {"Head office", "Sales"}
    assert Objective.objects.get().state == "in force"
    assert Module.objects.get().state == "published"
    assert Mapping.objects.count() == 2
    assert "people: 4 new, 0 changed, 0 as before, 0 refused" in said
    assert "behaviors 2 of 2" in said


def test_people_stand_where_the_file_puts_them(folder: Path) -> None:
    load(folder)

    tim, rio = User.objects.get(name="Tim"), User.objects.get(name="Rio, the first")
    assert tim.roles == [Role.TRAINER, Role.MANAGER]
    assert not rio.has_usable_password()
    place = Membership.objects.get(user=rio)
    assert (place.team.name, str(place.sales_role)) == ("North", "Seller")
    assert Team.objects.get(name="North").parent == Team.objects.get(name="Sales")


def test_people_begin_with_the_first_objective_where_the_file_does_not_say(folder: Path) -> None:
    load(folder)

    assert set(Membership.objects.values_list("begins", flat=True)) == {date(2026, 1, 5)}


def test_a_date_without_objectives_lets_everybody_count(folder: Path) -> None:
    change(folder, "objectives", "2026-01-05", "")
    load(folder)

    days = {(timezone.now().date() - begins).days for begins in begun()}
    assert days == {31}


def begun() -> set[date]:
    return set(Membership.objects.values_list("begins", flat=True))


def test_evidence_and_voices_come_with_their_own_times(folder: Path) -> None:
    load(folder)

    completion = Completion.objects.get()
    assert completion.completed_at.isoformat() == "2026-02-03T10:30:00+00:00"
    assert completion.score == 88
    assert [one.level for one in Observation.objects.order_by("observed_at")] == [3, None]
    report = Report.objects.get(stance="works")
    assert report.created_at.isoformat() == "2026-04-01T07:00:00+00:00"
    assert report.team == Team.objects.get(name="North")
    assert Report.objects.get(stance="wont").barriers == ["coaching", "skill"]
    assert Report.objects.get(stance="changes").objective is None


def test_required_depth_follows_critical(folder: Path) -> None:
    load(folder)

    rows = BehaviorRevision.objects.order_by("position")
    assert [row.required_depth for row in rows] == [Depth.PRACTICED, Depth.EXPLAINED]


def test_the_lead_and_the_name_can_be_said(folder: Path) -> None:
    make.user("Boss", Role.LEAD)

    load(folder, "--strategy", "Price first", "--lead", "boss@example.com")

    assert Strategy.objects.get().name == "Price first"
    assert Strategy.objects.get().lead.name == "Boss"


def test_spreadsheets_write_a_mark_and_other_line_ends(folder: Path) -> None:
    for file in folder.glob("*.csv"):
        text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert "0 refused" in load(folder)
    assert User.objects.filter(email="lea@acme.example").exists()


# Twice, and changed


def test_loading_twice_changes_nothing(folder: Path) -> None:
    load(folder)

    said = load(folder)

    assert " 0 new, 0 changed" in said
    assert "1 new" not in said
    assert Revision.objects.count() == 1
    assert Completion.objects.count() == 1
    assert Observation.objects.count() == 2
    assert Report.objects.count() == 3
    assert not Touch.objects.exists()


def test_changed_words_become_the_next_revision(folder: Path) -> None:
    load(folder)
    change(folder, "behaviors", "in the first call, aloud", "in the first call")

    said = load(folder)

    revision = Objective.objects.get().current
    assert revision is not None
    assert (revision.number, revision.reason) == (2, "Loaded from acme.")
    assert "behaviors: 0 new, 2 changed" in said or "behaviors: 0 new, 1 changed" in said


def test_a_new_owner_is_no_new_revision(folder: Path) -> None:
    load(folder)
    change(folder, "people", "Tim,trainer; manager", "Tim,trainer; manager; strategy lead")
    change(folder, "objectives", "lea@acme.example", "tim@acme.example")

    load(folder)

    assert Objective.objects.get().owner == User.objects.get(name="Tim")
    assert Revision.objects.count() == 1


def test_a_behavior_the_file_does_not_name_stays(folder: Path) -> None:
    load(folder)
    change(folder, "behaviors", "O1.2,O1,seller,Writes the price down,no,\n", "")
    change(folder, "mappings", "T1,O1.2,Explained,Round one\n", "")

    load(folder)

    assert Revision.objects.count() == 1
    assert BehaviorRevision.objects.count() == 2


def test_a_column_the_file_has_not_got_leaves_what_is_there(folder: Path) -> None:
    load(folder)
    text = "code,objective,sales_role,statement,critical\n"
    text += 'O1.1,O1,Seller,"Names the price in the first call, aloud",yes\n'
    (folder / "behaviors.csv").write_text(text, encoding="utf-8")

    load(folder)

    assert Revision.objects.count() == 1


def test_a_changed_module_becomes_its_next_version_and_keeps_its_claims(folder: Path) -> None:
    load(folder)
    change(folder, "modules", "1.5", "2")

    load(folder)

    module = Module.objects.select_related("current").get()
    assert module.current is not None
    assert module.current.number == 2
    assert module.current.hours == 2
    assert Mapping.objects.alive().filter(version=module.current).count() == 2


def test_another_depth_takes_the_place_of_the_old_claim(folder: Path) -> None:
    load(folder)
    change(folder, "mappings", "practiced", "Explained")

    load(folder)

    claim = Mapping.objects.alive().get(behavior__code="O1.1")
    assert claim.depth == Depth.EXPLAINED


def test_somebody_who_changes_teams_keeps_their_history(folder: Path) -> None:
    load(folder)
    change(folder, "people", "Sam,rep,Seller,South", "Sam,rep,Seller,North")

    load(folder)

    places = Membership.objects.filter(user__name="Sam").order_by("begins")
    today = timezone.now().date()
    assert [(place.team.name, place.begins, place.ends) for place in places] == [
        ("South", date(2026, 1, 5), today),
        ("North", today, None),
    ]


def test_a_file_never_takes_the_role_of_an_admin(folder: Path) -> None:
    load(folder)
    tim = User.objects.get(name="Tim")
    User.objects.filter(pk=tim.pk).update(roles=[*tim.roles, Role.ADMIN])

    load(folder)

    tim.refresh_from_db()
    assert tim.is_admin


# What is refused


WRONG = [
    ("people", "lea@acme.example,Lea", "lea@,Lea", "people.csv, row 2, email: “lea@” is not"),
    ("people", "trainer; manager", "coach", "people.csv, row 3, role: “coach” is not one of"),
    ("people", "rep,Seller,North", "rep,,North", "people.csv, row 4, sales_role: A rep needs"),
    ("people", "sam@acme", "rio@acme", "people.csv, row 5, email: This address is in row 4"),
    ("objectives", "Sending lists", "", "objectives.csv, row 2, we_stop: This cell is empty."),
    (
        "objectives",
        "lea@acme.example",
        "tim@acme.example",
        "objectives.csv, row 2, owner: Tim is not a strategy lead.",
    ),
    (
        "objectives",
        "lea@acme.example",
        "no@acme.example",
        "objectives.csv, row 2, owner: Nobody has the address no@acme.example",
    ),
    ("objectives", "2026-01-05", "5.1.2026", "objectives.csv, row 2, effective_from: “5.1.2026”"),
    (
        "behaviors",
        "Writes the price down",
        "Understands the price",
        "behaviors.csv, row 3, statement: Nobody can see somebody “understand”",
    ),
    ("behaviors", "O1.2,O1,seller", "O1.2,O1,Buyer", "row 3, sales_role: Nobody is a “Buyer”"),
    ("behaviors", "O1.2,O1", "O1.2,O9", "row 3, objective: There is no objective O9"),
    ("behaviors", "O1.2,O1", "O1.1,O1", "row 3, code: This code is in row 2 already."),
    ("behaviors", ",no,", ",maybe,", "row 3, critical: “maybe” is neither yes nor no."),
    ("modules", "practice", "lecture", "modules.csv, row 2, kind: “lecture” is not one of"),
    ("modules", "1.5", "many", "modules.csv, row 2, hours: “many” is not a number"),
    ("modules", "1.5", "-1", "modules.csv, row 2, hours: “-1” is out of range"),
    ("modules", "tim@", "rio@", "modules.csv, row 2, owner: Rio, the first is not a trainer."),
    ("mappings", "practiced", "Reinforced", "row 2, depth: Practice modules can claim Practiced"),
    ("mappings", "T1,O1.2", "T9,O1.2", "mappings.csv, row 3, module: There is no module T9"),
    ("mappings", "O1.2,Explained", "O7,Explained", "row 3, behavior: There is no behavior O7"),
    (
        "completions",
        "2026-02-03",
        "2126-02-03",
        "completed_at: “2126-02-03 10:30” is still to come",
    ),
    ("completions", ",88", ",101", "completions.csv, row 2, score: “101” is out of range"),
    ("observations", ",3,He", ",5,He", "observations.csv, row 2, level: “5” is not one of"),
    ("observations", "O1.1,tim@", "O1.1,rio@", "row 2, observer: Nobody observes themselves."),
    ("reports", ",works,", ",fine,", "reports.csv, row 2, stance: “fine” is not one of"),
    ("reports", "They laugh", "", "reports.csv, row 3, text: Say in a sentence what happened."),
    ("reports", "skill; coaching", "rain", "reports.csv, row 3, barriers: “rain” is not one of"),
    (
        "reports",
        "rio@acme.example,O1",
        "no@acme.example,O1",
        "row 2, email: no@acme.example is not",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "reason"), WRONG)
def test_a_wrong_row_is_named_and_nothing_is_loaded(
    folder: Path, file: str, old: str, new: str, reason: str
) -> None:
    text = (folder / f"{file}.csv").read_text(encoding="utf-8").replace(old, new, 1)
    (folder / f"{file}.csv").write_text(text, encoding="utf-8")

    said = refused(folder)

    assert reason in said
    assert not User.objects.exists()
    assert not Strategy.objects.exists()


def test_a_real_company_is_refused_whole_without_the_word_of_a_person() -> None:
    handbook = Path(__file__).resolve().parent / "handbook"

    said = refused(handbook)

    assert "Nothing is loaded, because rows are refused." in said
    assert "behaviors.csv, row 6, statement: Nobody can see somebody “understand”." in said
    assert not User.objects.exists()


def test_every_mistake_of_a_row_is_named_at_once(folder: Path) -> None:
    change(folder, "modules", "practice,1.5", "lecture,many")

    said = refused(folder)

    assert "row 2, kind:" in said
    assert "row 2, hours:" in said


def test_the_good_rows_are_loaded_when_asked_for(folder: Path) -> None:
    change(folder, "behaviors", "Writes the price down", "Understands the price")

    said = load(folder, "--keep-good")

    assert "row 3, statement: Nobody can see" in said
    assert "Behavior O1.2 is refused: behaviors.csv, row 3, statement" in said
    assert BehaviorRevision.objects.count() == 1


def test_an_objective_without_a_visible_behavior_is_refused_with_its_claims(folder: Path) -> None:
    change(folder, "behaviors", "Names the price in", "Knows the price in")
    change(folder, "behaviors", "Writes the price down", "Understands the price")

    said = load(folder, "--keep-good")

    assert "objectives.csv, row 2: No behavior is left that a manager could see." in said
    assert "reports.csv, row 2, objective: Objective O1 is refused" in said
    assert not Objective.objects.exists()


def test_a_behavior_of_a_refused_objective_is_refused_with_it(folder: Path) -> None:
    change(folder, "objectives", "Sending lists", "")

    said = refused(folder)

    assert "behaviors.csv, row 2, objective: Objective O1 is refused: objectives.csv, row 2" in said


def test_a_dry_run_does_everything_and_keeps_nothing(folder: Path) -> None:
    said = load(folder, "--dry-run")

    assert "people: 4 new" in said
    assert "nothing is kept" in said
    assert not User.objects.exists()


def test_a_draft_somebody_is_writing_is_not_written_over(folder: Path) -> None:
    load(folder)
    objective = Objective.objects.get()
    strategy.open_draft(objective=objective, by=objective.owner, now=timezone.now())
    change(folder, "objectives", "A week", "A month")

    assert "objectives.csv, row 2, code: Somebody is writing a draft of O1" in refused(folder)


def test_people_of_the_example_are_not_mixed_in(folder: Path) -> None:
    User.objects.create(email="lea@acme.example", name="Lea", example=True)

    assert "row 2, email: “lea@acme.example” belongs to the example company" in refused(folder)


# What cannot be read


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "modules.csv").unlink()

    assert "modules.csv is missing" in refused(folder)


def test_evidence_and_voices_may_be_missing(folder: Path) -> None:
    for name in ("completions", "observations", "reports"):
        (folder / f"{name}.csv").unlink()

    assert "people: 4 new" in load(folder)


def test_missing_columns_are_named(folder: Path) -> None:
    change(folder, "people", "role,sales_role", "sells,sales_role")

    assert "people.csv: columns missing: role." in refused(folder)


def test_semicolons_between_cells_are_explained(folder: Path) -> None:
    text = (folder / "modules.csv").read_text(encoding="utf-8").replace(",", ";")
    (folder / "modules.csv").write_text(text, encoding="utf-8")

    assert "they have to be divided by commas" in refused(folder)


def test_columns_nobody_reads_are_said(folder: Path) -> None:
    change(folder, "modules", "content,owner", "content,owner,room")
    change(folder, "modules", "tim@acme.example", "tim@acme.example,12")

    assert "modules.csv: not read: room." in load(folder)


def test_another_encoding_is_explained(folder: Path) -> None:
    text = (folder / "people.csv").read_text(encoding="utf-8").replace("Sam,", "Säm,")
    (folder / "people.csv").write_bytes(text.encode("latin-1"))

    assert "people.csv, row 5: this is not UTF-8" in refused(folder)


def test_a_line_with_a_cell_too_many_is_named_by_its_line(folder: Path) -> None:
    change(folder, "people", '"Rio, the first"', "Rio, the first")

    said = refused(folder)

    assert "people.csv, row 4: This line has 7 cells, the first line has 6." in said


def test_a_cell_over_several_lines_keeps_the_count(folder: Path) -> None:
    change(folder, "people", '"Rio, the first"', '"Rio,\nthe first"')
    change(folder, "people", "Sam,rep", "Sam,guest")

    assert "people.csv, row 6, role:" in refused(folder)


def test_a_quote_that_never_ends_is_named(folder: Path) -> None:
    change(folder, "people", '"Rio, the first"', '"Rio, the first')

    assert "people.csv, row 4: unexpected end of data." in refused(folder)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    assert "is not a folder" in refused(tmp_path / "nowhere")


def test_without_any_lead_the_person_is_asked(folder: Path) -> None:
    change(folder, "people", "Lea,strategy lead", "Lea,trainer")

    assert "--lead" in refused(folder)
