from training.models.coverage import CellState, ObjectiveCoverage
from training.models.delivering import Assignment, CalendarKey, CompletionImport, Delivery, Seat
from training.models.evidence import Assessment, Attempt, Completion, Observation
from training.models.mappings import Mapping, MappingReview
from training.models.modules import (
    DEEPEST_CLAIM,
    Kind,
    Module,
    ModuleImage,
    ModuleVersion,
    Program,
    Progress,
)
from training.models.sticking import BarrierCase, BarrierEvent, Driver, Waiver

__all__ = [
    "DEEPEST_CLAIM",
    "Assessment",
    "Assignment",
    "Attempt",
    "BarrierCase",
    "BarrierEvent",
    "CalendarKey",
    "CellState",
    "Completion",
    "CompletionImport",
    "Delivery",
    "Driver",
    "Kind",
    "Mapping",
    "MappingReview",
    "Module",
    "ModuleImage",
    "ModuleVersion",
    "ObjectiveCoverage",
    "Observation",
    "Program",
    "Progress",
    "Seat",
    "Waiver",
]
