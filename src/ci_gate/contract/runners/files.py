"""Files of the tree under test that the configuration names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ci_gate.plainfile import open_file

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


def objects(path: Path, limit: int) -> Iterator[dict[str, Any]]:
    """The objects of a file that has one a line, up to ``limit`` bytes. Tests may have written into
    it: a line that is something else is left out."""
    try:
        with open_file(path) as stream:
            lines = stream.read(limit).splitlines()
    except OSError:
        return
    for line in lines:
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(item, dict):
            yield item
