from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.sqlstatements import ReadCall
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._sql import calls

#: Drivers whose result has the rows under `rows`, and those whose result is the rows.
_RESULTS: Final = frozenset({"pg", "@vercel/postgres", "@neondatabase/serverless"})
_LISTS: Final = frozenset({"postgres"})
_CALLS: Final = regex(
    r"^(?:pg\.(?:Pool|Client)\(\)|@vercel/postgres\.(?:\w+\(\)|sql)"
    r"|@neondatabase/serverless\.(?:Pool|Client)\(\))\.query$"
)
_MAX_DEPTH: Final = 8
#: What is the same for every row.
_OF_LIST: Final = frozenset({"map", "find", "at", "shift", "pop", "forEach", "reduce", "flatMap"})

_What = Literal["result", "rows", "row"]


@dataclass(frozen=True, slots=True)
class _Part:
    """An expression is what a call gives, or a part of that."""

    what: _What
    call: s.Node


class NothingReturned(Rule):
    """A row is read of an INSERT, UPDATE or DELETE that has no RETURNING.

    `const { rows } = await pool.query("INSERT INTO posts …")` and then `rows[0].id`, also where a
    function of the project's own runs the text and gives the row.

    ## Why is this bad?
    The statement stores what it should, and gives no row: `rows[0]` is undefined, and reading a
    column of it raises TypeError after the row was written. The client gets a 500, tries again, and
    writes a second row.

    ## Fix
    Add `RETURNING id` (or `RETURNING *`) to the statement. For the number of rows, read `rowCount`
    (`count` with postgres.js).

    ## Silent on
    Text of which a part is not known or that differs by path, several statements in one text,
    functions that do more with the result than to hand a part of it on, drivers other than those of
    PostgreSQL.

    ## Source
    PostgreSQL, "Returning Data from Modified Rows"; node-postgres, "Result"; postgres.js,
    "Queries".
    """

    id = "query/nothing-returned"
    group = "query"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        writes: dict[s.Node, ReadCall] = {
            read.call.node: read for read in calls(facts) if _gives_nothing(read)
        }
        if not writes:
            return
        parts = _Parts(facts, writes)
        done: set[s.Node] = set()
        functions = dict.fromkeys(read.call.function for read in writes.values())
        for function in functions:
            for node in s.walk(function.node):
                found = parts.read(node)
                if found is not None and found.call not in done:
                    done.add(found.call)
                    yield self._found(writes[found.call], node)

    def _found(self, read: ReadCall, node: s.Node) -> Finding:
        call = read.call
        word = read.variants[0].parsed.statements[0].key.upper()
        related = [Related(call.path, call.node.line, f"the {word}")]
        return self.finding(
            call.path,
            spot(node),
            message=f"A row is read here, and the {word} has no RETURNING: it gives none.",
            why=f"The row is undefined after each {word}: what is read of it raises TypeError or "
            "is missing in the answer, though the change is stored.",
            fix=f"Add `RETURNING` with the columns that are read to the {word}.",
            subject=f"{call.function.name} {word}",
            related=related if call.node.line != node.line else [],
        )


def _gives_nothing(read: ReadCall) -> bool:
    call = read.call
    if not call.runs or call.driver is None or not read.variants:
        return False
    if call.driver.name not in _RESULTS | _LISTS:
        return False
    for variant in read.variants:
        parsed = variant.parsed
        if parsed.error is not None or parsed.holes or len(parsed.statements) != 1:
            return False
        statement = parsed.statements[0]
        if not isinstance(statement, exp.Insert | exp.Update | exp.Delete):
            return False
        if statement.args.get("returning") is not None:
            return False
    return True


class _Parts:
    """What expressions are of the result of a statement."""

    def __init__(self, facts: Facts, writes: dict[s.Node, ReadCall]) -> None:
        self._model = facts.model
        self._writes = writes
        self._of_function: dict[FunctionInfo, _What | None] = {}

    def read(self, node: s.Node) -> _Part | None:
        """The statement of which the node reads a row."""
        match node:
            case s.Subscript(value=held, index=s.Literal(value=int())):
                return self._is(held, "rows")
            case s.Attribute(value=held, name=name) if name in _OF_LIST:
                return self._is(held, "rows") or self._is(held, "row")
            case s.Attribute(value=held):
                return self._is(held, "row")
            case s.Assign(targets=[s.Sequence(items=[_, *_])], value=held) if held is not None:
                return self._is(held, "rows")
            case s.Assign(targets=[s.Mapping()], value=held) if held is not None:
                return self._is(held, "row")
        return None

    def _is(self, expr: s.Expr, what: _What) -> _Part | None:
        try:
            scope = self._model.scope_of(expr)
        except KeyError:
            return None
        found = self._of(expr, scope, 0)
        known = found is not None and found.what == what and found.call in self._writes
        return found if known else None

    def _of(self, expr: s.Node, scope: Scope, depth: int) -> _Part | None:
        if depth > _MAX_DEPTH:
            return None
        match expr:
            case s.Await(value=value):
                return self._of(value, scope, depth + 1)
            case s.Binary(op="??" | "or" | "||", left=left, right=s.Literal(value=None)):
                return self._of(left, scope, depth + 1)
            case s.Attribute(value=value, name="rows"):
                return _taken(self._of(value, scope, depth + 1), "result", "rows")
            case s.Subscript(value=value, index=s.Literal(value=int())):
                return _taken(self._of(value, scope, depth + 1), "rows", "row")
            case s.Name(id=name):
                bindings = self._model.bindings(name, scope)
                return self._bound(bindings[0], depth) if len(bindings) == 1 else None
            case s.Template() if expr in self._writes:
                return _Part("rows", expr)
            case s.Call():
                what = self._given(expr, scope, depth + 1)
                return _Part(what, expr) if what is not None else None
        return None

    def _bound(self, binding: Binding, depth: int) -> _Part | None:
        if binding.kind != "value":
            return None
        found = self._of(binding.node, binding.scope, depth + 1)
        for step in binding.path:
            if found is not None and found.what == "result":
                found = _taken(found, "result", "rows") if step[1] == "rows" else None
            else:
                found = _taken(found, "rows", "row") if step[0] == "index" else None
        return found

    def _given(self, call: s.Call, scope: Scope, depth: int) -> _What | None:
        values = self._model.evaluate(call.func, scope)
        found: set[_What | None] = set()
        for value in values:
            if isinstance(value, ExternalValue):
                found.add("result" if _CALLS.match(value.path) else None)
            elif isinstance(value, FunctionValue):
                found.add(self._returned(value.function, depth))
            else:
                found.add(None)
        return found.pop() if len(found) == 1 else None

    def _returned(self, function: FunctionInfo, depth: int) -> _What | None:
        """What of the result a function hands on, where it does nothing else with it."""
        if function not in self._of_function:
            self._of_function[function] = None
            node = function.node
            if isinstance(node, s.Function) and not node.is_generator:
                scope = self._model.function_scope(function)
                self._of_function[function] = _alike(
                    self._of(item, scope, depth) for item in self._model.returned(function)
                )
        return self._of_function[function]


def _alike(parts: Iterator[_Part | None]) -> _What | None:
    found = {part.what if part is not None else None for part in parts}
    return found.pop() if len(found) == 1 else None


def _taken(part: _Part | None, of: _What, gives: _What) -> _Part | None:
    return _Part(gives, part.call) if part is not None and part.what == of else None
