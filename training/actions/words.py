"""What can be refused, and why."""

from training.models import BarrierCase, Delivery, ModuleVersion


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


class StaleSession(Exception):
    """Somebody saved this session meanwhile. ``delivery`` has what they wrote."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(f"Session {delivery.pk} was saved meanwhile.")
        self.delivery = delivery


class NotPlanned(Exception):
    """This session was held or called off."""


class NotInvited(Exception):
    """This session is for somebody else."""


class SessionFull(Exception):
    """Every seat of this session is taken."""


class TooLate(Exception):
    """The time in which this could be done is over."""


class BarrierMoved(Exception):
    """Somebody did something with this barrier meanwhile. ``case`` is how it stands now."""

    def __init__(self, case: BarrierCase) -> None:
        super().__init__("Somebody changed this barrier meanwhile. This is how it stands now.")
        self.case = case


class DriverMoved(Exception):
    """Somebody replaced or ended this driver or waiver meanwhile."""

    def __init__(self) -> None:
        super().__init__("Somebody changed this meanwhile. This is how it stands now.")


class AlreadyCorrected(Exception):
    """Something stands in its place already. Correct that."""


class NotNow(Exception):
    """This cannot be done in the state it is in; the text says which."""
