"""objectives.csv and behaviors.csv: what the company has decided, published as it stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from align.load import rows
from align.load.problems import Refused
from align.load.reading import Row
from align.load.rows import BehaviorRow, ObjectiveRow
from align.load.run import Run
from align.people.models import Audience, Role, SalesRole, Team, User
from strategy import actions as strategy
from strategy import days
from strategy.actions import BehaviorWords, Words
from strategy.models import Objective, Revision

COLUMNS = {"hypothesis": "because", "behaviors": "", "strategy": "", "state": "code"}
NO_LEVELS = ("", "", "", "")


def load_choices(run: Run) -> None:
    """Publish every objective with its behaviors; changed words become the next revision."""
    behaviors = _read_behaviors(run)
    seen: dict[str, int] = {}
    for row in run.rows("objectives"):
        with run.taking(row, row["code"]):
            read = rows.objective(row)
            if read.code in seen:
                raise Refused({"code": f"This code is in row {seen[read.code]} already."})
            seen[read.code] = row.number
            _load(run, row, read, behaviors.get(read.code, []))
    _refuse_orphans(run, behaviors)


def _read_behaviors(run: Run) -> dict[str, list[BehaviorRow]]:
    """Return the good behaviors by objective."""
    found: dict[str, list[BehaviorRow]] = {}
    known = {row["code"] for row in run.folder.of("objectives")}
    known |= set(Objective.objects.filter(strategy=run.chosen).values_list("code", flat=True))
    seen: dict[str, int] = {}
    for row in run.rows("behaviors"):
        with run.taking(row, row["code"]):
            behavior = rows.behavior(row)
            if behavior.code in seen:
                raise Refused({"code": f"This code is in row {seen[behavior.code]} already."})
            seen[behavior.code] = row.number
            if behavior.objective not in known:
                raise Refused(
                    {
                        "objective": run.why_missing(
                            "Objective", "objectives.csv", behavior.objective
                        )
                    }
                )
            _sales_role(behavior)
            _audiences(behavior)
            found.setdefault(behavior.objective, []).append(behavior)
    return found


def _sales_role(behavior: BehaviorRow) -> SalesRole:
    role = SalesRole.objects.filter(name__iexact=behavior.sales_role).first()
    if role is None:
        known = ", ".join(SalesRole.objects.filter(example=False).values_list("name", flat=True))
        raise Refused(
            {"sales_role": f"Nobody is a “{behavior.sales_role}”. Known are: {known or 'none'}."}
        )
    return role


def _audiences(behavior: BehaviorRow) -> tuple[Audience, ...]:
    """The sales role in the teams the row names; none where it names none."""
    if not behavior.teams:
        return ()
    teams = {team.name: team for team in Team.objects.filter(name__in=behavior.teams)}
    unknown = [name for name in behavior.teams if name not in teams]
    if unknown:
        raise Refused({"teams": f"There is no team “{unknown[0]}”; people.csv does not name it."})
    role = _sales_role(behavior)
    return (Audience.objects.of(sales_roles=[role], teams=teams.values()),)


def _refuse_orphans(run: Run, behaviors: Mapping[str, list[BehaviorRow]]) -> None:
    """A behavior whose objective is refused is refused with it."""
    for code, rows_ in behaviors.items():
        if ("objectives.csv", code) not in run.refused:
            continue
        reason = run.why_missing("Objective", "objectives.csv", code)
        for behavior in rows_:
            if ("behaviors.csv", behavior.code) not in run.refused:
                run.refuse(behavior.row, Refused({"objective": reason}), behavior.code)


def _load(run: Run, row: Row, read: ObjectiveRow, behaviors: list[BehaviorRow]) -> None:
    owner = owner_of(read.owner, Role.LEAD)
    objective = (
        Objective.objects.select_related("theme", "owner")
        .filter(strategy=run.chosen, code=read.code)
        .first()
    )
    try:
        if objective is None:
            _add(run, read, owner, behaviors)
            new, changed = True, False
        else:
            new, changed = False, _change(run, objective, read, owner, behaviors)
    except strategy.Invalid as error:
        raise _refused(run, error, behaviors) from error
    run.count(row, new=new, changed=changed)
    for behavior in behaviors:
        run.count(behavior.row, new=new, changed=changed)


def owner_of(email: str, role: Role) -> User:
    """Return who is to own something, or refuse with the reason."""
    user = User.objects.filter(email=email).first()
    if user is None:
        raise Refused({"owner": f"Nobody has the address {email}; people.csv does not name it."})
    if role not in user.roles:
        raise Refused({"owner": f"{user.name} is not a {role.label.lower()}."})
    return user


def _refused(run: Run, error: strategy.Invalid, behaviors: list[BehaviorRow]) -> Refused:
    """Put what the action says where its words come from."""
    mine: dict[str, str] = {}
    for name, reason in error.errors.items():
        code = name.removeprefix("behaviors.")
        row = next((one.row for one in behaviors if one.code == code), None)
        if name.startswith("behaviors.") and row is not None:
            run.refuse(row, Refused({"statement": reason}), code)
            mine.setdefault("", f"Its behavior {code} is refused.")
        elif name == "behaviors":
            mine[""] = f"No behavior is left that a manager could see. {reason}"
        else:
            mine[COLUMNS.get(name, name)] = reason
    return Refused(mine)


def _add(run: Run, read: ObjectiveRow, owner: User, behaviors: list[BehaviorRow]) -> None:
    theme = strategy.add_theme(strategy=run.chosen, name=read.theme)
    objective = strategy.add_objective(
        strategy=run.chosen,
        theme=theme,
        code=read.code,
        owner=owner,
        words=Words(**read.words),
        behaviors=[_new_words(behavior) for behavior in behaviors],
        by=owner,
        now=run.now,
    )
    draft = Revision.objects.drafts().get(objective=objective)
    strategy.publish(
        revision=draft,
        edits=draft.edits,
        by=owner,
        now=run.now,
        effective_from=_first_moment(run, read.effective_from),
    )


def _first_moment(run: Run, day: date | None) -> datetime | None:
    return days.first_moment(day, strategy=run.chosen) if day else None


def _new_words(read: BehaviorRow) -> BehaviorWords:
    return BehaviorWords(
        code=read.code,
        sales_role=_sales_role(read),
        critical=read.critical,
        required_depth=read.required_depth,
        audiences=_audiences(read),
        levels=_levels(read, NO_LEVELS),
        **read.words,
    )


def _levels(read: BehaviorRow, before: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    """What the file has not got stays as it is."""
    one, two, three, four = (
        old if said is None else said for said, old in zip(read.levels, before, strict=True)
    )
    return (one, two, three, four)


def _change(
    run: Run, objective: Objective, read: ObjectiveRow, owner: User, behaviors: list[BehaviorRow]
) -> bool:
    """Publish the next revision where words differ; return whether anything did."""
    last = objective.revisions.published().first()
    if last is None:
        raise Refused({"code": f"{read.code} is a draft in Align. Publish or discard it first."})
    if objective.state == Objective.State.RETIRED:
        raise Refused({"code": f"{read.code} is retired in Align."})
    changed = _change_place(run, objective, read, owner)
    before = Words(**{name: getattr(last, name) for name in strategy.WORDS})
    words = replace(before, **read.words)
    rows_before = strategy.behavior_words(last)
    rows_after = _merged(rows_before, behaviors)
    if words == before and rows_after == rows_before:
        return changed
    if Revision.objects.drafts().filter(objective=objective).exists():
        raise Refused({"code": f"Somebody is writing a draft of {read.code}. Publish it first."})
    _publish_next(run, objective, last, read, words, rows_after, owner)
    return True


def _change_place(run: Run, objective: Objective, read: ObjectiveRow, owner: User) -> bool:
    """Owner and theme are no words: they change without a revision."""
    theme = strategy.add_theme(strategy=run.chosen, name=read.theme)
    if (objective.owner_id, objective.theme_id) == (owner.pk, theme.pk):
        return False
    Objective.objects.filter(pk=objective.pk).update(owner=owner, theme=theme)
    return True


def _merged(before: list[BehaviorWords], read: list[BehaviorRow]) -> list[BehaviorWords]:
    """The behaviors there are with what the file says; those it does not name stay."""
    named = {row.code: row for row in read}
    kept = [_updated(words, named.pop(words.code, None)) for words in before]
    return kept + [_new_words(row) for row in named.values()]


def _updated(words: BehaviorWords, read: BehaviorRow | None) -> BehaviorWords:
    if read is None:
        return words
    changes: dict[str, Any] = dict(read.words)
    changes["sales_role"] = _sales_role(read)
    changes["critical"] = read.critical
    changes["levels"] = _levels(read, words.levels)
    if read.required_depth is not None:
        changes["required_depth"] = read.required_depth
    elif read.critical != words.critical:
        changes["required_depth"] = None  # what is usual for a critical one, or for another
    if read.teams:
        changes["audiences"] = _audiences(read)
    elif changes["sales_role"] != words.sales_role:
        changes["audiences"] = ()  # everyone of the other sales role
    return replace(words, **changes)


def _publish_next(
    run: Run,
    objective: Objective,
    last: Revision,
    read: ObjectiveRow,
    words: Words,
    behaviors: list[BehaviorWords],
    owner: User,
) -> None:
    draft = strategy.open_draft(objective=objective, by=owner, now=run.now)
    draft = strategy.edit_draft(
        revision=draft,
        words=words,
        behaviors=behaviors,
        reason=read.reason or f"Loaded from {run.folder.name}.",
        edits=draft.edits,
        by=owner,
        now=run.now,
    )
    starts = _first_moment(run, read.effective_from)
    later = starts if starts and last.effective_from and starts > last.effective_from else None
    strategy.publish(revision=draft, edits=draft.edits, by=owner, now=run.now, effective_from=later)
