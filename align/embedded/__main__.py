"""``python -m align.embedded run`` and ``python -m align.embedded exec COMMAND …``."""

import os
import sys
from pathlib import Path

from align.embedded import supervisor
from align.embedded.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent.parent
USAGE = "usage: python -m align.embedded run | exec COMMAND [ARGUMENT …]"


def main(words: list[str]) -> int:
    """Return the exit code; what a person can put right is one sentence on stderr."""
    try:
        match words:
            case ["run"]:
                return supervisor.run(root=ROOT, given=os.environ)
            case ["exec", _, *_]:
                return supervisor.execute(root=ROOT, given=os.environ, command=words[1:])
            case _:
                raise Trouble(USAGE)
    except Trouble as trouble:
        print(f"align: {trouble}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
