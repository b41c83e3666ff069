"""Node: tables that SQL text would make, if anything ran it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.data import dataclass
from ci_gate.findings import Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect, has_python
from ci_gate.rules.base import Facts
from ci_gate.rules.database._node_reached import End, is_tests, reached_of

_CREATE: Final = regex(
    r"create\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"
    r"(?:[\"`\[]?\w+[\"`\]]?\.)?[\"`\[]?(\w+)",
    re.IGNORECASE,
)
_MIGRATIONS: Final = regex(r"(?:^|/)[\w-]*(?:migrations?|migrate|drizzle)/")
_DOWN: Final = regex(r"(?:^|[._/-])(?:down|rollback|undo|revert)(?:\.|/)", re.IGNORECASE)
_USED: Final = regex(
    r"\b(?:from|into|update|join)\s+(?:only\s+)?(?:[\"`\[]?\w+[\"`\]]?\.)?[\"`\[]?(\w+)",
    re.IGNORECASE,
)
_OPENING: Final = frozenset({"Database", "DatabaseSync", "open"})
_SQLITE: Final = regex(r"^(?:better-sqlite3|sqlite3?|node:sqlite|bun:sqlite|@libsql/client)$")
_SERVERS: Final = regex(
    r"^(?:knex|kysely|pg|postgres|mysql2?|@vercel/postgres|@neondatabase/serverless|slonik)$"
)
_BOOKKEEPING: Final = regex(r"migration|schema_version|_version$", re.IGNORECASE)
_MAX_FILE: Final = 400_000


@dataclass(slots=True)
class Source:
    """Where tables are made, if it runs: SQL text in code, or a file of SQL or a migration.

    ``ends`` are where the ways to it end; ``read`` is whether code reads the file at all."""

    path: str
    line: int
    tables: frozenset[str]
    ends: list[End] = field(default_factory=list)
    runs: bool = False
    read: bool = True


class Ddl:
    """The sources of one program's tables, and which of them may run."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self.reached = reached_of(facts.model)
        self.told = self.reached.told

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return (*self._texts(), *self._files())

    @cached_property
    def running(self) -> frozenset[str]:
        """The tables that something which may run makes."""
        return frozenset(table for item in self.sources if item.runs for table in item.tables)

    def _texts(self) -> Iterator[Source]:
        for path, module in self._model.modules.items():
            if module.language == "python" or is_tests(path) or _MIGRATIONS.search(path):
                continue
            for node, tables in _creating(module):
                end = self.reached.end(path, node)
                yield Source(path, node.line, tables, [end] if end else [], end is None)

    def _files(self) -> Iterator[Source]:
        for item in (*self._sql(), *self._scripts()):
            ends = [
                self.reached.end(path, node)
                for path, node in self._strings
                if _names_file(str(node.value), item.path)
            ]
            item.read = bool(ends)
            item.runs = None in ends
            item.ends = [end for end in ends if end is not None]
            yield item

    def _sql(self) -> Iterator[Source]:
        for path in self._model.tree.files:
            if not path.endswith(".sql") or is_tests(path) or _DOWN.search(path):
                continue
            try:
                text = self._model.tree.text(path)[:_MAX_FILE]
            except (OSError, UnicodeError):
                continue
            match = _CREATE.search(text)
            if match is not None:
                line = text.count("\n", 0, match.start()) + 1
                yield Source(path, line, _tables(text))

    def _scripts(self) -> Iterator[Source]:
        """Migrations written in JavaScript."""
        for path, module in self._model.modules.items():
            if module.language != "python" and _MIGRATIONS.search(path) and not is_tests(path):
                made = list(_creating(module))
                if made:
                    tables = frozenset(table for _, tables in made for table in tables)
                    yield Source(path, made[0][0].line, tables)

    @cached_property
    def _strings(self) -> tuple[tuple[str, s.Literal], ...]:
        """The texts in code that may name files of SQL."""
        return tuple(
            (path, node)
            for path, module in self._model.modules.items()
            if module.language != "python" and not is_tests(path)
            for node in s.walk(module)
            if isinstance(node, s.Literal)
            and isinstance(node.value, str)
            and len(node.value) < 200
            and "\n" not in node.value
            and ("/" in node.value or "." in node.value or _MIGRATIONS.search(f"{node.value}/"))
        )  # fmt: skip

    @cached_property
    def used(self) -> dict[str, tuple[str, int]]:
        """The tables that SQL text in modules which may be loaded reads or writes."""
        found: dict[str, tuple[str, int]] = {}
        named = self._named_by_builders
        for path, module in self._model.modules.items():
            if module.language == "python" or is_tests(path) or not self.reached.loads(path):
                continue
            made = {node.args[0].value for node, _ in _creating(module) if isinstance(node, s.Call)}
            for node in s.walk(module):
                if isinstance(node, s.Literal) and isinstance(node.value, str):
                    if node.value.lower() in named and node not in made:
                        found.setdefault(node.value.lower(), (path, node.line))
                    if _CREATE.search(node.value):
                        continue
                    for match in _USED.finditer(node.value):
                        found.setdefault(match[1].lower(), (path, node.line))
        return found

    @cached_property
    def _named_by_builders(self) -> frozenset[str]:
        """The tables that chains of a query builder may name, as texts of their own."""
        if not any(edge.package in ("knex", "kysely") for edge in self._model.import_edges):
            return frozenset()
        return frozenset(table for item in self.sources for table in item.tables)

    @cached_property
    def opened(self) -> tuple[str, s.Call, bool] | None:
        """Where the service opens its only database: a driver's call; whether that is SQLite."""
        found = [
            (scope.module.path, call, sqlite)
            for name in ("Database", "DatabaseSync", "open", "Pool", "Client", "postgres",
                         "createPool", "createConnection", "createClient", "knex")
            for call, scope in self._model.calls_named(name)
            if scope.module.language != "python" and not is_tests(scope.module.path)
            and (sqlite := self._kind(scope.module.path)) is not None
            and self.reached.loads(scope.module.path)
        ]  # fmt: skip
        return found[0] if found else None

    @cached_property
    def starts_empty(self) -> bool:
        """Does the service itself make the place of its SQLite file, or run in an image without
        one?"""
        if self.opened is None or not self.opened[2]:
            return False
        path = self.opened[0]
        own = any(file.endswith((".db", ".sqlite", ".sqlite3")) for file in self._model.tree.files)
        return not own and (
            any(
                scope.module.path == path
                for name in ("mkdirSync", "mkdir", "ensureDirSync", "ensureDir")
                for _, scope in self._model.calls_named(name)
            )
            or any(posixpath.basename(file) == "Dockerfile" for file in self._model.tree.files)
        )

    def _kind(self, path: str) -> bool | None:
        """Does the module import a driver of SQLite (True), or of a server (False)?"""
        packages = {edge.node.specifier for edge in self._model.imports_of(path)}
        if any(_SQLITE.match(item) for item in packages):
            return True
        return False if any(_SERVERS.match(item) for item in packages) else None


