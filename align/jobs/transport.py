"""Kombu's Redis transport, cured of one way to die.

When the broker goes away in the middle of something, Kombu asks a connection it has closed for
its address. The AttributeError that follows is no connection error, so nobody expects it and
the worker ends (celery/kombu#582). As a connection error it is what it is: a reason to reconnect.
"""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError as Disconnected


class Channel(redis.Channel):
    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection.client is None:
            raise Disconnected("The connection to the broker is closed.")
        parameters: dict[str, Any] = super()._connparams(asynchronous=asynchronous)
        return parameters


class Transport(redis.Transport):
    Channel = Channel


def install() -> None:
    """Use this transport for every address that begins with redis."""
    for name in ("redis", "rediss"):
        TRANSPORT_ALIASES[name] = "align.jobs.transport:Transport"
