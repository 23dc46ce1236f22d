from typing import Any

import pytest
from django.test import Client

from align.people.models import Role
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import Kind, Mapping, Module, ModuleVersion, Program

pytestmark = pytest.mark.django_db

TYPED = {
    "code": "NEG-9",
    "title": "Holding price",
    "program": "",
    "new_program": "Negotiation",
    "kind": "practice",
    "hours": "0.75",
    "content": "Say it **out loud**.",
    "link": "",
}


@pytest.fixture
def drill(cast: make.Cast) -> Module:
    return make.module(owner=cast.tom, title="The drill", code="NEG-1")


# The list


def test_everybody_finds_published_modules(cast: make.Cast, drill: Module, read: Read) -> None:
    for who in (cast.lena, cast.tom, cast.mia, cast.rosa):
        assert "The drill" in read(who, "/training/modules/")


def test_a_draft_is_for_trainers(cast: make.Cast, read: Read, client: Client) -> None:
    client.force_login(cast.tom)
    client.post("/training/modules/new/", TYPED)
    module = Module.objects.get()
    assert "Holding price" in read(cast.tom, "/training/modules/")
    for who in (cast.lena, cast.mia, cast.rosa):
        assert "Holding price" not in read(who, "/training/modules/")
        read(who, module.get_absolute_url(), status=404)


def test_the_list_is_narrowed_by_the_address(
    cast: make.Cast, drill: Module, client: Client
) -> None:
    other = make.user("Tess", Role.TRAINER)
    slide = make.module(
        owner=other, kind=Kind.ANNOUNCEMENT, title="What is new", code="KO-1", program="Kick-off"
    )
    actions.retire_module(module=make.module(owner=cast.tom, code="OLD-1"), now=NOW)
    client.force_login(cast.tom)

    def found(query: str) -> list[str]:
        catalog = client.get(f"/training/modules/{query}").context["catalog"]
        return [row.module.code for row in catalog.rows]

    assert found("") == ["KO-1", "NEG-1"]
    assert found("?q=drill") == found("?mine=on") == found("?kind=practice") == ["NEG-1"]
    assert found(f"?program={slide.program_id}") == found("?q=tess") == ["KO-1"]
    assert found("?state=retired") == ["OLD-1"]
    assert found("?q=nothing") == []
    assert found("?program=x&kind=king&state=?&page=x&q=%00") == ["KO-1", "NEG-1"]


