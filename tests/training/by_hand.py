"""Coverage once more, slowly and in plain Python: DOMAIN section 4 read aloud over all rows.

It shares nothing with the engine but the tables. Every question is asked as of a moment: what
happened until then and was recorded until then.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil, sqrt
from typing import Any

from align.people.models import Audience, Membership, TeamPlace
from strategy.models import BehaviorRevision, Objective, Revision
from training.models import (
    Assessment,
    Assignment,
    Completion,
    Delivery,
    Mapping,
    Module,
    ModuleVersion,
    Observation,
    Seat,
    Waiver,
)

Key = tuple[int, int]  # behavior, audience
CAN_SHOW = (0, 0, 2, 3, 4, 4)  # None, None, Explained, Practiced, Reinforced, Reinforced


@dataclass(frozen=True)
class Figures:
    objective_id: int
    critical: bool
    required: int
    depth: int
    suspect_depth: int
    people: int
    planned: int
    reached: int
    reached_since: datetime | None
    median_at: datetime | None
    assessed: int
    demonstrated: int
    observed: int
    at_standard: int
    earlier_observed: int
    earlier_at_standard: int
    later_observed: int
    later_at_standard: int
    waived: bool
    touched: bool
    evidence: int


@dataclass(frozen=True)
class Sum:
    cells: int
    covered: int
    suspect: int
    depth: int | None
    shown: int | None
    evidence: int | None
    people: int
    planned: int
    reached: int
    looked: int
    seen_people: int
    observed: int
    at_standard: int
    touched: int
    touched_covered: int


class Book:
    """All rows, read once."""

    def __init__(self) -> None:
        self.objectives = list(Objective.objects.all())
        self.revisions = list(Revision.objects.filter(state="published"))
        self.words = list(BehaviorRevision.objects.all())
        self.audiences_of = {
            row.pk: {audience.pk for audience in row.audiences.all()}
            for row in BehaviorRevision.objects.prefetch_related("audiences")
        }
        self.rules = {
            row.pk: (
                {role.pk for role in row.sales_roles.all()},
                {team.pk for team in row.teams.all()},
            )
            for row in Audience.objects.prefetch_related("sales_roles", "teams")
        }
        self.places = list(TeamPlace.objects.all())
        self.stays = list(Membership.objects.all())
        self.modules = {row.pk: row for row in Module.objects.all()}
        self.versions = {row.pk: row for row in ModuleVersion.objects.all()}
        self.mappings = list(Mapping.objects.prefetch_related("reviews"))
        self.completions = list(Completion.objects.all())
        self.observations = list(Observation.objects.all())
        self.assessments = list(Assessment.objects.all())
        self.deliveries = {row.pk: row for row in Delivery.objects.all()}
        self.seats = list(Seat.objects.all())
        self.assignments = list(Assignment.objects.all())
        self.waivers = list(Waiver.objects.all())


class Reading:
    """The book as it read at a moment; of the people of one team where one is named."""

    def __init__(self, book: Book, moment: datetime, team: int | None = None) -> None:
        self.book = book
        self.moment = moment
        self.day: date = moment.astimezone(UTC).date()
        self.team = team

    # Who

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def above(self, team: int) -> list[int]:
        """The team and those it stood under on the day."""
        chain = [team]
        while True:
            under = [
                place.parent_id
                for place in self.book.places
                if place.team_id == chain[-1] and self.holds_on(place)
            ]
            if not under or under[0] is None or under[0] in chain:
                return chain
            chain.append(under[0])

    def holds_on(self, dated: Any) -> bool:
        return bool(dated.begins <= self.day and (dated.ends is None or self.day < dated.ends))

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def members(self, audience: int) -> set[int]:
        """In the rule on the day, and thirty days after first selling anything."""
        return {stay.user_id for stay in self._stays(audience) if self._counts(stay.user_id)}

    def _stays(self, audience: int) -> list[Membership]:
        roles, teams = self.book.rules[audience]
        return [
            stay
            for stay in self.book.stays
            if self.holds_on(stay)
            and stay.sales_role_id in roles
            and teams & set(self.above(stay.team_id))
        ]

    def _counts(self, user: int) -> bool:
        sold = [
            stay.begins
            for stay in self.book.stays
            if stay.user_id == user and stay.sales_role_id is not None
        ]
        return bool(sold) and min(sold) + timedelta(days=30) <= self.day

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def whom(self, audience: int) -> set[int]:
        """The people the figures count: all members, or those of the team."""
        people = self.members(audience)
        if self.team is None:
            return people
        inside = {
            stay.user_id for stay in self._stays(audience) if self.team in self.above(stay.team_id)
        }
        return people & inside

    # What is asked

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def in_force(self, objective: Objective) -> Revision | None:
        if objective.retired_at is not None and objective.retired_at <= self.moment:
            return None
        known = [
            row
            for row in self.book.revisions
            if row.objective_id == objective.pk
            and row.published_at is not None
            and row.published_at <= self.moment
            and row.effective_from is not None
            and row.effective_from <= self.moment
        ]
        return max(known, key=lambda row: row.number, default=None)

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def asked(self) -> list[tuple[Objective, BehaviorRevision, int]]:
        found = []
        for objective in self.book.objectives:
            revision = self.in_force(objective)
            for words in self.book.words:
                if revision is not None and words.revision_id == revision.pk:
                    for audience in self.book.audiences_of[words.pk]:
                        if self.team is None or self.whom(audience):
                            found.append((objective, words, audience))
        return found

    def touched(self, words: BehaviorRevision) -> bool:
        """Whether the words hold since the revision that began the epoch, or later."""
        revision = next(row for row in self.book.revisions if row.pk == words.revision_id)
        began = next(
            row
            for row in self.book.revisions
            if row.objective_id == revision.objective_id and row.number == revision.epoch
        )
        assert words.fingerprint_since is not None
        assert began.effective_from is not None
        return words.fingerprint_since >= began.effective_from

    # What is claimed

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def counting(self, words: BehaviorRevision, audience: int) -> list[tuple[Mapping, bool, bool]]:
        """Each claim that holds the cell up or did: with whether it fits, and was cleared."""
        found = []
        for claim in self.book.mappings:
            reviews = [row for row in claim.reviews.all() if row.at <= self.moment]
            if claim.behavior_id != words.behavior_id or not reviews or not self.stands(claim):
                continue
            if not self.members(audience) <= self.members(claim.audience_id):
                continue
            newest = sorted(reviews, key=lambda row: (row.at, row.pk))[-1]
            found.append((claim, newest.fingerprint == words.fingerprint, newest.cleared))
        return found

    def stands(self, claim: Mapping) -> bool:
        version = self.book.versions[claim.version_id]
        module = self.book.modules[version.module_id]
        return (
            claim.state != "proposed"
            and claim.created_at <= self.moment
            and (claim.retired_at is None or claim.retired_at > self.moment)
            and version.published_at is not None
            and version.published_at <= self.moment
            and (module.retired_at is None or module.retired_at > self.moment)
        )

    def aligned(self) -> set[int]:
        """The versions with a claim that counts for any cell."""
        return {
            claim.version_id
            for _, words, audience in self.asked()
            for claim, fits, _ in self.counting(words, audience)
            if fits
        }

    # Whom it reached

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def first(self, words: BehaviorRevision, audience: int) -> dict[int, datetime]:
        """When each person of the cell first completed what counts."""
        found: dict[int, datetime] = {}
        for claim, fits, cleared in self.counting(words, audience):
            for took in self.book.completions:
                since = words.fingerprint_since
                assert since is not None
                counts = (
                    fits
                    and took.version_id == claim.version_id
                    and took.user_id in self.whom(audience)
                    and took.completed_at <= self.moment
                    and took.created_at <= self.moment
                    and (took.completed_at >= since or cleared)
                )
                if counts and found.get(took.user_id, took.completed_at) >= took.completed_at:
                    found[took.user_id] = took.completed_at
        return found

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def planned(self, words: BehaviorRevision, audience: int) -> set[int]:
        found: set[int] = set()
        since = words.fingerprint_since
        assert since is not None
        for claim, fits, cleared in self.counting(words, audience):
            module = self.book.versions[claim.version_id].module_id
            if not fits:
                continue
            for seat in self.book.seats:
                delivery = self.book.deliveries[seat.delivery_id]
                if (
                    self.book.versions[delivery.version_id].module_id == module
                    and delivery.held_at is not None
                    and delivery.held_at <= self.moment
                    and delivery.starts_at <= self.moment
                    and (delivery.starts_at >= since or cleared)
                    and seat.created_at <= self.moment
                    and (seat.left_at is None or seat.left_at > self.moment)
                ):
                    found.add(seat.user_id)
            for due in self.book.assignments:
                if (
                    due.module_id == module
                    and due.due_on < self.day
                    and due.created_at <= self.moment
                    and (due.ended_at is None or due.ended_at > self.moment)
                    and (due.due_on >= since.astimezone(UTC).date() or cleared)
                ):
                    found |= self.members(due.audience_id)
        return found & self.whom(audience)

    # What was seen

    def newest(
        self,
        rows: list[Any],
        when: str,
        words: BehaviorRevision,
        since: datetime | None,
        until: Any,
    ) -> dict[int, int]:
        """The newest level of each person, of the same words; the worse of two at one time."""
        same = {
            row.pk
            for row in self.book.words
            if row.behavior_id == words.behavior_id and row.fingerprint == words.fingerprint
        }
        known = [row for row in rows if row.created_at <= self.moment]
        wrong = {row.corrects_id for row in known}
        looks = [
            row
            for row in known
            if row.pk not in wrong
            and row.level is not None
            and row.behavior_revision_id in same
            and getattr(row, when) <= until
            and (since is None or getattr(row, when) > since)
        ]
        found: dict[int, int] = {}
        for row in sorted(looks, key=lambda row: (getattr(row, when), -row.level)):
            found[row.user_id] = row.level
        return found

    def looks(self, words: BehaviorRevision, audience: int, begins: int, ends: int) -> list[int]:
        since, until = (self.moment - timedelta(days=days) for days in (begins, ends))
        seen = self.newest(self.book.observations, "observed_at", words, since, until)
        return [level for user, level in seen.items() if user in self.whom(audience)]

    def assessed(self, words: BehaviorRevision, audience: int) -> list[int]:
        found = self.newest(self.book.assessments, "assessed_at", words, None, self.moment)
        return [level for user, level in found.items() if user in self.whom(audience)]

    def waived(self, words: BehaviorRevision, audience: int) -> bool:
        return any(
            row.behavior_id == words.behavior_id
            and row.audience_id == audience
            and row.fingerprint == words.fingerprint
            and row.created_at <= self.moment
            and (row.ended_at is None or row.ended_at > self.moment)
            for row in self.book.waivers
        )

    # The figures

    def cells(self) -> dict[Key, Figures]:
        return {
            (words.behavior_id, audience): self.figures(objective, words, audience)
            for objective, words, audience in self.asked()
        }

    @cache  # noqa: B019 - a reading lives as long as one comparison
    def figures(self, objective: Objective, words: BehaviorRevision, audience: int) -> Figures:
        claims = self.counting(words, audience)
        depth = max((claim.depth for claim, fits, _ in claims if fits), default=0)
        people = len(self.whom(audience))
        times = sorted(self.first(words, audience).values())
        enough = share_of(people, "0.8")
        half = share_of(people, "0.5")
        levels = self.assessed(words, audience)
        ninety = self.looks(words, audience, 90, 0)
        earlier = self.looks(words, audience, 90, 45)
        later = self.looks(words, audience, 45, 0)
        waived = self.waived(words, audience)
        median_at = times[half - 1] if 0 < half <= len(times) else None
        reached_since = times[enough - 1] if 0 < enough <= len(times) else None
        stands = waived and seen(people, ninety)
        steps = [
            depth > 0,
            reached_since is not None or stands,
            (people > 0 and good(levels) >= share_of(people, "0.7")) or stands,
            seen(people, ninety),
            seen(people, earlier)
            and seen(people, later)
            and median_at is not None
            and self.moment - timedelta(days=45) >= median_at + timedelta(days=30),
        ]
        evidence = 0
        while evidence < 5 and steps[evidence]:
            evidence += 1
        return Figures(
            objective_id=objective.pk,
            critical=words.critical,
            required=words.required_depth,
            depth=depth,
            suspect_depth=max((claim.depth for claim, fits, _ in claims if not fits), default=0),
            people=people,
            planned=len(self.planned(words, audience)),
            reached=len(times),
            reached_since=reached_since,
            median_at=median_at,
            assessed=len(levels),
            demonstrated=good(levels),
            observed=len(ninety),
            at_standard=good(ninety),
            earlier_observed=len(earlier),
            earlier_at_standard=good(earlier),
            later_observed=len(later),
            later_at_standard=good(later),
            waived=waived,
            touched=self.touched(words),
            evidence=evidence,
        )

    def objectives(self) -> dict[int, Sum]:
        return {
            objective.pk: self.sum_of(objective)
            for objective in self.book.objectives
            if self.in_force(objective) is not None
        }

    def sum_of(self, objective: Objective) -> Sum:
        own = [row for row in self.asked() if row[0].pk == objective.pk]
        rows = [self.figures(*row) for row in own]
        covered = [row.depth >= row.required for row in rows]
        looked = [(key(row), row) for row in zip(own, rows, strict=True) if row[1].observed]
        whole = bool(looked) and len(looked) == len(rows)
        least = min(looked, key=lambda row: row[0])[1][1] if whole else None
        return Sum(
            cells=len(rows),
            covered=sum(covered),
            suspect=sum(
                row.suspect_depth > row.depth and not held
                for row, held in zip(rows, covered, strict=True)
            ),
            depth=min((row.depth for row in rows), default=None),
            shown=min((min(row.depth, CAN_SHOW[row.evidence]) for row in rows), default=None),
            evidence=min((row.evidence for row in rows), default=None),
            people=len({user for _, _, audience in own for user in self.whom(audience)}),
            planned=len({user for _, words, at in own for user in self.planned(words, at)}),
            reached=len({user for _, words, at in own for user in self.first(words, at)}),
            looked=len(looked),
            seen_people=least.people if least else 0,
            observed=least.observed if least else 0,
            at_standard=least.at_standard if least else 0,
            touched=sum(row.touched for row in rows),
            touched_covered=sum(
                row.touched and held for row, held in zip(rows, covered, strict=True)
            ),
        )

    def hours(self) -> tuple[Decimal, Decimal]:
        """The aligned hours, and all."""
        aligned = self.aligned()
        delivered = [
            (row.version_id in aligned, self.book.versions[row.version_id].hours)
            for row in self.book.completions
            if row.completed_at <= self.moment and row.created_at <= self.moment
        ]
        return (
            sum((hours for counts, hours in delivered if counts), Decimal(0)),
            sum((hours for _, hours in delivered), Decimal(0)),
        )


def key(row: tuple[tuple[Objective, BehaviorRevision, int], Figures]) -> tuple[Any, ...]:
    """The least share first; of equal ones the one seen less often, then by number."""
    (_, words, audience), said = row
    share = Fraction(said.at_standard, said.observed)
    return share, said.observed, words.behavior_id, audience


def share_of(people: int, share: str) -> int:
    """How many people that share is, rounded up to whole people."""
    return ceil(Fraction(share) * people)


def good(levels: list[int]) -> int:
    return sum(level >= 3 for level in levels)


def seen(people: int, levels: list[int]) -> bool:
    """Enough observed, and at least half of them at standard, as sure as one-sided 90 %."""
    needed = people if people < 5 else max(5, share_of(people, "0.2"))
    return bool(levels) and len(levels) >= needed and lower(good(levels), len(levels)) >= 0.5


def lower(part: int, whole: int) -> float:
    """The smaller root of (share - p)² = z² p (1 - p) / n."""
    z2 = 1.282**2
    share = part / whole
    a, b, c = 1 + z2 / whole, -(2 * share + z2 / whole), share * share
    return (-b - sqrt(max(b * b - 4 * a * c, 0.0))) / (2 * a)
