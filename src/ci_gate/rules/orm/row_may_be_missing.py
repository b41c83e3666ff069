from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import sqltexts
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sqlstatements import ReadCall
from ci_gate.codemodel.values import FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._optional_chains import optional_chains
from ci_gate.rules.base import Facts, Rule

_NOTHING: Final = frozenset({"null", "undefined"})
_METHODS: Final = frozenset({"get", "query", "execute"})
_MAX_ANNOTATION: Final = 6


@dataclass(frozen=True, slots=True)
class _Used:
    """``row`` is read as if it were there: at ``node``, its property ``name``."""

    row: s.Expr
    node: s.Node
    name: str
    reader: FunctionInfo | None


class RowMayBeMissing(Rule):
    """A lookup reads the row that it finds without a look whether there is one, and its callers
    reckon with none.

    `return toIssue(rows[0]!)`, where callers test `if (!issue)`.

    ## Why is this bad?
    For a key that does not exist there is no row: reading a property of undefined is a TypeError,
    and the client gets 500 where 404 is meant. The test of the callers never comes to run.

    ## Fix
    Return null where there is no row: `return rows[0] ? toIssue(rows[0]) : null`.

    ## Silent on
    Functions whose callers do not ask and whose written type leaves no room for null; statements
    that always give a row (aggregates, RETURNING); functions that look at the rows or their number
    in any way; optional chaining; functions that return one column, which may be null itself.

    ## Source
    node-postgres, "Result": `rows` is empty where nothing matches; better-sqlite3, "get": undefined
    where no row is found.
    """

    id = "orm/row-may-be-missing"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        look = _Look(facts)
        for read in facts.sql.all:
            function = read.call.function
            if function.module.language == "python" or is_outside(read.call.path):
                continue
            if read.call.method not in _METHODS or not _may_find_none(read):
                continue
            used = look.used(function, read)
            expects = look.expected(function) if used is not None else None
            if used is not None and expects is not None:
                yield self._found(function, read, used, expects)

    def _found(
        self, function: FunctionInfo, read: ReadCall, used: _Used, expects: Related
    ) -> Finding:
        path = function.module.path
        reader = f"{used.reader.name}()" if used.reader is not None else "this line"
        related = [Related(path, read.call.node.line, "the query"), expects]
        if used.reader is not None:
            place = used.reader.module.path
            related.append(Related(place, used.node.line, f"`{used.name}` is read here"))
        return self.finding(
            path,
            used.row,
            message=(
                f"{function.name}() takes the row for granted: where none is found, {reader} reads "
                f"`{used.name}` of undefined."
            ),
            why="It is a TypeError and status 500, where its callers mean to answer that there is "
            "nothing.",
            fix="Return null where there is no row.",
            subject=f"{function.name} without a row",
            related=related,
        )


def _may_find_none(read: ReadCall) -> bool:
    texts = [variant.parsed.rendered.text for variant in read.variants]
    return sqltexts.kind(texts) == "read" and all(
        not sqltexts.counts(text) and " where " in " ".join(text.lower().split())
        for text in map(sqltexts.plainly, texts)
    )


class _Look:
    """What the functions of one program do with rows."""

    def __init__(self, facts: Facts) -> None:
        self._model: CodeModel = facts.model
        self._surroundings = facts.model.surroundings
        self._chains = optional_chains(facts)

    # --- the row ---

    def used(self, function: FunctionInfo, read: ReadCall) -> _Used | None:
        """The one place that reads the row, where nothing else looks at it."""
        node = function.node
        if not isinstance(node, s.Function) or node.is_generator:
            return None
        names = _names(node, read.call.node)
        rows = read.call.method != "get"
        if names is None or _is_looked_at(node, names, parts=rows):
            return None
        for statement in node.body:
            if isinstance(statement, s.Return) and isinstance(statement.value, s.Attribute):
                return None  # it is the column that may be null
            if isinstance(statement, s.Return | s.Assign | s.ExprStmt):
                for part in _always(statement):
                    found = self._use(function, part, read, names)
                    if found is not None:
                        return found
        return None

    def _use(
        self, function: FunctionInfo, part: s.Node, read: ReadCall, names: frozenset[str]
    ) -> _Used | None:
        match part:
            case s.Attribute(value=row, name=name) if _is_row(row, read, names):
                if not self._chains.has(function.module.path, part):
                    return _Used(row, part, name, None)
            case s.Call(args=args):
                for position, argument in enumerate(args):
                    if not argument.star and _is_row(argument.value, read, names):
                        return self._handed(part, position, argument.value)
        return None

    def _handed(self, call: s.Call, position: int, row: s.Expr) -> _Used | None:
        values = self._model.evaluate(call.func)
        value = next(iter(values)) if len(values) == 1 else None
        node = value.function.node if isinstance(value, FunctionValue) else None
        if not isinstance(value, FunctionValue) or not isinstance(node, s.Function):
            return None
        if position >= len(node.params):
            return None
        param = node.params[position]
        if param.default is not None or not param.name:
            return None
        if _is_looked_at(node, frozenset({param.name}), parts=False):
            return None
        for statement in node.body:
            for part in _always(statement):
                match part:
                    case s.Attribute(value=s.Name(id=held), name=name) if held == param.name:
                        optional = self._chains.has(value.function.module.path, part)
                        return None if optional else _Used(row, part, name, value.function)
        return None

    # --- what is expected ---

    def expected(self, function: FunctionInfo) -> Related | None:
        """Where it is said, or seen, that there may be nothing."""
        node, path = function.node, function.module.path
        if isinstance(node, s.Function) and node.returns is not None and _has_null(node.returns, 0):
            return Related(path, node.line, "its type says that it may be null")
        for edge in self._model.callers(function):
            if edge.reason == "call" and isinstance(edge.node, s.Call):
                place = self._tested(edge.caller, edge.node)
                if place is not None:
                    return Related(edge.caller.module.path, place.line, "the caller asks for it")
        return None

    def _tested(self, caller: FunctionInfo, call: s.Call) -> s.Node | None:
        """Where a caller asks whether it got anything."""
        for enclosing in self._surroundings.of(caller.module.path, call):
            around = enclosing.node
            if isinstance(around, s.Await):
                continue
            if isinstance(around, s.Assign) and isinstance(around.targets[0], s.Name):
                name = around.targets[0].id
                return next(
                    (
                        item.test
                        for item in s.walk(caller.node, into_functions=False)
                        if isinstance(item, s.If) and _asks(item.test, name)
                    ),
                    None,
                )
            return None
        return None