def test_the_list_counts_claims_and_people(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    make.mapping(module=drill, behavior=place.behavior)
    make.completion(user=cast.rosa, module=drill)
    client.force_login(cast.tom)
    [row] = client.get("/training/modules/").context["catalog"].rows
    counted: Any = row.module
    assert (counted.behaviors, counted.deepest, counted.people, counted.suspect) == (1, 3, 1, 0)
    assert row.kind == "Practice"


@pytest.mark.parametrize("modules", [1, 60])
def test_the_list_costs_the_same_however_long(
    cast: make.Cast, client: Client, modules: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(modules):
        make.module(owner=cast.tom)
    client.force_login(cast.tom)
    with django_assert_max_num_queries(10):
        client.get("/training/modules/")


# One module


def test_a_module_tells_what_it_teaches_and_who_took_it(
    cast: make.Cast, place: Place, drill: Module, read: Read
) -> None:
    make.mapping(module=drill, behavior=place.behavior)
    make.completion(user=cast.rosa, module=drill)
    page = read(cast.tom, drill.get_absolute_url())
    assert "Opens the price talk" in page
    assert "The second half is the drill." in page
    assert "1 person took it" in page
    assert "Rosa" in page
    assert "New version" in page


def test_people_are_named_only_to_who_may_see_them(
    cast: make.Cast, drill: Module, read: Read
) -> None:
    make.completion(user=cast.rosa, module=drill)
    assert "Rosa" in read(cast.mia, drill.get_absolute_url())
    page = read(cast.lena, drill.get_absolute_url())
    assert "1 person took it" in page
    assert "Rosa" not in page


def test_content_is_cleaned(cast: make.Cast, read: Read, client: Client) -> None:
    client.force_login(cast.tom)
    client.post("/training/modules/new/", TYPED | {"content": "**bold** <script>alert(1)</script>"})
    page = read(cast.tom, Module.objects.get().get_absolute_url())
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page


def test_an_unknown_version_leads_to_the_one_in_use(
    cast: make.Cast, drill: Module, client: Client
) -> None:
    client.force_login(cast.rosa)
    answer = client.get(f"{drill.get_absolute_url()}?version=9")
    assert answer.status_code == 200 or answer.headers["Location"] == drill.get_absolute_url()


@pytest.mark.parametrize("mappings", [1, 12])
def test_a_module_costs_the_same_however_much_it_teaches(
    cast: make.Cast,
    place: Place,
    drill: Module,
    client: Client,
    mappings: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(mappings):
        objective = make.objective(strategy_=place.plan, by=cast.lena)
        make.mapping(module=drill, behavior=make.behavior(objective))
        make.completion(user=cast.rosa, module=drill)
    client.force_login(cast.tom)
    with django_assert_max_num_queries(14):
        client.get(drill.get_absolute_url())


# Writing


@pytest.mark.parametrize("who", ["lena", "mia", "rosa", "ada"])
def test_modules_are_written_by_trainers(cast: make.Cast, read: Read, who: str) -> None:
    assert "This is for trainers." in read(getattr(cast, who), "/training/modules/new/", 403)


def test_a_trainer_writes_a_module_and_publishes_it(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.tom)
    assert client.post("/training/modules/new/", TYPED).status_code == 302
    module = Module.objects.get()
    assert (module.program.name, module.owner) == ("Negotiation", cast.tom)
    assert client.get(f"{module.get_absolute_url()}publish/").status_code == 200
    answer = client.post(f"{module.get_absolute_url()}publish/", follow=True)
    assert "Published. Map it to the behaviors it teaches." in answer.content.decode()
    module.refresh_from_db()
    assert module.state == Module.State.PUBLISHED


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"code": "NEG-1"}, "is taken by another module"),
        ({"new_program": ""}, "Choose a program, or name a new one."),
        ({"kind": "king"}, "Select a valid choice"),
        ({"hours": "-1"}, "greater than or equal to 0.05"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"title": "x" * 161}, "at most 160 characters"),
        ({"content": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    cast: make.Cast, drill: Module, client: Client, typed: dict[str, str], message: str
) -> None:
    client.force_login(cast.tom)
    answer = client.post("/training/modules/new/", TYPED | typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "0.75" in page or "hours" in typed
    assert Module.objects.count() == 1


def test_only_its_owner_changes_a_module(cast: make.Cast, drill: Module, read: Read) -> None:
    actions.new_version(module=drill, by=cast.tom, now=NOW)
    tess = make.user("Tess", Role.TRAINER)
    for verb in ("edit", "publish", "retire"):
        page = read(tess, f"{drill.get_absolute_url()}{verb}/", status=403)
        assert "Tom can open it for you." in page


def test_a_stale_save_shows_both_texts(cast: make.Cast, drill: Module, client: Client) -> None:
    draft = actions.new_version(module=drill, by=cast.tom, now=NOW)
    address = f"{drill.get_absolute_url()}edit/"
    typed = {**TYPED, "edits": "0"}
    client.force_login(cast.tom)
    assert client.post(address, typed | {"title": "Theirs"}).status_code == 302
    answer = client.post(address, typed | {"title": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert 'name="edits" value="1"' in page
    assert client.post(address, typed | {"title": "Mine", "edits": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.title == "Mine"


def test_an_empty_draft_is_not_published(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.tom)
    client.post("/training/modules/new/", TYPED | {"content": ""})
    address = f"{Module.objects.get().get_absolute_url()}publish/"
    answer = client.post(address)
    assert answer.status_code == 422
    assert "Write the content here, or link to where it is." in answer.content.decode()
    assert ModuleVersion.objects.get().state == ModuleVersion.State.DRAFT


def test_publishing_says_how_many_claims_came_less_deep(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    make.mapping(module=drill, behavior=place.behavior)
    client.force_login(cast.tom)
    client.post(f"{drill.get_absolute_url()}versions/new/")
    client.post(f"{drill.get_absolute_url()}edit/", TYPED | {"kind": "explanation", "edits": "0"})
    preview = client.get(f"{drill.get_absolute_url()}publish/").content.decode()
    assert "1 mapped behavior comes along" in preview
    answer = client.post(f"{drill.get_absolute_url()}publish/", follow=True)
    assert "1 of them less deep" in answer.content.decode()


def test_retiring_says_what_stops_counting(
    cast: make.Cast, place: Place, drill: Module, client: Client
) -> None:
    make.mapping(module=drill, behavior=place.behavior)
    client.force_login(cast.tom)
    address = f"{drill.get_absolute_url()}retire/"
    page = client.get(address).content.decode()
    assert "1 claim stops counting." in page
    assert "Opens the price talk" in page
    client.post(address)
    drill.refresh_from_db()
    assert drill.state == Module.State.RETIRED
    assert Mapping.objects.alive().exists()


def test_nothing_is_changed_by_a_get(cast: make.Cast, drill: Module, client: Client) -> None:
    client.force_login(cast.tom)
    assert client.get(f"{drill.get_absolute_url()}versions/new/").status_code == 405
    client.get(f"{drill.get_absolute_url()}retire/")
    drill.refresh_from_db()
    assert drill.state == Module.State.PUBLISHED
    assert Program.objects.count() == 1
