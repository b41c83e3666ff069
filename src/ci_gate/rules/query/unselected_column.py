from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import HOLE
from ci_gate.codemodel.dataflow.events import ColumnRead, Ran, Run
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.nodedrivers import DRIVERS as NODE_DRIVERS
from ci_gate.codemodel.sql import parse
from ci_gate.codemodel.sqldrivers import DRIVERS
from ci_gate.codemodel.sqlresults import ResultNames, result_names
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.sqltext import Hole, Str, Text
from ci_gate.findings import Finding, Related
from ci_gate.rules._caught import is_expected
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._script_reads import is_plain
from ci_gate.rules.query._sql import near

_MANY: Final = 8
#: Rows that the program can put more into.
_CHANGING: Final = ("dict", "object")


class UnselectedColumn(Rule):
    """Code reads a column of a row that the statement does not give.

    `SELECT id, title FROM posts` and, perhaps in another module, `row["body"]`.

    ## Why is this bad?
    In Python the line raises `KeyError` (`IndexError` with `sqlite3.Row`) as soon as there is a
    row, and the endpoint answers 500; a test on an empty table never gets there. In Node the value
    is undefined, and the answer lacks it.

    ## Fix
    Name the column in the statement, or read one of the names that it gives. PostgreSQL makes
    names small that are not quoted: `AS createdAt` gives `createdat`.

    ## Silent on
    Statements of which a part is not known, `*` of tables that are not known in full, columns
    without a name (`count(*)`), rows that may come from something else, a key that the program
    itself puts into a dict somewhere, reads under a handler for the error or after a question for
    the key, and rows that are plain tuples (orm/row-as-mapping). In Node: values with a fallback
    (`??`, `||`), functions that make objects of rows where a row of another statement has the
    column or is not known, requests other than GET, and drivers other than pg, mysql2 and those of
    SQLite.

    ## Source
    Python, `sqlite3.Row`; asyncpg, "Record Objects"; psycopg, "Row factories"; PostgreSQL,
    "Identifiers and Key Words" (names that are not quoted are folded to lower case); node-postgres,
    "Result"; better-sqlite3, "API".
    """

    id = "query/unselected-column"
    group = "query"
    languages: ClassVar = ("python", "javascript", "typescript")
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        results = _Results(facts)
        kept = _Kept(facts.model)
        for reads in _by_node(facts).values():
            run, event = reads[0]
            if event.row.kind == "object":
                sure = all(results.lack(other) for _, other in reads)
                if not sure or not is_plain(facts.model, reads):
                    continue
            else:
                lacking = [item for item in reads if results.lack(item[1])]
                if not lacking or is_expected(event.place) or _is_asked_for(event):
                    continue
                run, event = lacking[0]
            if event.row.kind in _CHANGING and event.name in kept.keys:
                continue
            yield self._found(results, run, event)

    def _found(self, results: _Results, run: Run, event: ColumnRead) -> Finding:
        name, place = event.name, event.place
        given = results.given(event)
        related = []
        source = results.place(run, event)
        if source is not None and source != (place.path, place.node.line):
            related.append(Related(*source, "the statement"))
        for node, function in place.calls[-1:]:
            related.append(Related(function.module.path, node.line, "called from here"))
        like = near(name, given)
        instead = f", or read `{like}`" if like is not None else ""
        return self.finding(
            place.path,
            spot(place.node),
            message=f"The row has no column `{name}`: its statement gives {_listed(given)}.",
            why=_why(run, event),
            fix=f"Name `{name}` in the statement{instead}.",
            subject=f"{place.function.name} {name}",
            related=related,
        )


