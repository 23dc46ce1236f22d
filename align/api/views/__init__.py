"""One view a kind of object: find it through its door, call one action, show what came of it."""
