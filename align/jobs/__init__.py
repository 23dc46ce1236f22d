"""Work done in the background: handing it over, and the signs of life of those who do it."""

from align.jobs.publish import after_commit

__all__ = ["after_commit"]
