"""`manage.py demo`: the example beside a real company, and where its names are taken."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from align import example
from align.example import days, staffing, texts
from align.notices.models import Notice
from align.people.models import Role, User
from strategy import consultation
from strategy.models import Round
from tests import make

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def everything() -> dict[str, int]:
    tables = [model for model in apps.get_models() if model._meta.managed]
    return {
        model._meta.label: model._default_manager.count()
        for model in tables
        if model._meta.app_label in {"people", "notices", "strategy", "training", "feedback"}
    }


@pytest.mark.django_db
def test_in_production_the_cast_has_no_password(settings: object) -> None:
    settings.MODE = "production"  # type: ignore[attr-defined]
    staffing.hire(calendar=days.Calendar(NOW))

    assert not User.objects.get(email="lena@example.com").has_usable_password()


@pytest.mark.django_db
def test_taking_it_out_leaves_a_company_of_its_own_as_it_was() -> None:
    cast = make.cast()
    User.objects.filter(pk=cast.rosa.pk).update(email="rosa@company.example")
    User.objects.exclude(pk=cast.rosa.pk).delete()
    lena = make.user("Lea", Role.LEAD)
    strategy = make.active_strategy(lead=lena, teams=[cast.team])
    objective = make.objective(strategy_=strategy, by=lena)
    make.report(author=cast.rosa, objective=objective)
    before = everything()

    example.build(now=NOW)
    example.remove(now=NOW)

    assert everything() == before


@pytest.mark.django_db
def test_it_does_not_come_in_where_its_names_are_taken() -> None:
    make.team("Bologna")

    with pytest.raises(CommandError, match="these names are taken: Bologna"):
        call_command("demo", stdout=StringIO())

    assert not User.objects.exists()


@pytest.mark.django_db
def test_without_it_there_is_nothing_to_take_out() -> None:
    out = StringIO()

    call_command("demo", "--remove", stdout=out)

    assert "not here" in out.getvalue()


def test_its_words_fit_together() -> None:
    behaviors = {
        behavior.code: behavior
        for objective in texts.strategy().objectives
        for behavior in objective.behaviors
    }
    for module in texts.training().modules:
        for claim in module.teaches:
            assert behaviors[claim.behavior].role in module.who
    sentences = [
        one for voice in texts.voices().voices for said in voice.sentences.values() for one in said
    ]
    assert len(set(sentences)) > 60


@pytest.mark.django_db
def test_verdicts_between_the_example_and_a_real_company_are_named_and_notices_go_along() -> None:
    example.build(now=NOW)
    tess = make.user("Tess", Role.TRAINER)
    round_ = Round.objects.open(now=NOW).get()
    lena = User.objects.get(email="lena@example.com")
    consultation.add_participants(round_=round_, people=[tess], by=lena, now=NOW)
    make.position(round_, by=tess)

    with pytest.raises(example.HasOthers, match="1 verdict of yours on its drafts"):
        example.remove(now=NOW)
    example.remove(now=NOW, force=True)

    assert not Round.objects.exists()
    assert not Notice.objects.filter(person=tess).exists()
