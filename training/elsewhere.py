"""How other systems name our people and modules."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from align.people.models import User
from training.models import Module, ModuleVersion

URN = "urn:align:module:"


@dataclass(frozen=True, kw_only=True)
class Versions:
    """The published versions of one module, the oldest in front; never empty."""

    module_id: int
    code: str
    versions: tuple[ModuleVersion, ...]

    def at(self, moment: datetime) -> ModuleVersion:
        """Return the version in use at a moment; the first one for what was before it."""
        earlier = [row for row in self.versions if row.published_at and row.published_at <= moment]
        return earlier[-1] if earlier else self.versions[0]


class Modules:
    """Finds modules by what other systems call them, in one query however many are asked for."""

    def __init__(self) -> None:
        self._by_name: dict[str, Versions] = {}
        found = _published()
        titles = Counter(title for row in found for title in _titles(row))
        for row in found:
            pk, code = row.module_id, row.code
            links = {version.link for version in row.versions if version.link}
            # A title that two modules bear names neither.
            names = [title for title in _titles(row) if titles[title] == 1]
            names += [address.casefold() for link in links for address in _addresses(link)]
            for name in names:
                self._by_name.setdefault(name, row)
        # What names a module for certain wins over a title that looks the same.
        for row in found:
            pk, code = row.module_id, row.code
            here = f"{settings.BASE_URL}/training/"
            sure = [code, f"{URN}{code}"]
            sure += _addresses(f"{here}modules/{pk}/") + _addresses(f"{here}learn/{pk}/")
            for name in sure:
                self._by_name[name.casefold()] = row

    def named(self, name: str) -> Versions | None:
        return self._by_name.get(" ".join(name.split()).casefold())


def _published() -> list[Versions]:
    rows = (
        ModuleVersion.objects.filter(state=ModuleVersion.State.PUBLISHED)
        .select_related("module")
        .defer("content", "quiz")
        .order_by("module__code", "number")
    )
    by_module: dict[Module, list[ModuleVersion]] = {}
    for row in rows:
        by_module.setdefault(row.module, []).append(row)
    return [
        Versions(module_id=module.pk, code=module.code, versions=tuple(versions))
        for module, versions in by_module.items()
    ]


def _titles(row: Versions) -> set[str]:
    return {" ".join(version.title.split()).casefold() for version in row.versions}


def _addresses(link: str) -> list[str]:
    """With and without the slash at the end: people copy both."""
    return [link.rstrip("/"), f"{link.rstrip('/')}/"]


def people(addresses: Iterable[str]) -> dict[str, User]:
    """Find people by e-mail address, those who left included: history is theirs too."""
    wanted: Sequence[str] = sorted({address.lower() for address in addresses})
    return {user.email: user for user in User.objects.filter(email__in=wanted)}
