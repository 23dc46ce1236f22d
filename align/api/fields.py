"""Fields that take exactly the type they say, and never tell what a person may not see."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LARGEST_ID = 2**63 - 1
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = date(9999, 1, 1)  # a day after which there are days, in every zone


class Text(serializers.CharField):
    """A text, not a number or a truth that looks like one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Mail(serializers.EmailField):
    """An e-mail address, as people are known by: in lower case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data).lower()


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=type(data).__name__)
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number, not “12”, 12.0 or true."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Moment(serializers.DateTimeField):
    """A time with its zone in, UTC out, whatever zone the person shows on pages."""

    default_error_messages = {
        "early": "Give a time after 1970.",
        "zone": "Say the zone, for example 2026-11-23T09:00:00Z.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        moment = super().to_internal_value(value)
        if moment < EARLIEST:
            self.fail("early")
        return moment


class Day(serializers.DateField):
    """A day from 1970 on; whose, the field says."""

    default_error_messages = {"far": "Give a day from 1970 to 9998."}

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        day: date = super().to_internal_value(value)
        if not EARLIEST.date() <= day < LATEST:
            self.fail("far")
        return day


def seen_by(queryset: Any, person: Any) -> QuerySet[Any]:
    """Return what is behind the one door of these rows."""
    seen: QuerySet[Any] = queryset.visible_to(person)
    return seen


class Known(serializers.PrimaryKeyRelatedField[Any]):
    """One of the rows that everybody knows, such as the sales roles."""

    default_error_messages = {
        "does_not_exist": "There is none with this id that you can see.",
        "incorrect_type": "Give an id, a whole number.",
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("incorrect_type")
        if not 0 < data <= LARGEST_ID:
            self.fail("does_not_exist")
        return super().to_internal_value(data)


class Visible(Known):
    """One of the rows the person may see. An invisible one is answered like a missing one."""

    def get_queryset(self) -> QuerySet[Any]:
        return seen_by(super().get_queryset(), self.context["request"].user)


@extend_schema_field(OpenApiTypes.UUID)
class VisibleRef(serializers.SlugRelatedField[Any]):
    """As ``Visible``, by the random reference that reports and decisions are known by."""

    default_error_messages = Known.default_error_messages | {
        "incorrect_type": "Give a reference, a UUID."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="ref", **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        return seen_by(super().get_queryset(), self.context["request"].user)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("incorrect_type")
        ref = Key().run_validation(data)
        return super().to_internal_value(ref)


class Key(serializers.UUIDField):
    """A UUID as text; Django REST framework would take a number for one too."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=type(data).__name__)
        key: UUID = super().to_internal_value(data)
        return key


class VisibleRefs(serializers.ListField):
    """Several of the rows the person may see, by reference, found in one query."""

    child = Key()

    def __init__(self, *, queryset: QuerySet[Any], **kwargs: Any) -> None:
        self.queryset = queryset
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        refs = list(dict.fromkeys(super().to_internal_value(data)))
        seen = seen_by(self.queryset, self.context["request"].user)
        rows = {row.ref: row for row in seen.filter(ref__in=refs)}
        missing = {
            str(at): [Known.default_error_messages["does_not_exist"]]
            for at, ref in enumerate(refs)
            if ref not in rows
        }
        if missing:
            raise serializers.ValidationError(missing)
        return [rows[ref] for ref in refs]
