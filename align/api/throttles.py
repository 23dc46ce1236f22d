"""How often a person may ask."""

from typing import Any

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle

log = structlog.get_logger(__name__)


class Rate(UserRateThrottle):
    """Counts in the cache; while the cache is away nobody is refused for it."""

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return bool(super().allow_request(request, view))
        except (RedisError, OSError) as error:
            log.warning("throttle without cache", error=str(error))
            return True
