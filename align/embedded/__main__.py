"""``python -m align.embedded run``, ``… exec COMMAND`` and ``… ask PART HOST:PORT``."""

import os
import sys
from pathlib import Path

from align.embedded import supervisor
from align.embedded.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent
USAGE = "usage: python -m align.embedded run | exec COMMAND … | ask PART HOST:PORT"


def main(words: list[str]) -> int:
    """Return the exit code; what a person can put right is one sentence on stderr."""
    try:
        match words:
            case ["run"]:
                return supervisor.run(root=ROOT, given=os.environ)
            case ["exec", _, *_]:
                return supervisor.execute(root=ROOT, given=os.environ, command=words[1:])
            case ["ask", part, place]:
                return supervisor.ask(part=part, place=place)
            case _:
                raise Trouble(USAGE)
    except Trouble as trouble:
        print(f"align: {trouble}", file=sys.stderr)
        return 1 if words[:1] == ["ask"] else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
