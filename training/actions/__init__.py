"""What can be done with modules, claims and evidence. Each verb is one transaction."""

from training.actions.completions import (
    Recorded,
    Taken,
    complete,
    complete_all,
    record_completions,
    teams_on,
    touch_taught,
)
from training.actions.mappings import clear_mapping, map_behavior, retire_mapping, words_in_force
from training.actions.modules import (
    Carried,
    add_module,
    carried,
    edit_module,
    missing,
    new_version,
    program,
    publish_module,
    retire_module,
)
from training.actions.seeing import observe
from training.actions.words import (
    AlreadyMapped,
    CannotMap,
    Invalid,
    KeyReused,
    NotADraft,
    NotInForce,
    NotPublished,
    StaleVersion,
    TooDeep,
)

__all__ = [
    "AlreadyMapped",
    "CannotMap",
    "Carried",
    "Invalid",
    "KeyReused",
    "NotADraft",
    "NotInForce",
    "NotPublished",
    "Recorded",
    "StaleVersion",
    "Taken",
    "TooDeep",
    "add_module",
    "carried",
    "clear_mapping",
    "complete",
    "complete_all",
    "edit_module",
    "map_behavior",
    "missing",
    "new_version",
    "observe",
    "program",
    "publish_module",
    "record_completions",
    "retire_mapping",
    "retire_module",
    "teams_on",
    "touch_taught",
    "words_in_force",
]
