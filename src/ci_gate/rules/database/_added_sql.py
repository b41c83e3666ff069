"""Migrations that are files of SQL: numbered ones, Flyway's, Prisma's, Drizzle's, dbmate's."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.regex import regex
from ci_gate.repository import Tree
from ci_gate.rules.database._added_columns import History, Step

_FOLDER: Final = regex(
    r"(?:^|/)(?:migrations?|migrate|flyway|drizzle|db_migrations|sql_migrations|versions)(?:/|$)"
)
_OUTSIDE: Final = regex(
    r"(?:^|/)(?:\.[^/]+|node_modules|vendor|tests?|__tests__|fixtures|examples?|samples?|docs?|"
    r"seeds?|seeders)/"
)
#: A file that undoes another, or that tools run each time it changes.
_BACKWARDS: Final = regex(
    r"(?:^|[._-])(?:down|undo|rollback|revert)(?:[._-]|$)|^[UR](?:\d[\d._]*)?__", re.IGNORECASE
)
_NUMBERED: Final = regex(r"^[Vv]?\d")
#: The only file of its folder, which has the number (Prisma, Diesel).
_ONLY_FILE: Final = frozenset({"migration.sql", "up.sql"})
_PARTS: Final = regex(r"\d+|\D+")
_MAX_SIZE: Final = 1_000_000


def sql_histories(tree: Tree, dialect: Dialect) -> Iterator[History]:
    """The histories that folders of SQL files make."""
    groups: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path in tree.files:
        folder, name = posixpath.split(path)
        if not name.endswith(".sql") or _OUTSIDE.search(path) or not _FOLDER.search(folder):
            continue
        if name in _ONLY_FILE:
            folder, name = posixpath.split(folder)
        if not _BACKWARDS.search(name.removesuffix(".sql")):
            groups[folder][name] = path
    for _, files in sorted(groups.items()):
        if len(files) < 2 or not all(_NUMBERED.match(name) for name in files):
            continue
        paths = [files[name] for name in sorted(files, key=in_order)]
        steps = [step for path in paths if (step := _read(tree, path, dialect)) is not None]
        if len(steps) == len(paths):
            yield History(steps, frozenset(paths[-1:]))


def _read(tree: Tree, path: str, dialect: Dialect) -> Step | None:
    try:
        text = tree.text(path)
    except (OSError, UnicodeError):
        return None
    if len(text) > _MAX_SIZE:
        return None
    step = Step(path)
    step.read_sql(text, 1, dialect)
    return step


def in_order(name: str) -> list[tuple[int, int, str]]:
    """A key that sorts ``2_x`` before ``10_x``."""
    return [
        (0, int(part), "") if part.isdecimal() else (1, 0, part.lower())
        for part in _PARTS.findall(name[:200])
    ]
