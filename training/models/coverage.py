"""What the coverage rule last computed: narrow rows that pages and rules read."""

from django.db import models

from align.people.models import Audience
from strategy.models import Behavior, Depth, Objective


class CellState(models.Model):
    """What the coverage rule last computed for one cell: a behavior and one required audience.

    Written only by training.coverage; computing it again from scratch gives the same rows.
    Evidence is the highest step that holds.
    """

    class Evidence(models.IntegerChoices):
        UNMAPPED = 0, "Unmapped"
        MAPPED = 1, "Mapped"
        REACHED = 2, "Reached"
        DEMONSTRATED = 3, "Demonstrated"
        SEEN = 4, "Seen"
        SUSTAINED = 5, "Sustained"

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="+")
    behavior = models.ForeignKey(Behavior, on_delete=models.CASCADE, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+")
    critical = models.BooleanField()
    required = models.PositiveSmallIntegerField(choices=Depth)
    depth = models.PositiveSmallIntegerField(choices=Depth)
    suspect_depth = models.PositiveSmallIntegerField(choices=Depth)
    people = models.PositiveIntegerField()
    planned = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField()
    # When the share of those reached became enough, and the median of when people were reached.
    reached_since = models.DateTimeField(null=True)
    median_at = models.DateTimeField(null=True)
    assessed = models.PositiveIntegerField(default=0)
    demonstrated = models.PositiveIntegerField(default=0)  # latest assessment at standard
    observed = models.PositiveIntegerField()
    at_standard = models.PositiveIntegerField()
    # The same in the two windows of 45 days that end now: is it seen twice in a row?
    earlier_observed = models.PositiveIntegerField(default=0)
    earlier_at_standard = models.PositiveIntegerField(default=0)
    later_observed = models.PositiveIntegerField(default=0)
    later_at_standard = models.PositiveIntegerField(default=0)
    waived = models.BooleanField(default=False)  # “already practiced”, said by the lead
    touched = models.BooleanField(default=False)  # by the current substantive revision
    evidence = models.PositiveSmallIntegerField(choices=Evidence)

    class Meta:
        ordering = ["objective", "behavior", "audience"]
        constraints = [models.UniqueConstraint(name="cell_once", fields=["behavior", "audience"])]

    def __str__(self) -> str:
        return f"behavior {self.behavior_id} for audience {self.audience_id}"


class ObjectiveCoverage(models.Model):
    """One narrow row an objective in force: what pages and rules read."""

    objective = models.OneToOneField(
        Objective, on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    cells = models.PositiveIntegerField()
    covered = models.PositiveIntegerField()
    suspect = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField(choices=Depth, null=True)  # None: no cells, undefined
    shown = models.PositiveSmallIntegerField(choices=Depth, null=True)
    evidence = models.PositiveSmallIntegerField(choices=CellState.Evidence, null=True)
    people = models.PositiveIntegerField()
    planned = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField()
    looked = models.PositiveIntegerField(default=0)  # cells somebody looked at
    seen_people = models.PositiveIntegerField(default=0)  # of the cell that is seen least
    observed = models.PositiveIntegerField()
    at_standard = models.PositiveIntegerField()
    touched = models.PositiveIntegerField(default=0)  # cells the current epoch touched
    touched_covered = models.PositiveIntegerField(default=0)
    judged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"objective {self.objective_id}"