def tables_not_made(facts: Facts) -> Iterator[Defect]:
    """Text that would make the service's tables, and that nothing runs."""
    if has_python(facts) or not facts.stack.services:
        return
    ddl = Ddl(facts)
    before = Ddl(facts.base) if facts.base is not None else None
    if ddl.told.makes_tables or ddl.told.tools or not ddl.told.starts or ddl.opened is None:
        return
    if not ddl.sources and (before is None or not before.sources):
        return
    mapped = {(item.table or item.name).lower() for item in facts.entities if not item.abstract}
    missing = [
        table for table in ddl.used
        if table not in mapped and table not in ddl.running and not _BOOKKEEPING.search(table)
    ]  # fmt: skip
    yield from _left(ddl, before, missing)


def _left(ddl: Ddl, before: Ddl | None, missing: list[str]) -> Iterator[Defect]:
    sources = [item for item in ddl.sources if item.tables & set(missing) and not item.runs]
    if any(not item.read for item in sources if item.path.endswith(".sql")):
        return
    gone = sorted(before.running & set(missing)) if before is not None else []
    if gone and not sources:
        yield _removed(ddl, gone)
    by_end: dict[tuple[str, int], tuple[End, set[str], Source]] = {}
    for item in sources:
        for end in item.ends[:1]:
            key = end.path, end.node.line
            by_end.setdefault(key, (end, set(), item))[1].update(item.tables & set(missing))
    for end, tables, source in by_end.values():
        if end.kind != "test":
            yield _defect(ddl, end, sorted(tables), source, made_before=bool(gone))


