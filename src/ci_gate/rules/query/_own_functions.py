"""SQL functions of the project's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.regex import regex
from ci_gate.rules.base import Facts


class OwnFunctions:
    """The SQL functions that the project defines: in the database, or with ``create_function``."""

    _DEFINED: Final = regex(
        r"(?:create_(?:function|aggregate|window_function)|\.(?:function|aggregate))"
        r"\(\s*[\"'`](\w+)"
        r"|create\s+(?:or\s+replace\s+)?(?:function|aggregate)\s+(?:\w+\.)?\"?(\w+)"
        r"|\b(load_extension)\b",
        re.IGNORECASE,
    )

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._names: frozenset[str] | None = None

    def defines(self, name: str) -> bool:
        if self._names is None:
            self._names = frozenset(self._found())
        return name.lower() in self._names or "load_extension" in self._names

    def _found(self) -> Iterator[str]:
        tree = self._facts.model.tree
        for path in tree.files:
            if not path.endswith((".py", ".sql", ".js", ".ts", ".mjs", ".cjs", ".mts", ".cts")):
                continue
            try:
                text = tree.text(path)
            except (OSError, UnicodeError):
                continue
            for match in self._DEFINED.finditer(text):
                yield (match[1] or match[2] or match[3]).lower()
