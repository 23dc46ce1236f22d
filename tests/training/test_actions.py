import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from align.people.models import Membership
from strategy.models import BehaviorRevision, Depth, Touch
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from training import actions
from training.models import Completion, Kind, Mapping, Module, ModuleVersion, Observation

pytestmark = pytest.mark.django_db

TEXT: dict[str, Any] = {
    "title": "Holding price",
    "kind": Kind.PRACTICE,
    "hours": Decimal("0.75"),
    "content": "Say it out loud.",
    "link": "",
}


def a_draft(cast: make.Cast, **changed: Any) -> Module:
    return actions.add_module(
        code="NEG-1",
        program=actions.program(name="Negotiation"),
        owner=cast.tom,
        now=NOW,
        **TEXT | changed,
    )


def touched() -> set[int]:
    return set(Touch.objects.values_list("objective", flat=True))


# Modules


def test_a_new_module_has_a_draft_and_nothing_else(cast: make.Cast) -> None:
    module = a_draft(cast)
    [version] = module.versions.all()
    assert (module.state, module.current, version.state) == ("draft", None, "draft")


def test_a_code_names_one_module(cast: make.Cast) -> None:
    a_draft(cast)
    with pytest.raises(actions.Invalid) as refused:
        a_draft(cast)
    assert "code" in refused.value.errors


def test_a_stale_save_gives_both_texts_and_changes_nothing(cast: make.Cast) -> None:
    version = a_draft(cast).versions.get()
    mine = TEXT | {"title": "Mine"}
    actions.edit_module(version=version, edits=0, now=NOW, **mine)
    with pytest.raises(actions.StaleVersion) as stale:
        actions.edit_module(version=version, edits=0, now=NOW, **TEXT | {"title": "Theirs"})
    assert stale.value.version.title == "Mine"
    assert ModuleVersion.objects.get().title == "Mine"


def test_a_published_version_is_not_edited(cast: make.Cast) -> None:
    module = make.module(owner=cast.tom)
    assert module.current is not None
    with pytest.raises(actions.NotADraft):
        actions.edit_module(version=module.current, edits=0, now=NOW, **TEXT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModuleVersion.objects.filter(pk=module.current.pk).update(title="Other")


@pytest.mark.parametrize(
    ("changed", "field"), [({"title": " "}, "title"), ({"content": " "}, "content")]
)
def test_publishing_names_what_is_missing(
    cast: make.Cast, changed: dict[str, Any], field: str
) -> None:
    module = a_draft(cast, **changed)
    with pytest.raises(actions.Invalid) as refused:
        actions.publish_module(module=module, by=cast.tom, now=NOW)
    assert set(refused.value.errors) == {field}


def test_a_link_stands_for_content(cast: make.Cast) -> None:
    module = a_draft(cast, content="", link="https://learn.example.com/1")
    version = actions.publish_module(module=module, by=cast.tom, now=NOW)
    module.refresh_from_db()
    assert (module.state, module.current, version.published_at) == ("published", version, NOW)


def test_publishing_twice_needs_a_draft(cast: make.Cast) -> None:
    module = make.module(owner=cast.tom)
    with pytest.raises(actions.NotADraft):
        actions.publish_module(module=module, by=cast.tom, now=NOW)


def test_a_new_version_begins_as_a_copy_and_there_is_one(cast: make.Cast) -> None:
    module = make.module(owner=cast.tom)
    draft = actions.new_version(module=module, by=cast.tom, now=NOW)
    assert (draft.number, draft.title) == (2, "Holding price: the three-move drill")
    assert actions.new_version(module=module, by=cast.tom, now=NOW) == draft


def test_a_new_version_takes_the_claims_over_as_deep_as_its_kind_allows(
    cast: make.Cast, place: Place
) -> None:
    module = make.module(owner=cast.tom)
    old = make.mapping(module=module, behavior=place.behavior)
    make.completion(user=cast.rosa, module=module)
    draft = actions.new_version(module=module, by=cast.tom, now=NOW)
    actions.edit_module(version=draft, edits=0, now=NOW, **TEXT | {"kind": Kind.EXPLANATION})
    draft.refresh_from_db()
    assert actions.carried(module=module, draft=draft) == actions.Carried(claims=1, capped=1)
    Touch.objects.all().delete()

    version = actions.publish_module(module=module, by=cast.tom, now=NOW)

    old.refresh_from_db()
    assert old.state == Mapping.State.RETIRED
    new = Mapping.objects.get(version=version)
    assert (new.depth, new.audience_id, new.state) == (Depth.EXPLAINED, old.audience_id, "current")
    assert new.reviewed_fingerprint == old.reviewed_fingerprint
    assert Completion.objects.get().version == old.version
    assert touched() == {place.objective.pk}


def test_a_suspect_claim_stays_suspect_in_the_next_version(cast: make.Cast, place: Place) -> None:
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=place.behavior)
    make.revise(
        place.objective,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, statement="Opens with the stop")],
    )
    actions.new_version(module=module, by=cast.tom, now=NOW)
    version = actions.publish_module(module=module, by=cast.tom, now=NOW)
    [claim] = Mapping.objects.with_suspect().filter(version=version)
    assert claim.suspect  # type: ignore[attr-defined]


