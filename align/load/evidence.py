"""completions.csv, observations.csv and reports.csv: what happened, each row once."""

import uuid

from align.load import rows
from align.load.lessons import behavior_of, module_of
from align.load.problems import Refused
from align.load.reading import Row
from align.load.run import Run
from align.people.models import User
from feedback import actions as feedback
from feedback.models import Report
from strategy.models import Behavior, Objective
from training import actions as training
from training.models import Module, Observation

NAMESPACE = uuid.UUID("6f0d7b0e-5a3c-5f0a-9a51-6c1d2f6c1a27")
SOURCE = "file"
COLUMNS = {"user": "email", "observed_at": "observed_at", "objective": "objective"}


def load_completions(run: Run) -> None:
    """Record who completed what. The same source and id again is the same completion."""
    for row in run.rows("completions"):
        with run.taking(row):
            read = rows.completion(row, now=run.now)
            user, module = person_of(run, "email", read.email), module_of(run, read.module)
            if module.current is None:
                raise RuntimeError("A module that was found has a published version.")
            _, made = training.complete(
                user=user,
                version=module.current,
                completed_at=read.completed_at,
                source=read.source or SOURCE,
                external_id=read.external_id
                or f"{read.module}/{read.completed_at:%Y-%m-%dT%H:%M}/{user.pk}",
                score=read.score,
                now=run.now,
            )
            run.count(row, new=made)


def person_of(run: Run, column: str, email: str) -> User:
    """Return the person a row names, or refuse with the reason."""
    user = User.objects.filter(email=email).first()
    if user is None:
        problem = run.refused.get(("people.csv", email))
        why = f"is refused: {problem}" if problem else "is not there; people.csv does not name it."
        raise Refused({column: f"{email} {why}"})
    return user


def key_of(row: Row, key: str) -> uuid.UUID:
    """Return the key of a row: its own, or one made of everything it says."""
    said = "\x1f".join(f"{name}={value}" for name, value in sorted(row.cells.items()))
    return uuid.uuid5(NAMESPACE, f"{row.file}:{key or said}")


def load_observations(run: Run) -> None:
    """Record what was seen. A row that was loaded before is left as it is."""
    for row in run.rows("observations"):
        with run.taking(row):
            read = rows.observation(row, now=run.now)
            user = person_of(run, "email", read.email)
            observer = person_of(run, "observer", read.observer)
            behavior = behavior_of(run, read.behavior)
            key = key_of(row, read.key)
            if Observation.objects.filter(observer=observer, client_key=key).exists():
                run.count(row, new=False)
                continue
            try:
                training.observe(
                    user=user,
                    behavior=behavior,
                    observer=observer,
                    observed_at=read.observed_at,
                    level=read.level,
                    occasion=read.occasion,
                    evidence=read.evidence,
                    client_key=key,
                    now=run.now,
                    tell=False,  # nobody is told of what lies long back
                )
            except training.Invalid as error:
                raise Refused(
                    {COLUMNS.get(n, n): text for n, text in error.errors.items()}
                ) from error
            except training.NotInForce as error:
                raise Refused({"behavior": f"{read.behavior} is not in force yet."}) from error
            run.count(row, new=True)


def load_reports(run: Run) -> None:
    """Take in what the field said, each at its own time. A row loaded before is left as it is."""
    for row in run.rows("reports"):
        with run.taking(row):
            read = rows.report(row, now=run.now)
            author = person_of(run, "email", read.email)
            key = key_of(row, read.key)
            if Report.objects.filter(author=author, client_key=key).exists():
                run.count(row, new=False)
                continue
            _submit(run, read, author, key)
            run.count(row, new=True)


def _submit(run: Run, read: rows.ReportRow, author: User, key: uuid.UUID) -> None:
    objective = _objective_of(run, read.objective) if read.objective else None
    behavior: Behavior | None = behavior_of(run, read.behavior) if read.behavior else None
    module: Module | None = module_of(run, read.module) if read.module else None
    try:
        feedback.submit(
            author=author,
            client_key=key,
            stance=read.stance,
            barriers=list(read.barriers),
            text=read.text,
            occasion=read.occasion,
            objective=objective,
            behavior=behavior,
            module=module,
            for_manager=read.for_manager,
            now=read.created_at,
        )
    except feedback.Invalid as error:
        raise Refused(error.errors) from error


def _objective_of(run: Run, code: str) -> Objective:
    objective = (
        Objective.objects.select_related("current").filter(strategy=run.chosen, code=code).first()
    )
    if objective is None or ("objectives.csv", code) in run.refused:
        raise Refused({"objective": run.why_missing("Objective", "objectives.csv", code)})
    if objective.state != Objective.State.IN_FORCE:
        raise Refused({"objective": f"{code} is not in force."})
    return objective
