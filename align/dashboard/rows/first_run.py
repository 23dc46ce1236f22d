"""The task list of an installation with nothing in it yet."""

from dataclasses import dataclass

from align.dashboard import words
from align.people.models import Role, User
from strategy.models import Behavior, Objective, Strategy
from training.models import Module


@dataclass(frozen=True, kw_only=True)
class Task:
    title: str
    why: str
    done: str  # what there is, in words; empty: nothing yet
    act: str
    link: str
    who: Role

    def by(self, user: User) -> bool:
        return self.who in user.roles

    @property
    def whose(self) -> str:
        return {Role.ADMIN: "An admin", Role.LEAD: "A strategy lead"}.get(self.who, "A trainer")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One task as this person sees it: with its button only where they may press it."""

    task: Task
    mine: bool
    next: bool  # the first of theirs that is not done: the one primary button


def empty(user: User) -> bool:
    """Whether there is nothing for this person to look at: no objective they may see."""
    return not Objective.objects.visible_to(user).exists()


def steps(user: User) -> tuple[Step, ...]:
    """Return the four tasks with what there is of each; counts hold what this person may see."""
    strategies = Strategy.objects.visible_to(user).order_by("pk")
    first = strategies.first()
    behaviors = Behavior.objects.visible_to(user).count()
    modules = Module.objects.visible_to(user).count()
    people = User.objects.filter(is_active=True).count()
    tasks = (
        Task(
            title="Put in the strategy",
            why="What the business will do, what it stops, and why. One objective is enough.",
            done=words.counted(strategies.count(), "strategy", "strategies") if first else "",
            act="Write the strategy",
            link="/strategy/new/",
            who=Role.LEAD,
        ),
        Task(
            title="Name behaviors",
            why="What a manager can see a rep do once the objective is carried out.",
            done=words.counted(behaviors, "behavior") if behaviors else "",
            act="Add an objective with its behaviors",
            link=f"{first.get_absolute_url()}objectives/new/" if first else "/strategy/new/",
            who=Role.LEAD,
        ),
        Task(
            title="Bring in training",
            why="The modules there are, and which behavior each one teaches how deep.",
            done=words.counted(modules, "module") if modules else "",
            act="Add a module",
            link="/training/modules/new/",
            who=Role.TRAINER,
        ),
        Task(
            title="Invite people",
            why="Leads, trainers, managers and reps, each with a team and a sales role.",
            done=words.counted(people, "person", "people") if people > 1 else "",
            act="Invite somebody",
            link="/settings/people/invite/",
            who=Role.ADMIN,
        ),
    )
    first_open = next((task for task in tasks if task.by(user) and not task.done), None)
    return tuple(Step(task=task, mine=task.by(user), next=task is first_open) for task in tasks)
