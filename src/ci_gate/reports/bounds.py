"""Lists that end where their space does, and say what they leave out."""

from __future__ import annotations

from collections.abc import Iterable

from ci_gate.reports.text import plural


def size(text: str) -> int:
    """How long GitHub takes a text to be: it counts a character beyond the basic plane twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def bounded(
    blocks: Iterable[str], total: int, limit: int, joint: str, noun: str = "more finding"
) -> str:
    """As many blocks, from the first, as fit; the last line says how many did not."""
    kept: list[str] = []
    used = 0
    for block in blocks:
        used += size(block) + len(joint)
        if used > limit:
            break
        kept.append(block)
    if len(kept) < total:
        kept.append(f"… and {plural(total - len(kept), noun)} in the full report.")
    return joint.join(kept)
