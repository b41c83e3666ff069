"""What tests of the contract share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """As pytest's own, but open to the user that programs of the project run as."""
    with tempfile.TemporaryDirectory(prefix="ci-gate-test-", ignore_cleanup_errors=True) as folder:
        place = Path(folder).resolve()
        place.chmod(0o711)
        yield place
