import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.test import Client

from align.notices import actions as notices
from align.notices import mail as letters
from align.notices.actions import Message
from align.notices.models import Notice
from align.people.models import User
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


def message(person: User, key: str = "answer:1", **changes: Any) -> Message:
    given: dict[str, Any] = {"text": "Your report was answered.", "link": "/tell/mine/"}
    return Message(person_id=person.pk, key=key, **(given | changes))


def tell(person: User, count: int, *, now: datetime = NOW) -> Sequence[Notice]:
    notices.send([message(person, f"k{n}", text=f"Notice {n}") for n in range(count)], now=now)
    return list(Notice.objects.filter(person=person).order_by("pk"))


class TestSending:
    def test_the_same_event_is_told_once(self, cast: make.Cast) -> None:
        for later in (0, 5):
            notices.send(
                [message(cast.rosa), message(cast.lena)], now=NOW + timedelta(minutes=later)
            )
        assert Notice.objects.count() == 2
        assert {notice.created_at for notice in Notice.objects.all()} == {NOW}

    def test_what_is_due_at_once_is_mailed_once(
        self, cast: make.Cast, django_capture_on_commit_callbacks: Any
    ) -> None:
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                notices.send([message(cast.rosa, at_once=True), message(cast.lena)], now=NOW)
        letters.mail_due(now=NOW)
        [letter] = mail.outbox
        assert letter.to == ["rosa@example.com"]
        assert "http://localhost:8000/tell/mine/" in letter.body

    def test_a_mail_server_that_is_down_keeps_it_due(
        self, cast: make.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notices.send([message(cast.rosa, at_once=True)], now=NOW)

        def refuse(*args: object) -> int:
            raise smtplib.SMTPServerDisconnected("gone")

        with monkeypatch.context() as patch:
            patch.setattr(locmem.EmailBackend, "send_messages", refuse)
            assert letters.mail_due(now=NOW) == 0
        assert letters.mail_due(now=NOW) == 1
        assert len(mail.outbox) == 1

    def test_one_refused_address_holds_up_no_other(
        self, cast: make.Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = [cast.rosa, cast.mia, cast.tom]
        notices.send([message(person, at_once=True) for person in people], now=NOW)
        kept = locmem.EmailBackend.send_messages

        def choosy(self: locmem.EmailBackend, sent: Any) -> int:
            if sent[0].to == ["mia@example.com"]:
                raise smtplib.SMTPRecipientsRefused({})
            return kept(self, sent)

        monkeypatch.setattr(locmem.EmailBackend, "send_messages", choosy)
        assert letters.mail_due(now=NOW) == 2
        assert Notice.objects.to_mail().get().person == cast.mia

    def test_nobody_who_left_is_mailed(self, cast: make.Cast) -> None:
        notices.send([message(cast.rosa, at_once=True)], now=NOW)
        User.objects.filter(pk=cast.rosa.pk).update(is_active=False)
        assert letters.mail_due(now=NOW) == 0


class TestPages:
    def test_unread_ones_come_first(self, cast: make.Cast, client: Client) -> None:
        first, second, third = tell(cast.rosa, 3)
        Notice.objects.filter(pk=third.pk).read(now=NOW)
        client.force_login(cast.rosa)
        page = client.get("/notices/")
        assert [notice.pk for notice in page.context["unread"]] == [second.pk, first.pk]
        assert [notice.pk for notice in page.context["read"]] == [third.pk]

    @pytest.mark.parametrize("count", [0, 3, 50])
    def test_the_list_costs_the_same(
        self,
        cast: make.Cast,
        client: Client,
        count: int,
        django_assert_max_num_queries: Any,
    ) -> None:
        tell(cast.rosa, count)
        client.force_login(cast.rosa)
        with django_assert_max_num_queries(6):
            client.get("/notices/")

    def test_every_notice_is_on_exactly_one_page(self, cast: make.Cast, client: Client) -> None:
        told = tell(cast.rosa, 130)
        Notice.objects.filter(pk__in=[notice.pk for notice in told[::2]]).read(now=NOW)
        client.force_login(cast.rosa)
        seen: list[int] = []
        after = ""
        for _ in range(3):
            page = client.get(f"/notices/?after={after}")
            seen += [row.pk for row in [*page.context["unread"], *page.context["read"]]]
            after = page.context["next"]
        assert after == ""
        assert len(seen) == len(set(seen)) == 130

    def test_reading_between_two_pages_hides_nothing(self, cast: make.Cast, client: Client) -> None:
        told = tell(cast.rosa, 60)
        client.force_login(cast.rosa)
        first = client.get("/notices/")
        Notice.objects.filter(pk__in=[row.pk for row in first.context["unread"]]).read(now=NOW)
        second = client.get(f"/notices/?after={first.context['next']}")
        unread = {row.pk for row in first.context["unread"]}
        unread |= {row.pk for row in second.context["unread"]}
        assert unread == {notice.pk for notice in told}

    @pytest.mark.parametrize(
        "after", ["", "unread-", "read-x", "9", "unread-999999999999999999999"]
    )
    def test_a_broken_place_is_the_beginning(
        self, cast: make.Cast, client: Client, after: str
    ) -> None:
        tell(cast.rosa, 1)
        client.force_login(cast.rosa)
        assert len(client.get(f"/notices/?after={after}").context["unread"]) == 1

    def test_opening_reads_it_and_goes_there(self, cast: make.Cast, client: Client) -> None:
        first, second = tell(cast.rosa, 2)
        client.force_login(cast.rosa)
        assert client.get(f"/notices/{first.pk}/").status_code == 405
        answer = client.post(f"/notices/{first.pk}/")
        assert (answer.status_code, answer["Location"]) == (302, "/tell/mine/")
        assert list(Notice.objects.unread()) == [second]

    @pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example", "javascript:x()"])
    def test_it_never_leads_away(self, cast: make.Cast, client: Client, link: str) -> None:
        notices.send([message(cast.rosa, link=link)], now=NOW)
        client.force_login(cast.rosa)
        answer = client.post(f"/notices/{Notice.objects.get().pk}/")
        assert answer["Location"] == "/notices/"

    def test_notices_of_others_are_not_there(self, cast: make.Cast, client: Client) -> None:
        [notice] = tell(cast.rosa, 1)
        client.force_login(cast.ada)
        assert client.post(f"/notices/{notice.pk}/").status_code == 404
        assert "Notice 0" not in client.get("/notices/").content.decode()
        assert client.get(f"/notices/?after=unread-{notice.pk}").context["unread"] == []
        client.post("/notices/read/")
        assert Notice.objects.unread().count() == 1

    def test_all_are_read_at_once(self, cast: make.Cast, client: Client) -> None:
        tell(cast.rosa, 3)
        tell(cast.mia, 1)
        client.force_login(cast.rosa)
        client.post("/notices/read/")
        assert {notice.person for notice in Notice.objects.unread()} == {cast.mia}

    def test_a_text_is_shown_as_typed(self, cast: make.Cast, client: Client) -> None:
        notices.send([message(cast.rosa, text="<script>alert(1)</script>")], now=NOW)
        client.force_login(cast.rosa)
        assert "<script>alert(1)" not in client.get("/notices/").content.decode()
