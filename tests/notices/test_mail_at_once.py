import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connections

from align.notices import actions as notices
from align.notices import mail as letters
from align.notices.actions import Message
from align.notices.models import Notice
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_mail_a_notice_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make.cast()
    notices.send(
        [
            Message(person_id=person.pk, key="k", text="Answered.", link="/", at_once=True)
            for person in (cast.rosa, cast.mia)
        ],
        now=NOW,
    )
    Notice.objects.update(mailed_at=None)  # the tests' worker runs at once
    mail.outbox.clear()
    kept = locmem.EmailBackend.send_messages

    def slow(self: locmem.EmailBackend, messages: Any) -> int:
        time.sleep(0.2)  # so that the second worker comes while the first one sends
        return kept(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", slow)

    def work() -> int:
        try:
            return letters.mail_due(now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        sent = sum(worker.result() for worker in [pool.submit(work), pool.submit(work)])
    assert sent == 2
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "mia@example.com",
        "rosa@example.com",
    ]