def test_a_retired_module_is_not_revived(cast: make.Cast, place: Place) -> None:
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=place.behavior)
    Touch.objects.all().delete()
    assert actions.retire_module(module=module, now=NOW).state == Module.State.RETIRED
    assert touched() == {place.objective.pk}
    with pytest.raises(actions.NotPublished):
        actions.new_version(module=module, by=cast.tom, now=NOW)


# Mappings


def claim(place: Place, module: Module, depth: Depth = Depth.PRACTICED) -> list[Mapping]:
    assert module.current is not None
    return actions.map_behavior(
        version=module.current,
        behavior=place.behavior,
        audiences=None,
        depth=depth,
        rationale="",
        by=module.owner,
        now=NOW,
    )


def test_a_claim_is_for_everyone_it_is_asked_of(cast: make.Cast, place: Place) -> None:
    Touch.objects.all().delete()
    [mapping] = claim(place, make.module(owner=cast.tom))
    words = BehaviorRevision.objects.get(behavior=place.behavior)
    assert [mapping.audience] == list(words.audiences.all())
    assert mapping.reviewed_fingerprint == words.fingerprint
    assert touched() == {place.objective.pk}


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_claims_only_so_deep(cast: make.Cast, place: Place, kind: Kind) -> None:
    module = make.module(owner=cast.tom, kind=kind)
    for depth in Depth:
        if depth > kind.deepest:
            with pytest.raises(actions.TooDeep) as refused:
                claim(place, module, depth)
            assert kind.label in str(refused.value)
            assert kind.deepest.label in str(refused.value)
    assert claim(place, module, kind.deepest)[0].depth == kind.deepest


def test_the_database_holds_the_depth_too(cast: make.Cast, place: Place) -> None:
    [mapping] = claim(place, make.module(owner=cast.tom))
    with pytest.raises(IntegrityError), transaction.atomic():
        Mapping.objects.filter(pk=mapping.pk).update(depth=Depth.REINFORCED)


def test_a_claim_is_made_once_and_again_after_it_was_withdrawn(
    cast: make.Cast, place: Place
) -> None:
    module = make.module(owner=cast.tom)
    [mapping] = claim(place, module)
    with pytest.raises(actions.AlreadyMapped):
        claim(place, module)
    actions.retire_mapping(mapping=mapping, now=NOW)
    assert claim(place, module)[0] != mapping


def test_a_draft_teaches_nobody(cast: make.Cast, place: Place) -> None:
    draft = a_draft(cast).versions.get()
    with pytest.raises(actions.NotPublished):
        actions.map_behavior(
            version=draft,
            behavior=place.behavior,
            audiences=None,
            depth=1,
            rationale="",
            by=cast.tom,
            now=NOW,
        )


