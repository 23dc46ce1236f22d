"""A small world in which every object is there twice: somebody's own, and another's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

from align.notices.models import Notice
from align.people.models import Audience, Role, Team, User
from feedback import actions as feedback
from feedback.models import Decision, Report
from strategy import actions as strategy
from strategy import consultation, owning
from strategy.models import Behavior, Flag, Objective, Position, Round, Strategy
from tests import make
from tests.make import LONG_AGO, NOW
from training import actions as training
from training.models import BarrierCase, Module, Waiver
from training.quiz import Question

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
FAR = date(2099, 12, 31)  # rounds stay open, whenever this runs


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
    names |= consulted(cast)
    names |= carried(cast, objective)
    names |= modules(cast, objective)
    names |= learned(cast)
    names |= sticking(cast, objective)
    names |= delivered(cast, objective)
    names |= voices(cast, objective, south)
    names |= told(cast)
    names |= seen(cast, objective, names)
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
    sid = make.user("Sid", Role.TRAINER)
    round_ = make.round_(objective, by=otto, people=[sid], closes_on=FAR)
    return {
        **said_in(round_, by=sid, prefix="secret_"),
        "secret_strategy": plan.pk,
        "secret_slug": plan.slug,
        "secret_objective": objective.pk,
        "secret_draft": objective.revisions.get().pk,
        "secret_behavior": make.behavior(objective).pk,
        "secret_flag": flag(plan, objective).pk,
    }


def consulted(cast: make.Cast) -> dict[str, object]:
    """A draft of Lena's about which she asked Tom and Mia."""
    plan = Strategy.objects.get(name="Uptime")
    objective = make.draft(strategy_=plan, by=cast.lena, code="A3", title="Asked about")
    round_ = make.round_(objective, by=cast.lena, people=[cast.tom, cast.mia], closes_on=FAR)
    make.position(round_, by=cast.tom, stance=Position.Stance.CANNOT)
    return {"asked_draft": round_.revision_id, **said_in(round_, by=cast.tom)}


def said_in(round_: Round, *, by: User, prefix: str = "") -> dict[str, object]:
    place = make.paragraph(round_)
    concern = consultation.raise_concern(
        round_=round_,
        by=by,
        paragraph=place,
        symptom="Reps will hide the discount in free installation.",
        check_on=FAR,
        file=consultation.File(name="offers.csv", body=b"offer,discount\n1,12\n"),
        now=NOW,
    )
    comment = consultation.comment(
        round_=round_, by=by, paragraph=place, words="From when on?", now=NOW
    )
    suggestion = consultation.suggest(
        round_=round_,
        by=by,
        sales_role=make.sales_role(),
        statement="Asks for the cost of the last stop",
        now=NOW,
    )
    return {
        f"{prefix}round": round_.pk,
        f"{prefix}concern": concern.pk,
        f"{prefix}comment": comment.pk,
        f"{prefix}suggestion": suggestion.pk,
    }


