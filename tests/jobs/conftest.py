import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket in it."""
    path = Path(tempfile.mkdtemp(prefix="align-"))
    yield path
    shutil.rmtree(path)
