"""Rule ids and groups as users write them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UnknownRule(ValueError):
    """A name that is neither a rule nor a group; the message has the nearest one."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else "ci-gate rules lists them"
        super().__init__(f"there is no rule or group {name!r}; {hint}")


def matches(rule: str, group: str, names: Iterable[str]) -> bool:
    """Is a rule named, by its id or by its group?"""
    return any(name in (rule, group) for name in names)
