"""A small world in which every object is there twice: somebody's own, and another's."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from align.notices.models import Notice
from align.people.models import Role, Team, User
from feedback import actions as feedback
from feedback.models import Decision, Report
from strategy import actions as strategy
from strategy.models import Flag, Objective, Strategy
from tests import make
from tests.make import LONG_AGO, NOW
from training import actions as training


@dataclass(frozen=True)
class World:
    people: dict[str, User | None]  # by role
    names: dict[str, object]  # what the table says in braces


def build() -> World:
    cast = make.cast()
    people = {
        "nobody": None,
        "rep": cast.rosa,
        "trainer": cast.tom,
        "manager": cast.mia,
        "lead": cast.lena,
        "admin": cast.ada,
    }
    names: dict[str, object] = {"rosa": cast.rosa.pk, "team": cast.team.pk}
    south = make.team("South")
    names |= others(south)
    names |= strategies(cast)
    names |= secrets(cast)
    objective = Objective.objects.get(code="A1")
    names |= modules(cast, objective)
    names |= voices(cast, objective, south)
    names |= told(cast)
    return World(people, names)


def others(south: Team) -> dict[str, object]:
    """Somebody else's people, in a team none of the cast has to do with."""
    rep = make.user("Remo", Role.REP, team=south, sales_role=make.sales_role())
    return {"other_team": south.pk, "other_rep": rep.pk}


def strategies(cast: make.Cast) -> dict[str, object]:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team], name="Uptime")
    objective = make.objective(strategy_=plan, by=cast.lena, code="A1")
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    new = make.draft(strategy_=plan, by=cast.lena, code="A2", title="Not said yet")
    return {
        "strategy": plan.pk,
        "slug": plan.slug,
        "objective": objective.pk,
        "objective_slug": objective.get_absolute_url().strip("/").split("-", 1)[1],
        "behavior": make.behavior(objective).pk,
        "draft": draft.pk,
        "new_objective": new.pk,
        "flag": flag(plan, objective).pk,
    }


def secrets(cast: make.Cast) -> dict[str, object]:
    """What another lead prepares: for everybody here it does not exist."""
    otto = make.user("Otto", Role.LEAD)
    plan = strategy.create_strategy(name="Secret plan", lead=otto, teams=[cast.team], now=LONG_AGO)
    objective = make.draft(strategy_=plan, by=otto, code="S1", title="Secret")
    return {
        "secret_strategy": plan.pk,
        "secret_slug": plan.slug,
        "secret_objective": objective.pk,
        "secret_draft": objective.revisions.get().pk,
        "secret_behavior": make.behavior(objective).pk,
        "secret_flag": flag(plan, objective).pk,
    }


def flag(plan: Strategy, objective: Objective) -> Flag:
    return Flag.objects.create(
        rule="uncovered",
        subject=f"objective:{objective.pk}",
        epoch=1,
        strategy=plan,
        objective=objective,
        label=objective.code,
        link=objective.get_absolute_url(),
        sentence="A critical behavior has no training.",
        clears_when="Every critical behavior is at least Named.",
        opened_at=NOW - timedelta(days=3),
    )


def modules(cast: make.Cast, objective: Objective) -> dict[str, object]:
    """Tom's module with a draft of its next version, and one another trainer only writes."""
    module = make.module(owner=cast.tom)
    mapping = make.mapping(module=module, behavior=make.behavior(objective))
    draft = training.new_version(module=module, by=cast.tom, now=NOW)
    tess = make.user("Tess", Role.TRAINER)
    others = make.mapping(
        module=make.module(owner=tess, title="Hers"), behavior=make.behavior(objective)
    )
    other = training.add_module(
        code="X1",
        program=module.program,
        title="Not yet said",
        kind="practice",
        hours=Decimal(1),
        content="",
        link="",
        owner=tess,
        now=NOW,
    )
    assert module.current is not None
    return {
        "module": module.pk,
        "version": module.current.pk,
        "draft_version": draft.pk,
        "mapping": mapping.pk,
        "other_mapping": others.pk,
        "other_module": other.pk,
        "other_version": other.versions.get().pk,
    }


def voices(cast: make.Cast, objective: Objective, south: Team) -> dict[str, object]:
    """Rosa's reports: for the leads, for her manager too, about nothing; and a stranger's."""
    stranger = make.user("Sam", Role.REP, team=south, sales_role=make.sales_role())
    report = make.report(author=cast.rosa, objective=objective)
    for_manager = make.report(author=cast.rosa, objective=None, text="For Mia too.")
    Report.objects.filter(pk=for_manager.pk).update(for_manager=True)
    asked = make.report(author=cast.rosa, objective=objective, text="Answered.")
    private = make.report(author=cast.rosa, objective=None, text="About no objective.")
    return {
        "report": report.ref,
        "told_report": for_manager.ref,
        "other_report": make.report(author=stranger, objective=None).ref,
        "decision": answer(asked, by=cast.lena).ref,
        "private_decision": answer(private, by=cast.lena).ref,
    }


def answer(report: Report, *, by: User) -> Decision:
    return feedback.decide(
        reports=[report], kind="keep", reason="It holds, because …", by=by, now=NOW
    )


def told(cast: make.Cast) -> dict[str, object]:
    notice = Notice.objects.create(
        person=cast.rosa, key="k", text="Your report was answered.", link="/", created_at=NOW
    )
    return {"rosas_notice": notice.pk}
