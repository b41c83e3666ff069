"""JavaScript: what a driver's call gives, read as something that it is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts

_LISTS: Final = frozenset({
    "map", "filter", "forEach", "reduce", "reduceRight", "find", "findIndex", "findLast", "some",
    "every", "flatMap", "flat", "slice", "splice", "concat", "join", "push", "pop", "shift",
    "unshift", "sort", "reverse", "includes", "indexOf", "at", "fill", "toSorted", "toReversed",
    "with", "copyWithin", "entries", "keys", "values", "findLastIndex", "lastIndexOf", "toSpliced",
})  # fmt: skip
#: Members that every object has.
_ANY: Final = frozenset({
    "constructor", "hasOwnProperty", "toString", "toLocaleString", "valueOf", "toJSON", "then",
    "catch", "finally", "isPrototypeOf", "propertyIsEnumerable", "__proto__",
})  # fmt: skip
ARRAY_MEMBERS: Final = _LISTS | _ANY | {"length"}
_PACKAGES: Final = frozenset({
    "better-sqlite3", "sqlite", "bun:sqlite", "pg", "mysql2", "node:sqlite",
})  # fmt: skip
_MAX_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a call gives, in words; ``members`` are those of an object (None: a row, with its
    columns), ``lists``: it is an array."""

    pattern: re.Pattern[str]
    what: str
    members: frozenset[str] | None
    lists: bool = False
    awaited: bool = False


_STATEMENT: Final = r"^(?:better-sqlite3\(\)|sqlite\.DatabaseSync\(\)|bun:sqlite\.Database\(\))"
_PREPARED: Final = _STATEMENT + r"\.(?:prepare|query)\(\)"
_CHANGES: Final = frozenset({"changes", "lastInsertRowid"})
_RESULT: Final = frozenset({
    "rows", "rowCount", "command", "fields", "oid", "rowAsArray",
})  # fmt: skip
_KINDS: Final = (
    _Kind(regex(_PREPARED + r"\.get$"), "one row", None),
    _Kind(regex(_PREPARED + r"\.all$"), "a list of rows", ARRAY_MEMBERS, lists=True),
    _Kind(regex(_PREPARED + r"\.run$"), "the number of changes", _CHANGES | _ANY),
    _Kind(regex(r"^sqlite\.open\(\)\.get$"), "one row", None, awaited=True),
    _Kind(regex(r"^sqlite\.open\(\)\.all$"), "a list of rows", ARRAY_MEMBERS, True, awaited=True),
    _Kind(regex(r"^pg\.(?:Pool|Client)\(\)\.query$"), "a result that holds the rows",
          _RESULT | _ANY, awaited=True),
    _Kind(regex(r"^mysql2\.(?:Pool|Connection)\(\)\.(?:query|execute)$"),
          "a list of the rows and the columns", ARRAY_MEMBERS, True, awaited=True),
)  # fmt: skip
_METHODS: Final = frozenset({"get", "all", "run", "query", "execute"})
#: What makes a statement give rows in another form.
_FORMS: Final = frozenset({"pluck", "raw", "expand", "setReturnArrays"})


@dataclass(frozen=True, slots=True)
class _Given:
    """What an expression surely is: the result of ``call`` (``waiting``: a promise of it)."""

    kind: _Kind
    call: s.Call
    path: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class _Misread:
    """What ``call`` gives is read in a way that it has not."""

    call: s.Call
    defect: Defect


