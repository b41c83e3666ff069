"""Words that the rules of this group share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

_LIKE: Final = 0.7


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    shown = sorted(item for item in names if not item.startswith("_"))
    found = difflib.get_close_matches(name, shown, n=1, cutoff=_LIKE)
    return found[0] if found else None


def is_slip(name: str, other: str) -> bool:
    """The names differ by one letter written wrong, left out, added or by two swapped."""
    if abs(len(name) - len(other)) > 1 or name == other:
        return False
    start = 0
    while start < min(len(name), len(other)) and name[start] == other[start]:
        start += 1
    one, two = name[start:], other[start:]
    if one[1:] == two[1:] or one[1:] == two or one == two[1:]:
        return True
    return one[:2] == two[1::-1] and one[2:] == two[2:]


def listed(names: Iterable[str], limit: int = 8) -> str:
    """The names as a reader wants them: in order, cut where there are many."""
    shown = sorted(name for name in names if not name.startswith("_"))
    if len(shown) <= limit:
        return ", ".join(f"`{name}`" for name in shown)
    return ", ".join(f"`{name}`" for name in shown[:limit]) + ", …"
