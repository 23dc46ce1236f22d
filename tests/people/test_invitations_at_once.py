import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connections

from align.people import actions, invitations
from align.people.models import Role, User
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_mail_an_invitation_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make.cast()
    for name in ("Nora", "Nils"):
        actions.invite(
            email=f"{name}@example.com",
            name=name,
            roles=[Role.TRAINER],
            team=None,
            sales_role=None,
            begins=NOW.date(),
            by=cast.ada,
            now=NOW,
        )
    User.objects.update(invitation_mailed_at=None)  # the tests' worker runs at once
    mail.outbox.clear()
    kept = locmem.EmailBackend.send_messages

    def slow(self: locmem.EmailBackend, messages: Any) -> int:
        time.sleep(0.2)  # so that the second worker comes while the first one sends
        return kept(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", slow)

    def work() -> int:
        try:
            return invitations.mail_due(now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        sent = sum(worker.result() for worker in [pool.submit(work), pool.submit(work)])
    assert sent == 2
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "nils@example.com",
        "nora@example.com",
    ]