def carried(cast: make.Cast, objective: Objective) -> dict[str, object]:
    """Lena signed the reason, Tom explained it, Rosa was asked what she still knows."""
    words = objective.current
    assert words is not None
    brief = owning.sign_brief(
        revision=words, team=None, text="Hours, not steel.", by=cast.lena, now=NOW
    )
    told = owning.give_teach_back(
        revision=words, text="A stopped line costs more than a pump.", by=cast.tom, now=NOW
    )
    other = owning.give_teach_back(
        revision=words, text="Hours last.", by=make.user("Tilda", Role.TRAINER), now=NOW
    )
    owning.acknowledge(revision=words, by=cast.rosa, now=NOW - timedelta(days=3))
    check = owning.recall_why(
        revision=words, day=2, recalled="margin and loyalty", by=cast.rosa, now=NOW
    )
    return {
        "revision": words.pk,
        "brief": brief.pk,
        "teach_back": told.pk,
        "other_teach_back": other.pk,
        "recall": check.pk,
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


def learned(cast: make.Cast) -> dict[str, object]:
    """A module with a quiz; and a picture in it, and one in what only trainers see."""
    module = make.module(owner=cast.tom, title="With a quiz")
    draft = training.new_version(module=module, by=cast.tom, now=NOW)
    training.edit_module(
        version=draft,
        title=draft.title,
        kind=draft.kind,
        hours=draft.hours,
        content=draft.content,
        link="",
        questions=(Question(question="What first?", options=("Cost", "Price"), right=(0,)),),
        edits=draft.edits,
        now=NOW,
    )
    training.publish_module(module=module, by=cast.tom, now=NOW)
    hers = Module.objects.get(code="X1")
    image, _ = training.add_picture(module=module, name="x", body=PNG, by=cast.tom, now=NOW)
    other, _ = training.add_picture(module=hers, name="y", body=PNG, by=hers.owner, now=NOW)
    return {"quiz_module": module.pk, "image": image.ref, "other_image": other.ref}


def sticking(cast: make.Cast, objective: Objective) -> dict[str, object]:
    """A driver and the waiver of one; a signature; Mia's barrier, raised by Tom, and Ada's."""
    behavior = make.behavior(objective)
    driver = training.set_driver(
        behavior=behavior, kind="reward", text="A lunch.", owner=cast.mia, by=cast.mia, now=NOW
    )
    waived = training.waive_driver(
        behavior=behavior, kind="encourage", because="They are eager.", by=cast.lena, now=NOW
    )
    words = behavior.revisions.get(revision=objective.current)
    audience = words.audiences.get()
    waiver = Waiver.objects.create(
        behavior=behavior,
        audience=audience,
        fingerprint=words.fingerprint,
        evidence="Seen often.",
        author=cast.lena,
        created_at=NOW,
    )
    return {
        "driver": driver.pk,
        "waived_driver": waived.pk,
        "waiver": waiver.pk,
        "barrier": barrier(cast, behavior, owner=cast.mia).pk,
        "other_barrier": barrier(cast, behavior, owner=cast.ada).pk,
    }


def barrier(cast: make.Cast, behavior: Behavior, *, owner: User) -> BarrierCase:
    return training.raise_barrier(
        behavior=behavior,
        barrier="tools",
        text=f"The tool has no hours; {owner} decides.",
        owner=owner,
        due_on=FAR,
        by=cast.tom,
        now=NOW,
    )


def delivered(cast: make.Cast, objective: Objective) -> dict[str, object]:
    """A session, a due date and a file of completions of Tom's, and one each of another's."""
    sellers = Audience.objects.get(pk=objective.current.behaviors.get().audiences.get().pk)  # type: ignore[union-attr]
    tess = User.objects.get(name="Tess")
    made = dict(_delivered(cast.tom, sellers))
    return made | {f"other_{name}": value for name, value in _delivered(tess, sellers)}


def _delivered(trainer: User, sellers: Audience) -> Iterator[tuple[str, object]]:
    module = Module.objects.filter(owner=trainer, state="published").order_by("pk")[0]
    assert module.current is not None
    begins = datetime.combine(FAR, time(9), tzinfo=UTC)
    plan = training.Plan(
        audience=sellers,
        trainer=trainer,
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        capacity=5,
    )
    long_before = begins - timedelta(days=30)
    session = training.plan_session(version=module.current, plan=plan, by=trainer, now=long_before)
    due = training.assign_module(
        module=module, audience=sellers, due_on=FAR, by=trainer, now=long_before
    )
    file = training.start_import(
        name="lms.csv", source="LMS", text="a,b\n1,2\n", by=trainer, now=NOW
    )
    yield from (("session", session.pk), ("assignment", due.pk), ("import", file.ref))


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


def seen(cast: make.Cast, objective: Objective, names: dict[str, object]) -> dict[str, object]:
    """What Mia saw Rosa do, and what somebody else saw a stranger do."""
    south = User.objects.get(pk=str(names["other_rep"]))
    max_ = make.user("Max", Role.MANAGER, team=make.team("South"))
    found: dict[str, object] = {}
    for prefix, person, by in (("", cast.rosa, cast.mia), ("other_", south, max_)):
        rows, _ = training.record_visit(
            user=person,
            observer=by,
            looks=[training.Look(behavior=make.behavior(objective), level=3)],
            observed_at=NOW,
            client_key=uuid4(),
            now=NOW,
        )
        judged, _ = training.assess(
            behavior=make.behavior(objective),
            assessor=by,
            judged=[training.Judged(user=person, level=3)],
            assessed_at=NOW,
            client_key=uuid4(),
            now=NOW,
        )
        found |= {f"{prefix}seen": rows[0].pk, f"{prefix}assessed": judged[0].pk}
    return found
