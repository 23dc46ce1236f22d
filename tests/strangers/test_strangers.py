"""Every address, for everybody, against the table."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.strangers import table, world

FORM = b"csrfmiddlewaretoken=x", "application/x-www-form-urlencoded"
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.mark.django_db
@pytest.mark.parametrize("role", table.ROLES)
def test_everybody_gets_what_the_table_says(role: str) -> None:
    small = world.build()
    client = Client(raise_request_exception=False)
    cookie = session_of(small, role)
    wrong = [
        f"{row.method} {row.address}: {found}, not {row.statuses[role]}"
        for row in table.rows()
        if (found := ask(client, row, small, cookie)) != row.statuses[role]
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def session_of(small: world.World, role: str) -> str | None:
    person = small.people[role]
    if person is None:
        return None
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(client: Client, row: table.Row, small: world.World, cookie: str | None) -> int:
    """Send the request and take back whatever it changed, so that each row finds the same world."""
    client.cookies.clear()
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    address = row.address.format(**small.names)
    body, kind = (b"{}", "application/json") if address.startswith("/api/") else FORM
    with transaction.atomic():
        if row.method == "GET":
            answer = client.get(address)
        else:
            answer = client.generic(row.method, address, body, content_type=kind)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.django_db
def test_no_address_is_missing_from_the_table() -> None:
    small = world.build()
    said = {
        (resolve(row.address.format(**small.names).partition("?")[0]).view_name, row.method)
        for row in table.rows()
    }
    names = {name for name, _ in said}
    missing = [
        f"{method or 'any method'} {name}"
        for name, method in addresses()
        if not name.startswith(table.BY_PREFIX)
        and ((name, method) not in said if method else name not in names)
    ]
    assert not missing, "\n" + "\n".join(missing)


def addresses() -> Iterator[tuple[str, str | None]]:
    """Yield every name in the resolver; with each method where the view says which it has."""
    for name, pattern in named(get_resolver().url_patterns, ""):
        methods = methods_of(pattern)
        yield from ((name, method) for method in methods) if methods else [(name, None)]


def named(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}", pattern


def methods_of(pattern: URLPattern) -> list[str]:
    view = getattr(pattern.callback, "cls", None)
    if view is None:
        return []
    actions = getattr(pattern.callback, "actions", None)
    there = set(actions) if actions else {name for name in METHODS if hasattr(view, name)}
    return sorted(name.upper() for name in there & set(METHODS))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["rep", "lead"])
def test_what_is_hidden_looks_like_what_is_not_there(role: str) -> None:
    small = world.build()
    nothing = {name: absent(value) for name, value in small.names.items()}
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(small, role) or ""
    hidden = [row for row in table.rows() if row.method == "GET" and row.statuses[role] == 404]
    differ = [
        row.address
        for row in hidden
        if "{" in row.address
        and client.get(row.address.format(**small.names)).content
        != client.get(row.address.format(**nothing)).content
    ]
    assert len(hidden) > 10
    assert not differ


def absent(value: object) -> object:
    """Return a name of the same kind that nothing has."""
    if isinstance(value, UUID):
        return uuid4()
    return 999_999 if isinstance(value, int) else "nothing"
