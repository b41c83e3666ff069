"""What runs on this machine."""

from __future__ import annotations

from pathlib import Path


def running(word: str) -> list[int]:
    """Processes that have ``word`` among their arguments."""
    found = []
    for arguments in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if any(word in part for part in arguments.read_text("utf-8", "replace").split("\0")):
                found.append(int(arguments.parent.name))
        except OSError:
            continue
    return found
