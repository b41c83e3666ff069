"""Files of the tree under test that the configuration names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_MOST: Final = 10_000


def matching(root: Path, pattern: str) -> list[Path]:
    """The file of that name, else the files that match it as a glob: in order, and only those that
    really lie below ``root``."""
    place = root / pattern
    try:
        found = [place] if place.exists() else sorted(root.glob(pattern))[:_MOST]
    except (ValueError, NotImplementedError):  # no pattern: "**.hurl", "/tmp/*"
        return []
    inside = root.resolve()
    return [path for path in found if path.is_file() and path.resolve().is_relative_to(inside)]
