"""JSON under /api/v1/: the same doors and the same actions as the pages."""
