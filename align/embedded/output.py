"""Show the lines of several children on one screen, each with the name of its child."""

import subprocess
import sys
import threading


def say(text: str, *, name: str = "align") -> None:
    """Print lines with a name before each. A screen that is gone stops nobody."""
    try:
        for line in text.splitlines() or [""]:
            sys.stdout.write(f"{name:>8} | {line}\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        pass


def relay(child: subprocess.Popen[bytes], *, name: str) -> None:
    """Show what the child prints, from a thread that ends with the child."""

    def read() -> None:
        if child.stdout is not None:
            for line in child.stdout:
                say(line.decode(errors="replace").rstrip(), name=name)

    threading.Thread(target=read, name=f"output of {name}", daemon=True).start()
