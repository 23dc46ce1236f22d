"""Each role finds its places, and only those."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from align.dashboard import context
from align.notices.models import Notice
from align.people.models import Role, Team, User
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def page(client: Client) -> Callable[[User, str], str]:
    def _page(user: User, address: str) -> str:
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == 200
        return response.content.decode()

    return _page


def labels(user: User, path: str = "/") -> list[str]:
    shell = context.Shell(user=user, path=path)
    return [entry.label for entry in shell.places]


def current(user: User, path: str) -> list[str]:
    shell = context.Shell(user=user, path=path)
    return [entry.label for entry in (*shell.places, *shell.beside) if entry.current]


def test_every_place_has_an_address() -> None:
    for place in (*context.PLACES, *context.BESIDE):
        assert reverse(place.name).startswith("/")


def test_each_role_has_its_own_places(cast: make.Cast) -> None:
    assert labels(cast.lena) == ["Today", "Strategy", "Coverage", "Training", "Field voice"]
    assert labels(cast.tom) == ["Today", "Strategy", "Coverage", "Training", "Field voice"]
    assert labels(cast.mia) == ["Today", "Strategy", "Coverage", "Team"]
    assert labels(cast.rosa) == ["Today", "Tell", "Answers", "Learn", "My strategy"]
    assert labels(cast.ada) == ["Today", "People"]


def test_every_place_opens_for_whom_it_is_shown(cast: make.Cast, client: Client) -> None:
    for user in (cast.lena, cast.tom, cast.mia, cast.rosa, cast.ada):
        client.force_login(user)
        shell = context.Shell(user=user, path="/")
        for entry in (*shell.places, *shell.beside):
            assert client.get(entry.link).status_code == 200, (user, entry.label)


def test_whoever_has_two_roles_finds_the_places_of_both(cast: make.Cast) -> None:
    both = make.user("Bo", Role.TRAINER, Role.MANAGER)

    assert labels(both) == ["Today", "Strategy", "Coverage", "Training", "Field voice", "Team"]


def test_a_page_marks_the_place_it_belongs_to(cast: make.Cast) -> None:
    assert current(cast.lena, "/") == ["Today"]
    assert current(cast.lena, "/objectives/7-price/") == ["Coverage"]
    assert current(cast.lena, "/strategy/uptime/") == ["Strategy"]
    assert current(cast.lena, "/flags/3/") == ["Flags"]
    assert current(cast.rosa, "/voice/answers/") == ["Answers"]
    assert current(cast.rosa, "/tell/mine/") == ["Answers"]
    assert current(cast.ada, "/settings/") == ["Settings"]
    assert current(cast.ada, "/settings/people/4/") == ["People"]
    assert current(cast.lena, "/accounts/2fa/") == ["Settings"]
    assert current(cast.lena, "/nowhere/") == []


def test_unread_notices_are_counted(cast: make.Cast, page: Callable[[User, str], str]) -> None:
    assert "unread</span>" not in page(cast.lena, "/settings/")
    for key in ("one", "two", "three"):
        Notice.objects.create(
            person=cast.lena, key=key, text="A flag is yours", link="/flags/", created_at=NOW
        )
    Notice.objects.filter(key="one").update(read_at=NOW)

    assert '<span class="n">2<span class="vh"> unread</span></span>' in page(
        cast.lena, "/settings/"
    )


def test_the_example_company_is_marked_on_every_page(
    cast: make.Cast, page: Callable[[User, str], str]
) -> None:
    assert "This is the example company" not in page(cast.rosa, "/settings/")
    Team.objects.filter(pk=cast.team.pk).update(example=True)

    assert "This is the example company" in page(cast.rosa, "/settings/")


def test_the_shell_costs_two_queries(
    cast: make.Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    shell = context.Shell(user=cast.lena, path="/")
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert shell.places
        assert shell.beside
        assert not shell.example
        assert not shell.unread


def test_before_the_sign_in_the_shell_asks_nothing(
    django_assert_num_queries: Callable[[int], object],
) -> None:
    shell = context.Shell(user=AnonymousUser(), path="/accounts/login/")
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert shell.person is None
        assert shell.unread == 0
        assert shell.example is False


def test_a_page_says_its_title_twice_and_whose_it_is(
    cast: make.Cast, page: Callable[[User, str], str]
) -> None:
    html = page(cast.lena, "/settings/")

    assert "<title>Settings - Align</title>" in html
    assert "<h1>Settings</h1>" in html
    assert cast.lena.name in html
    assert "Strategy lead" in html
    assert 'href="#main"' in html


def test_a_name_full_of_markup_stays_a_name(
    cast: make.Cast, page: Callable[[User, str], str]
) -> None:
    User.objects.filter(pk=cast.lena.pk).update(name="<script>Lena</script>")
    cast.lena.refresh_from_db()

    assert "<script>Lena" not in page(cast.lena, "/settings/")
