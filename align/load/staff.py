"""people.csv: who there is, in which team, in which sales role."""

from datetime import date

from align.load import rows
from align.load.problems import Refused
from align.load.reading import Row
from align.load.rows import PersonRow
from align.load.run import Run
from align.people import actions as people
from align.people.models import Membership, Role, SalesRole, Team, TeamTree, User

COLUMNS = {"roles": "role", "on": "begins"}
OF_THE_EXAMPLE = "“{name}” belongs to the example company. Remove the example first."


def load_people(run: Run) -> None:
    """Make or change everybody the file names. Nobody is taken away."""
    seen: dict[str, int] = {}
    begins = run.default_begins()
    for row in run.rows("people"):
        email = row["email"].lower()
        with run.taking(row, email):
            person = rows.person(row)
            if email in seen:
                raise Refused({"email": f"This address is in row {seen[email]} already."})
            seen[email] = row.number
            _load(run, row, person, person.begins or begins)


def _load(run: Run, row: Row, person: PersonRow, begins: date) -> None:
    team = _team(person) if person.team else None
    sales_role = _sales_role(person.sales_role) if person.sales_role else None
    errors = people.place_errors(roles=person.roles, team=team, sales_role=sales_role)
    if errors:
        raise Refused({COLUMNS.get(name, name): text for name, text in errors.items()})
    user = User.objects.filter(email=person.email).first()
    if user is None:
        _hire(run, person, team, sales_role, begins)
        run.count(row, new=True)
    else:
        refuse_example(user.example, "email", user.email)
        changed = _update(run, user, person, team, sales_role)
        run.count(row, new=False, changed=changed)


def refuse_example(example: bool, column: str, name: str) -> None:
    """Keep the loaded company apart from the example, which somebody will remove."""
    if example:
        raise Refused({column: OF_THE_EXAMPLE.format(name=name)})


def _team(person: PersonRow) -> Team:
    parent = None
    if person.parent_team:
        parent, _ = Team.objects.get_or_create(name=person.parent_team)
        refuse_example(parent.example, "parent_team", parent.name)
    team, _ = Team.objects.get_or_create(name=person.team, defaults={"parent": parent})
    refuse_example(team.example, "team", team.name)
    if parent is not None and team.parent_id != parent.pk:
        if team.is_above(parent.pk):
            raise Refused({"parent_team": f"{parent.name} stands below {team.name} already."})
        team.parent = parent
        team.save(update_fields=["parent"])
    return team


def _sales_role(name: str) -> SalesRole:
    role, _ = SalesRole.objects.get_or_create(name=name)
    refuse_example(role.example, "sales_role", name)
    return role


def _hire(
    run: Run, person: PersonRow, team: Team | None, sales_role: SalesRole | None, begins: date
) -> None:
    """Make an account without a password: its owner asks for one on the sign-in page."""
    user = User(
        email=person.email,
        name=person.name,
        roles=people.in_order(person.roles),
        zone=person.zone or "UTC",
        date_joined=run.now,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    if team is not None:
        Membership.objects.create(user=user, team=team, sales_role=sales_role, begins=begins)


def _update(
    run: Run, user: User, person: PersonRow, team: Team | None, sales_role: SalesRole | None
) -> bool:
    """Make an account what the file says. The role of an admin is never taken by a file."""
    changed = False
    wanted = {"name": person.name, "zone": person.zone or user.zone}
    if any(getattr(user, name) != value for name, value in wanted.items()):
        User.objects.filter(pk=user.pk).update(**wanted)
        changed = True
    try:
        moved = _move(run, user, person, team, sales_role)
        roles = set(person.roles) | ({Role.ADMIN} if user.is_admin else set())
        if set(user.roles) != {role.value for role in roles}:
            people.change_roles(user=user, roles=roles, by=user, now=run.now)
            changed = True
    except people.Invalid as error:
        raise Refused(
            {COLUMNS.get(name, name): text for name, text in error.errors.items()}
        ) from error
    return changed or moved


def _move(
    run: Run, user: User, person: PersonRow, team: Team | None, sales_role: SalesRole | None
) -> bool:
    today = run.now.date()
    place = Membership.objects.filter(user=user).order_by("begins").last()
    if place is not None and place.ends is not None and place.ends <= today:
        place = None
    there = (place.team_id, place.sales_role_id) if place else (None, None)
    wanted = (team.pk if team else None, sales_role.pk if sales_role else None)
    if there == wanted:
        return False
    if team is None:
        people.end_place(user=user, on=today)
    else:
        on = max(person.begins or today, today)
        people.move(user=user, team=team, sales_role=sales_role, on=on, now=run.now)
    return True


def tops(run: Run) -> list[Team]:
    """Return the teams at the top of those the file names: whom the strategy is for."""
    named = {row["team"] for row in run.folder.of("people") if row["team"]}
    above = TeamTree.objects.filter(team__name__in=named).values("ancestor")
    return list(Team.objects.filter(pk__in=above, parent=None))