def _names(node: s.Function, call: s.Node) -> frozenset[str] | None:
    """The variables that hold what the call gives; None where it goes elsewhere too."""
    for statement in node.body:
        match statement:
            case s.Assign(targets=[target], value=value) if value is not None:
                inner = value.value if isinstance(value, s.Await) else value
                if inner is call:
                    found = {part.id for part in s.walk(target) if isinstance(part, s.Name)}
                    return frozenset(found)
            case s.Return(value=value) if value is not None and any(
                part is call for part in s.walk(value)
            ):
                return frozenset()
    return None


def _is_row(expr: s.Expr, read: ReadCall, names: frozenset[str]) -> bool:
    """``rows[0]``, ``result.rows[0]``; with ``get`` the result itself."""
    if read.call.method == "get":
        return expr is read.call.node or (isinstance(expr, s.Name) and expr.id in names)
    match expr:
        case s.Subscript(value=s.Name(id=name), index=s.Literal(value=0)):
            return name in names
        case s.Subscript(
            value=s.Attribute(value=s.Name(id=name), name="rows"), index=s.Literal(value=0)
        ):
            return name in names
    return False


def _is_looked_at(node: s.Function, names: frozenset[str], *, parts: bool) -> bool:
    """Does a condition speak of one of the names, or (``parts``) of something in it?"""
    for part in s.walk(node):
        match part:
            case s.If(test=test) | s.Conditional(test=test) | s.While(test=test) if (
                test is not None
            ):
                asked: s.Node = test
            case s.Binary(op="and" | "or" | "??", left=left):
                asked = left
            case s.Switch(subject=subject):
                asked = subject
            case s.Try():
                return True
            case _:
                continue
        inner = {
            item.value
            for item in s.walk(asked)
            if isinstance(item, s.Attribute | s.Subscript) and not parts
        }
        if any(
            isinstance(item, s.Name) and item.id in names and item not in inner
            for item in s.walk(asked)
        ):
            return True
    return False


def _always(statement: s.Node) -> Iterator[s.Node]:
    """What surely runs when the statement does."""
    stack: list[s.Node] = [statement]
    while stack:
        node = stack.pop()
        yield node
        match node:
            case s.Function() | s.Class() | s.For() | s.While() | s.Try() | s.Switch():
                continue
            case s.If(test=test) | s.Conditional(test=test):
                stack.append(test)
            case s.Binary(op="and" | "or" | "??", left=left):
                stack.append(left)
            case _:
                stack.extend(reversed(s.children(node)))


def _asks(test: s.Expr, name: str) -> bool:
    """``!issue``, ``issue === null``."""
    match test:
        case s.Unary(op="not", value=s.Name(id=held)):
            return held == name
        case s.Binary(op="==" | "!=", left=s.Name(id=held), right=s.Literal(value=None)):
            return held == name
        case s.Binary(op="or" | "and", left=left, right=right):
            return _asks(left, name) or _asks(right, name)
    return False


def _has_null(annotation: s.Expr, depth: int) -> bool:
    """``Issue | null``, ``Promise<Issue | undefined>``."""
    match annotation:
        case s.Name(id=name):
            return name in _NOTHING
        case s.Literal(value=None):
            return True
        case s.Binary(op="|", left=left, right=right) if depth < _MAX_ANNOTATION:
            return _has_null(left, depth + 1) or _has_null(right, depth + 1)
        case s.Subscript(value=s.Name(id="Promise"), index=index):
            return _has_null(index, depth + 1)
    return False