def _defect(
    ddl: Ddl, end: End, tables: list[str], source: Source, *, made_before: bool
) -> Defect:  # fmt: skip
    assert ddl.opened is not None
    path, call, _ = ddl.opened
    first = tables[0]
    what, fix = _said(end)
    certain = end.kind != "module" or made_before or ddl.starts_empty
    related = [Related(path, call.line, "the service opens its database here")]
    if (source.path, source.line) != (end.path, end.node.line):
        related.append(Related(source.path, source.line, f"`{first}` would be made here"))
    user = ddl.used[first]
    return Defect(
        end.path,
        end.node,
        f"{_listed(tables)} never created: {what}.",
        f"On a fresh database the first statement on `{first}` ({user[0]}:{user[1]}) fails: no "
        "such table.",
        fix,
        "tables not created",
        tuple(related),
        None if certain else Severity.WARNING,
    )


def _removed(ddl: Ddl, tables: list[str]) -> Defect:
    assert ddl.opened is not None
    path, call, _ = ddl.opened
    user = ddl.used[tables[0]]
    return Defect(
        path,
        call,
        f"{_listed(tables)} not created any more: the code that did so where the service starts is "
        "gone, and nothing has come in its place.",
        f"On a fresh database the first statement on `{tables[0]}` ({user[0]}:{user[1]}) fails: no "
        "such table.",
        "Keep the statements that create the tables, or add migrations that run before the start.",
        "tables not created",
        (Related(*user, f"`{tables[0]}` is used here"),),
    )


def _said(end: End) -> tuple[str, str]:
    match end.kind:
        case "function":
            return (
                f"nothing calls {end.name}(), which would, and no command or document names "
                "another way",
                f"Call {end.name}() before the service listens.",
            )
        case "value":
            return (
                f"nothing runs the SQL in {end.name}, which would",
                f"Run {end.name} where the database is opened.",
            )
        case _:
            return (
                f"only {end.path} would, which nothing imports and no command or document names",
                f"Create the tables where the service starts, or add a script for {end.path} to "
                "package.json and run it before the start.",
            )


def _listed(tables: Iterable[str]) -> str:
    names = [f"`{item}`" for item in tables]
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    noun, verb = ("The table", "is") if len(names) == 1 else ("The tables", "are")
    return f"{noun} {', '.join(names[:4])}{more} {verb}"


def _creating(module: s.Module) -> Iterator[tuple[s.Node, frozenset[str]]]:
    """The texts and calls of a module that make tables."""
    inside: set[s.Node] = set()
    for node in s.walk(module):
        if node in inside:
            continue
        match node:
            case s.Template(parts=parts):
                inside.update(parts)
                text = "".join(
                    part.value if isinstance(part, s.Literal) and isinstance(part.value, str)
                    else "hole" for part in parts
                )  # fmt: skip
            case s.Literal(value=str(text)):
                pass
            case s.Call(
                func=s.Attribute(name="createTable" | "createTableIfNotExists"),
                args=[s.Argument(value=s.Literal(value=str(name))), *_],
            ):
                yield node, frozenset({name.lower()})
                continue
            case _:
                continue
        tables = _tables(text)
        if tables:
            yield node, tables


def _names_file(text: str, path: str) -> bool:
    """Does a text in code name a file, its folder of migrations, or all files of SQL?"""
    folder, name = posixpath.split(path)
    last = posixpath.basename(text.rstrip("/"))
    if last == name or (text in (".sql", "*.sql") and name.endswith(".sql")):
        return True
    return last == posixpath.basename(folder) and _MIGRATIONS.search(f"{last}/") is not None


def _tables(text: str) -> frozenset[str]:
    return frozenset(match[1].lower() for match in _CREATE.finditer(text))
