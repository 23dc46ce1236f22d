"""The cache, for those who only count with it: its absence must refuse nobody anything."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
T = TypeVar("T")

PAUSE = 5.0  # seconds without an attempt, once the cache has failed


class Breaker:
    """Remembers, for this process, that the cache failed a moment ago.

    Django keeps one cache object a thread; the pause has to count for all of them, or every
    thread would wait for a server that hangs.
    """

    def __init__(self) -> None:
        self._closed_again_at = 0.0

    @property
    def open(self) -> bool:
        return time.monotonic() < self._closed_again_at

    def trip(self) -> None:
        self._closed_again_at = time.monotonic() + PAUSE

    def reset(self) -> None:
        self._closed_again_at = 0.0


breaker = Breaker()


class ForgivingCache(RedisCache):
    """A Redis cache that is empty and always free while its server is away.

    Sign-in and the API count attempts here. Without a server they do not count for a while; the
    lockout after wrong passwords stands in PostgreSQL and holds all the same.
    """

    def _attempt(self, call: Callable[[], T], *, otherwise: T) -> T:
        if breaker.open:
            return otherwise
        try:
            return call()
        except (RedisError, OSError) as failure:
            breaker.trip()
            log.warning("cache_away", reason=repr(failure))
            return otherwise

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        # True, as if the key was free: False would look like a lock that somebody else holds.
        return self._attempt(
            lambda: super(ForgivingCache, self).add(key, value, timeout, version), otherwise=True
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._attempt(
            lambda: super(ForgivingCache, self).get(key, default, version), otherwise=default
        )

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._attempt(
            lambda: super(ForgivingCache, self).set(key, value, timeout, version), otherwise=None
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._attempt(
            lambda: super(ForgivingCache, self).touch(key, timeout, version), otherwise=False
        )

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._attempt(
            lambda: super(ForgivingCache, self).delete(key, version), otherwise=False
        )
