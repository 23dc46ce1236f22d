"""The broker's connection: closed in the middle of something, it says so as an outage."""

import pytest
from kombu.connection import Connection

from align.celery import app
from align.jobs.transport import Transport


@pytest.mark.parametrize("address", ["redis://h:1/0", "rediss://h/0", "redis+socket:///x/v.sock"])
def test_every_address_uses_our_transport(address: str) -> None:
    assert isinstance(Connection(address).transport, Transport)


def test_asking_a_closed_connection_is_a_connection_error() -> None:
    connection = app.connection_for_read()
    channel = connection.channel()
    channel.connection.client = None
    with pytest.raises(connection.connection_errors):
        channel._connparams()