def test_a_draft_behavior_is_not_mapped(cast: make.Cast, place: Place) -> None:
    unborn = make.draft(strategy_=place.plan, by=cast.lena)
    with pytest.raises(actions.NotInForce):
        claim(
            Place(plan=place.plan, objective=unborn, behavior=make.behavior(unborn)),
            make.module(owner=cast.tom),
        )


def test_clearing_needs_a_reason(cast: make.Cast, place: Place) -> None:
    [mapping] = claim(place, make.module(owner=cast.tom))
    with pytest.raises(actions.Invalid):
        actions.clear_mapping(mapping=mapping, reason=" ", by=cast.tom, now=NOW)


# Evidence


def test_a_completion_belongs_to_the_team_of_its_day(cast: make.Cast) -> None:
    south = make.team("South")
    Membership.objects.filter(user=cast.rosa).update(ends=date(2026, 11, 1))
    Membership.objects.create(
        user=cast.rosa, team=south, sales_role=cast.role, begins=date(2026, 11, 1)
    )
    module = make.module(owner=cast.tom)
    before = make.completion(user=cast.rosa, module=module, completed_at=NOW - timedelta(days=30))
    after = make.completion(user=cast.rosa, module=module, completed_at=NOW)
    assert (before.team, after.team) == (cast.team, south)


def test_a_completion_is_recorded_once_a_source(cast: make.Cast) -> None:
    module = make.module(owner=cast.tom)
    assert module.current is not None
    row: dict[str, Any] = {
        "user": cast.rosa,
        "version": module.current,
        "completed_at": NOW,
        "source": "lms",
        "external_id": "1",
        "now": NOW,
    }
    first, made = actions.complete(**row)
    again, made_again = actions.complete(**row)
    assert (first, made, made_again) == (again, True, False)


def test_nobody_completes_in_the_future(cast: make.Cast) -> None:
    module = make.module(owner=cast.tom)
    assert module.current is not None
    with pytest.raises(actions.Invalid):
        actions.record_completions(
            version=module.current,
            users=[cast.rosa],
            completed_at=NOW + timedelta(days=1),
            by=cast.tom,
            now=NOW,
        )


def test_a_list_of_completions_is_recorded_once_a_day(cast: make.Cast, place: Place) -> None:
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=place.behavior)
    assert module.current is not None
    reps = make.reps(3, team=cast.team, sales_role=cast.role)
    Touch.objects.all().delete()

    def record() -> actions.Recorded:
        assert module.current is not None
        return actions.record_completions(
            version=module.current, users=reps, completed_at=NOW, by=cast.tom, now=NOW
        )

    assert record() == actions.Recorded(made=3, known=0)
    assert record() == actions.Recorded(made=0, known=3)
    assert Completion.objects.count() == 3
    assert touched() == {place.objective.pk}


def observed(cast: make.Cast, place: Place, **changed: Any) -> tuple[Observation, bool]:
    row: dict[str, Any] = {
        "user": cast.rosa,
        "behavior": place.behavior,
        "observer": cast.mia,
        "observed_at": NOW,
        "level": 3,
        "client_key": uuid.UUID(int=1),
        "now": NOW,
    }
    return actions.observe(**row | changed)


def test_the_same_observation_sent_twice_is_one(cast: make.Cast, place: Place) -> None:
    first, made = observed(cast, place)
    again, made_again = observed(cast, place)
    assert (first, made, made_again, first.team) == (again, True, False, cast.team)


def test_another_observation_under_the_same_key_is_refused(cast: make.Cast, place: Place) -> None:
    observed(cast, place)
    with pytest.raises(actions.KeyReused):
        observed(cast, place, level=1)


def test_nobody_observes_themselves_or_the_future(cast: make.Cast, place: Place) -> None:
    with pytest.raises(actions.Invalid) as refused:
        observed(cast, place, observer=cast.rosa, observed_at=NOW + timedelta(hours=1))
    assert set(refused.value.errors) == {"user", "observed_at"}
