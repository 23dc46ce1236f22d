"""modules.csv and mappings.csv: what is taught, and what it claims to teach."""

from align.load import rows
from align.load.choices import owner_of
from align.load.problems import Refused
from align.load.reading import Row
from align.load.rows import MappingRow, ModuleRow
from align.load.run import Run
from align.load.staff import refuse_example
from align.people.models import Role, User
from strategy.models import Behavior
from training import actions as training
from training.models import Mapping, Module, ModuleVersion, Program

TEXTS = ("title", "kind", "hours", "content", "link")


def load_modules(run: Run) -> None:
    """Publish every module; changed words become its next version."""
    seen: dict[str, int] = {}
    for row in run.rows("modules"):
        with run.taking(row, row["code"]):
            read = rows.module(row)
            if read.code in seen:
                raise Refused({"code": f"This code is in row {seen[read.code]} already."})
            seen[read.code] = row.number
            try:
                _load(run, row, read)
            except training.Invalid as error:
                raise Refused(error.errors) from error


def _load(run: Run, row: Row, read: ModuleRow) -> None:
    owner = owner_of(read.owner, Role.TRAINER)
    program, _ = Program.objects.get_or_create(name=read.program)
    refuse_example(program.example, "program", program.name)
    module = Module.objects.select_related("current").filter(code=read.code).first()
    if module is None:
        _add(run, read, program, owner)
        run.count(row, new=True)
    else:
        refuse_example(module.example, "code", read.code)
        run.count(row, new=False, changed=_change(run, module, read, program, owner))


def _texts(read: ModuleRow) -> dict[str, object]:
    return {name: getattr(read, name) for name in TEXTS}


def _add(run: Run, read: ModuleRow, program: Program, owner: User) -> None:
    module = training.add_module(
        code=read.code,
        program=program,
        title=read.title,
        kind=read.kind,
        hours=read.hours,
        content=read.content,
        link=read.link,
        owner=owner,
        now=run.now,
    )
    training.publish_module(module=module, by=owner, now=run.now)


def _change(run: Run, module: Module, read: ModuleRow, program: Program, owner: User) -> bool:
    if module.current is None:
        raise Refused({"code": f"{read.code} is a draft in Align. Publish it first."})
    if module.state == Module.State.RETIRED:
        raise Refused({"code": f"{read.code} is retired in Align."})
    moved = (module.owner_id, module.program_id) != (owner.pk, program.pk)
    if moved:
        Module.objects.filter(pk=module.pk).update(owner=owner, program=program)
    if all(getattr(module.current, name) == value for name, value in _texts(read).items()):
        return moved
    if module.versions.filter(state=ModuleVersion.State.DRAFT).exists():
        raise Refused({"code": f"Somebody is writing a draft of {read.code}. Publish it first."})
    draft = training.new_version(module=module, by=owner, now=run.now)
    training.edit_module(
        version=draft,
        title=read.title,
        kind=read.kind,
        hours=read.hours,
        content=read.content,
        link=read.link,
        edits=draft.edits,
        now=run.now,
    )
    training.publish_module(module=module, by=owner, now=run.now)
    return True


def load_mappings(run: Run) -> None:
    """Make every claim of the file; one that says something else takes the place of the old."""
    for row in run.rows("mappings"):
        with run.taking(row):
            read = rows.mapping(row)
            module = module_of(run, read.module)
            behavior = behavior_of(run, read.behavior)
            try:
                _claim(run, row, read, module, behavior)
            except training.TooDeep as error:
                raise Refused({"depth": str(error)}) from error
            except training.NotInForce as error:
                raise Refused({"behavior": f"{read.behavior} is not in force yet."}) from error
            except training.CannotMap as error:
                raise Refused({"module": str(error)}) from error


def module_of(run: Run, code: str) -> Module:
    """Return the module a row names, or refuse with the reason."""
    module = Module.objects.select_related("current", "owner").filter(code=code).first()
    if ("modules.csv", code) in run.refused or module is None or module.current is None:
        raise Refused({"module": run.why_missing("Module", "modules.csv", code)})
    return module


def behavior_of(run: Run, code: str) -> Behavior:
    """Return the behavior a row names, or refuse with the reason."""
    behavior = Behavior.objects.filter(objective__strategy=run.chosen, code=code).first()
    if ("behaviors.csv", code) in run.refused or behavior is None:
        raise Refused({"behavior": run.why_missing("Behavior", "behaviors.csv", code)})
    return behavior


def _claim(run: Run, row: Row, read: MappingRow, module: Module, behavior: Behavior) -> None:
    version = module.current
    if version is None:
        raise RuntimeError("A module that was found has a published version.")
    before = list(Mapping.objects.alive().filter(version=version, behavior=behavior))
    same = {(mapping.depth, mapping.rationale) for mapping in before}
    rationale = read.rationale if row.has("rationale") or not before else before[0].rationale
    if same == {(int(read.depth), rationale)}:
        run.count(row, new=False)
        return
    for mapping in before:
        training.retire_mapping(mapping=mapping, now=run.now)
    training.map_behavior(
        version=version,
        behavior=behavior,
        audiences=None,
        depth=read.depth,
        rationale=rationale,
        by=module.owner,
        now=run.now,
    )
    run.count(row, new=not before, changed=bool(before))