class _Results:
    """What the statements of a program give, each read once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._names: dict[tuple[str, str], ResultNames | None] = {}

    def lack(self, event: ColumnRead) -> bool:
        """Is it sure that none of the row's statements gives the column that is read?"""
        found = [self._of(text, event.row.driver) for text in event.row.texts]
        return bool(found) and all(names is not None and event.name not in names for names in found)

    def given(self, event: ColumnRead) -> list[str]:
        """The names that the row has; of several statements, the first one's."""
        names = self._of(event.row.texts[0], event.row.driver)
        return names.all() if names is not None else []

    def place(self, run: Run, event: ColumnRead) -> tuple[str, int] | None:
        """Where the row's statement is written, else where it ran."""
        facts, text = self._facts, event.row.texts[0]
        for read in facts.sql.all if HOLE not in text else ():
            for variant in read.variants:
                if variant.parsed.rendered.text == text and variant.parsed.statements:
                    first = next(variant.parsed.statements[0].find_all(exp.Identifier), None)
                    offset = variant.parsed.offset_of(first) if first is not None else None
                    written = facts.sql.place(variant, offset)
                    if written is not None:
                        return written.path, written.line
        for other in run.events:
            if isinstance(other, Ran) and text in other.texts:
                return other.place.path, other.place.node.line
        return None

    def _of(self, text: str, driver: str) -> ResultNames | None:
        key = (text, driver)
        if key not in self._names:
            self._names[key] = self._read(text, driver)
        return self._names[key]

    def _read(self, text: str, name: str) -> ResultNames | None:
        driver = DRIVERS.get(name) or NODE_DRIVERS.get(name)
        if driver is None or driver.dialect is None:
            return None
        pieces: list[Str | Hole] = []
        for number, part in enumerate(text.split(HOLE)):
            pieces += [Hole(None), Str(part)] if number else [Str(part)]
        parsed = parse(Text(tuple(pieces)), driver, driver.dialect)
        if len(parsed.statements) != 1:
            return None
        return result_names(parsed.statements[0], driver.dialect, self._columns)

    def _columns(self, table: str) -> Iterable[str] | None:
        known = self._facts.schema.table(table)
        if known is None or not known.complete:
            return None
        return [column.name for column in known.columns.values()]


class _Kept:
    """The keys that the program puts into rows and dicts that it already has."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model

    @cached_property
    def keys(self) -> frozenset[str]:
        found: set[str] = set()
        for module in self._model.modules.values():
            for assign in self._model.nodes_of(module, s.Assign):
                for target in assign.targets:
                    found.update(map(_key, s.walk(target)))
            for call in self._model.nodes_of(module, s.Call):
                found.update(_updated(call))
        return frozenset(found)


def _by_node(facts: Facts) -> dict[s.Node, list[tuple[Run, ColumnRead]]]:
    """The reads of columns, by the place in the source."""
    found: dict[s.Node, list[tuple[Run, ColumnRead]]] = {}
    scripts = ((run, event) for run in facts.flows.of_scripts for event in run.unbroken())
    for run, event in chain(facts.flows.unbroken(), scripts):
        if isinstance(event, ColumnRead):
            found.setdefault(event.place.node, []).append((run, event))
    return found


def _is_asked_for(event: ColumnRead) -> bool:
    """``"title" in row``, in the same function."""
    return any(
        isinstance(node, s.Binary)
        and node.op in ("in", "not in")
        and isinstance(node.left, s.Literal)
        and node.left.value == event.name
        for node in s.walk(event.place.function.node)
    )


def _key(node: s.Node) -> str:
    match node:
        case s.Subscript(index=s.Literal(value=str(name))) | s.Attribute(name=name):
            return name
    return ""


def _updated(call: s.Call) -> Iterable[str]:
    name = call.func.name if isinstance(call.func, s.Attribute) else ""
    if name not in ("setdefault", "update"):
        return
    for argument in call.args:
        match argument.value:
            case s.Literal(value=str(key)):
                yield key
            case s.Mapping(entries=entries):
                for item in entries:
                    if isinstance(item.key, s.Literal):
                        yield str(item.key.value)
        if argument.keyword:
            yield argument.keyword


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_MANY])
    return f"{shown} and {len(names) - _MANY} more" if len(names) > _MANY else shown


def _why(run: Run, event: ColumnRead) -> str:
    if event.row.kind == "object":
        return f"It is undefined in every row that {entry(run)} reads."
    error = "IndexError" if event.row.kind == "sqlite-row" else "KeyError"
    return f"The line raises {error}: {entry(run)} fails as soon as there is a row."
