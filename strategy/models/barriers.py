"""What can stand in the way of a behavior."""

from django.db import models


class Barrier(models.TextChoices):
    SKILL = "skill", "I have not learned how"
    WHY = "why", "Never told why"
    INCENTIVES = "incentives", "My targets pull the other way"
    TOOLS = "tools", "Our tools"
    PROCESS = "process", "Our process"
    PRODUCT = "product", "Product or price"
    MARKET = "market", "The customer cannot buy it"
    COACHING = "coaching", "No coaching"
    CAPACITY = "capacity", "No time"
