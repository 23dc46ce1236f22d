"""What the pages show, as typed rows."""