class Results:
    """Answers for one program."""

    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._surroundings = facts.model.surroundings
        self._facts = facts
        self._of_function: dict[FunctionInfo, _Given | None] = {}

    @cached_property
    def _length(self) -> bool:
        """May a row have a column of that name?"""
        tables = self._facts.schema.tables.values()
        return any(table.column("length") is not None for table in tables)

    def misread(self) -> Iterator[Defect]:
        model = self._model
        used = {edge.package for edge in model.import_edges if not is_outside(edge.source)}
        if not used & _PACKAGES or any(model.calls_named(name) for name in _FORMS):
            return
        seen: set[tuple[str, s.Node]] = set()
        for path, module in sorted(model.modules.items()):
            if module.language == "python" or is_outside(path):
                continue
            for node in s.walk(module):
                found = self._wrong(path, node)
                if found is not None and (path, found.call) not in seen:
                    seen.add((path, found.call))
                    yield found.defect

    # --- uses ---

    def _wrong(self, path: str, node: s.Node) -> _Misread | None:
        match node:
            case s.Attribute(value=held, name=name):
                return self._attribute(path, node, held, name)
            case s.Subscript(value=held, index=s.Literal(value=int(number))):
                return self._as_list(path, node, held, f"[{number}]")
            case s.For(target=target, iter=held, is_async=False) if self._is_of(path, target, held):
                return self._as_list(path, held, held, "the loop")
            case s.Sequence(items=items):
                for item in items:
                    if isinstance(item, s.Starred):
                        return self._as_list(path, item, item.value, "the spread")
            case s.Assign(targets=[s.Sequence()], value=held) if held is not None:
                return self._as_list(path, node.targets[0], held, "the pattern in brackets")
            case s.Assign(targets=[s.Mapping(entries=entries) as target], value=held) if (
                held is not None
            ):
                names = [e.key.value for e in entries if isinstance(e.key, s.Literal)]
                return self._taken(path, target, held, [str(name) for name in names])
        return None

    def _is_of(self, path: str, target: s.Expr, held: s.Expr) -> bool:
        """``for (const row of rows)``, and not ``in``."""
        try:
            lines = self._model.tree.text(path).splitlines()
        except (OSError, UnicodeError):
            return False
        line, start, end = held.line - 1, target.span[3] - 1, held.span[1] - 1
        same = target.span[2] == held.line and line < len(lines)
        return same and lines[line][start:end].split()[-1:] == ["of"]

    def _attribute(self, path: str, node: s.Attribute, held: s.Expr, name: str) -> _Misread | None:
        if not isinstance(held, s.Name | s.Call | s.Await):
            return None
        if isinstance(held, s.Name) and name in _ANY:
            return None
        given = self._given(held, path)
        if given is None or given.waiting or self._is_set(path, node):
            return None
        members = given.kind.members
        if members is None:
            called = self._is_called(path, node) and name in _LISTS
            measured = name == "length" and not self._length
            return self._defect(path, node, given, f".{name}") if called or measured else None
        if name in members or self._is_reckoned_with(path, node, held, name):
            return None
        return self._defect(path, node, given, f".{name}")

    def _taken(
        self, path: str, node: s.Node, held: s.Expr, names: list[str]
    ) -> _Misread | None:  # fmt: skip
        given = self._given(held, path)
        if given is None or given.waiting or given.kind.members is None:
            return None
        missing = [name for name in names if name not in given.kind.members]
        return self._defect(path, node, given, f"`{missing[0]}`") if missing else None

    def _as_list(self, path: str, node: s.Node, held: s.Expr, how: str) -> _Misread | None:
        given = self._given(held, path)
        if given is None or given.waiting or given.kind.lists:
            return None
        return self._defect(path, node, given, how)

    def _is_reckoned_with(self, path: str, node: s.Node, held: s.Expr, name: str) -> bool:
        """Does the function set the property, or ask whether it is there?"""
        for enclosing in self._surroundings.of(path, node):
            if isinstance(enclosing.node, s.Function) and isinstance(held, s.Name):
                return any(
                    isinstance(other, s.Attribute)
                    and other.name == name
                    and isinstance(other.value, s.Name)
                    and other.value.id == held.id
                    and self._is_set(path, other)
                    for other in s.walk(enclosing.node)
                )
        return False

    def _is_called(self, path: str, node: s.Node) -> bool:
        around = next(self._surroundings.of(path, node), None)
        return around is not None and isinstance(around.node, s.Call) and around.branch == "func"

    def _is_set(self, path: str, node: s.Node) -> bool:
        """Is the property assigned, or only looked for?"""
        around = next(self._surroundings.of(path, node), None)
        if around is None:
            return True
        return (
            around.branch in ("targets", "target", "test")
            or (isinstance(around.node, s.Unary) and around.node.op in ("typeof", "delete", "not"))
            or (isinstance(around.node, s.Binary) and around.node.op in ("or", "??", "and", "in"))
        )

    # --- what an expression surely is ---

    def _given(self, expr: s.Expr, path: str) -> _Given | None:
        try:
            found = self._of(expr, self._model.scope_of(expr), 0)
        except KeyError:
            return None
        if found is not None and isinstance(expr, s.Name) and self._is_tested(path, expr):
            return None
        return found

    def _of(self, expr: s.Expr, scope: Scope, depth: int) -> _Given | None:
        if depth > _MAX_DEPTH:
            return None
        match expr:
            case s.Await(value=value):
                found = self._of(value, scope, depth + 1)
                return found and _Given(found.kind, found.call, found.path, False)
            case s.Name(id=name):
                bindings = self._model.bindings(name, scope)
                if len(bindings) != 1 or bindings[0].kind != "value" or bindings[0].path:
                    return None
                made = bindings[0].node
                if not isinstance(made, s.Await | s.Call):
                    return None
                return self._of(made, bindings[0].scope, depth + 1)
            case s.Call():
                return self._called(expr, scope, depth)
        return None

    def _called(self, call: s.Call, scope: Scope, depth: int) -> _Given | None:
        values = self._model.evaluate(call.func, scope)
        value = next(iter(values)) if len(values) == 1 else None
        if isinstance(value, ExternalValue):
            if not isinstance(call.func, s.Attribute) or call.func.name not in _METHODS:
                return None
            if _has_several(call) or _calls_back(call):
                return None
            for kind in _KINDS:
                if kind.pattern.match(value.path):
                    return _Given(kind, call, scope.module.path, kind.awaited)
        if isinstance(value, FunctionValue):
            return self._returned(value.function, depth + 1)
        return None

    def _returned(self, function: FunctionInfo, depth: int) -> _Given | None:
        """What a function of the tree gives, where all that it returns is of one kind."""
        if function in self._of_function:
            return self._of_function[function]
        self._of_function[function] = None
        node = function.node
        if not isinstance(node, s.Function) or node.is_generator:
            return None
        scope = self._model.function_scope(function)
        found = [self._of(item, scope, depth) for item in self._model.returned(function)]
        first = found[0] if found else None
        if first is None or any(item is None or item.kind is not first.kind for item in found):
            return None
        given = _Given(first.kind, first.call, first.path, first.waiting or node.is_async)
        self._of_function[function] = given
        return given

    def _is_tested(self, path: str, name: s.Name) -> bool:
        """Does the function ask what it is (``Array.isArray(rows)``, ``"rows" in result``)?"""
        for enclosing in self._surroundings.of(path, name):
            if not isinstance(enclosing.node, s.Function):
                continue
            for node in s.walk(enclosing.node):
                if isinstance(node, s.Call) and getattr(node.func, "name", "") == "isArray":
                    asked: list[s.Expr] = [item.value for item in node.args]
                elif isinstance(node, s.Binary) and node.op in ("in", "instanceof"):
                    asked = [node.left, node.right]
                else:
                    continue
                if any(isinstance(item, s.Name) and item.id == name.id for item in asked):
                    return True
        return False

    # --- saying it ---

    def _defect(self, path: str, node: s.Node, given: _Given, how: str) -> _Misread:
        made = given.call.func
        name = made.name if isinstance(made, s.Attribute) else "the call"
        related = []
        if (given.path, given.call.line) != (path, node.line):
            related.append(Related(given.path, given.call.line, f"{name}() is called here"))
        defect = Defect(
            path,
            spot(node),
            f"`{name}()` gives {given.kind.what}, and {how} is not there.",
            _why(given.kind, how),
            _fix(given.kind, name),
            f"{name} read with {how}",
            tuple(related),
        )
        return _Misread(given.call, defect)


def _why(kind: _Kind, how: str) -> str:
    raises = how.startswith("the ") or (kind.members is None and how.startswith("."))
    if raises and how != ".length":
        return "It raises TypeError each time the line runs, and the request answers 500."
    return "It is undefined on every request, whatever the database holds."


def _fix(kind: _Kind, name: str) -> str:
    if kind.members is None:
        return f"Use `all()` for a list, or read the columns of the row that `{name}()` gives."
    if kind.what == "a list of rows":
        return f"Use `get()` for one row, or go through the list that `{name}()` gives."
    if kind.lists:
        return "Take the rows out of it: `const [rows] = await …`."
    if "changes" in kind.members:
        return "It has `changes` and `lastInsertRowid`."
    return "Take the rows out of it: `const { rows } = await …`."


def _has_several(call: s.Call) -> bool:
    """Are there several statements in the text? Then there are several results."""
    first = call.argument(0)
    return any(
        isinstance(node, s.Literal)
        and isinstance(node.value, str)
        and ";" in node.value.strip("; \n")
        for node in (s.walk(first) if first is not None else ())
    )


def _calls_back(call: s.Call) -> bool:
    return any(isinstance(item.value, s.FunctionExpr) for item in call.args)
