import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.test import Client
from django.utils import timezone

from align.people import actions, invitations, tasks
from align.people.models import Membership, Role, User
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


def invite(cast: make.Cast, **changes: Any) -> User:
    given: dict[str, Any] = {
        "email": "Nora@Example.com ",
        "name": "Nora",
        "roles": [Role.REP],
        "team": cast.team,
        "sales_role": cast.role,
        "begins": NOW.date(),
        "by": cast.ada,
        "now": NOW,
    }
    return actions.invite(**(given | changes))


def link() -> str:
    found = re.search(
        r"http://localhost:8000(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body)
    )
    assert found
    return found.group(1)


def test_somebody_invited_has_a_place_and_no_password(cast: make.Cast) -> None:
    nora = invite(cast)
    assert nora.email == "nora@example.com"
    assert not nora.has_usable_password()
    place = Membership.objects.get(user=nora)
    assert (place.team, place.sales_role, place.begins) == (cast.team, cast.role, NOW.date())


def test_the_link_sets_a_password_once(cast: make.Cast, client: Client) -> None:
    nora = invite(cast)
    tasks.mail_invitations()
    assert mail.outbox[-1].to == ["nora@example.com"]
    address = link()
    form = client.get(address, follow=True)
    assert form.status_code == 200
    chosen = {"password1": "seven green pumps", "password2": "seven green pumps"}
    client.post(form.request["PATH_INFO"], chosen)
    nora.refresh_from_db()
    assert nora.check_password("seven green pumps")
    assert client.get("/settings/").status_code == 200, "who set a password is signed in"
    again = Client().get(address, follow=True)
    assert "password1" not in again.content.decode()


def test_the_form_invites_and_the_worker_mails(
    cast: make.Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(cast.ada)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            "/settings/people/invite/",
            {
                "email": "nora@example.com",
                "name": "Nora",
                "roles": ["trainer"],
                "begins": "2026-11-01",
            },
        )
    assert answer.status_code == 302
    assert [letter.to for letter in mail.outbox] == [["nora@example.com"]]


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"email": "rosa@example.com"}, "email", "is here already"),
        ({"roles": []}, "roles", "at least one role"),
        ({"team": ""}, "team", "need a team"),
        ({"sales_role": ""}, "sales_role", "needs a sales role"),
        ({"email": "nobody"}, "email", "valid email"),
        ({"begins": "soon"}, "begins", "valid date"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    cast: make.Cast, client: Client, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    client.force_login(cast.ada)
    given = {
        "email": "nora@example.com",
        "name": "Nora Nyberg",
        "roles": ["rep"],
        "team": cast.team.pk,
        "sales_role": cast.role.pk,
        "begins": "2026-11-01",
    }
    answer = client.post("/settings/people/invite/", given | wrong)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert "Nora Nyberg" in answer.content.decode()
    assert not User.objects.filter(name="Nora Nyberg").exists()


def test_a_mail_server_that_is_down_keeps_the_invitation_due(
    cast: make.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora = invite(cast)

    def refuse(*args: object) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", refuse)
        assert invitations.mail_due(now=NOW) == 0
    assert nora in User.objects.to_invite()
    assert invitations.mail_due(now=NOW) == 1
    assert nora not in User.objects.to_invite()


def test_the_job_mails_once_however_often_and_late_it_runs(cast: make.Cast) -> None:
    invite(cast)
    for minutes in (0, 0, 600):
        invitations.mail_due(now=NOW + timedelta(minutes=minutes))
    assert len(mail.outbox) == 1


def test_invited_again_gets_another_link(cast: make.Cast) -> None:
    nora = invite(cast)
    invitations.mail_due(now=NOW)
    actions.invite_again(user=nora, by=cast.ada, now=NOW + timedelta(hours=1))
    assert invitations.mail_due(now=NOW + timedelta(hours=2)) == 1
    assert len(mail.outbox) == 2


def test_somebody_deactivated_gets_no_invitation(cast: make.Cast) -> None:
    nora = invite(cast)
    actions.deactivate(user=nora, by=cast.ada, now=NOW)
    assert invitations.mail_due(now=timezone.now()) == 0
