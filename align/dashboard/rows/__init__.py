"""Typed rows for the pages that show several subjects. Nothing here writes."""
