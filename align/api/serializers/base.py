"""Serializers that refuse what they do not know."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.drainage import set_override
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

UNKNOWN = "There is no such field here, or it is not yours to set."


class Shown(serializers.Serializer[Any]):
    """What comes out. It is never given anything to read."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        set_override(cls, "component_name", cls.__name__.removesuffix("Shown"))


class Taken(serializers.Serializer[Any]):
    """What goes in: every field named here, no other."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        set_override(cls, "component_name", cls.__name__.removesuffix("Taken"))

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        unknown = unknown_of(data, known=set(self.fields))
        try:
            value: dict[str, Any] = super().to_internal_value(data)
        except ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            raise ValidationError(error.detail | unknown) from error
        if unknown:
            raise ValidationError(unknown)
        return value


def unknown_of(data: Any, *, known: set[str]) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        return {}
    return {name[:80]: [UNKNOWN] for name in data if name not in known}


class Empty(Taken):
    """A verb that needs no words. Sending some all the same is a mistake worth naming."""


class PersonBrief(Shown):
    id = serializers.IntegerField()
    name = serializers.CharField()
