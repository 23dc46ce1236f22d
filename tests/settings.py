"""The settings of the tests: those of Align, in the test mode whatever the shell says."""

import os

os.environ["ALIGN_MODE"] = "test"

from align.settings import *
