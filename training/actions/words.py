"""What can be refused, and why."""

from training.models import ModuleVersion


class Invalid(Exception):
    """Something is missing or wrong; ``errors`` names each field with a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = errors


class StaleVersion(Exception):
    """Somebody saved this draft meanwhile. ``version`` has their text."""

    def __init__(self, version: ModuleVersion) -> None:
        super().__init__(f"Version {version.pk} was saved meanwhile.")
        self.version = version


class NotADraft(Exception):
    """This module version is published, or gone."""


class CannotMap(Exception):
    """A claim that is refused; the text says why."""


class TooDeep(CannotMap):
    """The kind of the module does not allow so deep a claim."""


class AlreadyMapped(CannotMap):
    """This version claims this behavior for this audience already."""


class NotInForce(CannotMap):
    """The behavior is not in force, so there is nothing to teach yet."""


class NotPublished(CannotMap):
    """The module has no published version, or is retired."""


class KeyReused(Exception):
    """The same key came with another content: a different record, not a repetition."""
