"""What training looks for in the narrow rows: who is not trained, not reached, not seen."""

from strategy import engine
from training import coverage
from training.rules.covering import shallow, uncovered
from training.rules.outdated import suspect
from training.rules.reaching import low_reach
from training.rules.unlinked import orphan_training
from training.rules.watching import not_sticking, unproven

__all__ = [
    "low_reach",
    "not_sticking",
    "orphan_training",
    "register",
    "shallow",
    "suspect",
    "uncovered",
    "unproven",
]


def register() -> None:
    """Give the engine what this app computes and what it looks for."""
    engine.register_state("coverage", coverage.judge)
    engine.register_rule("uncovered", uncovered)
    engine.register_rule("shallow", shallow)
    engine.register_rule("suspect", suspect)
    engine.register_rule("low-reach", low_reach)
    engine.register_rule("unproven", unproven)
    engine.register_rule("not-sticking", not_sticking)
    engine.register_rule("orphan-training", orphan_training, whole=True)
