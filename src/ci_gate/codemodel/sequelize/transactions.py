"""What runs inside a transaction, and whether it is given it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.queries import WRITES, Query
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.sequelize.models import Models

_MISNAMED = frozenset({"tx", "trx", "t", "txn", "trans", "session"})
_MAX_DEPTH: Final = 7
#: Writing methods of instances -> the position of their options.
_INSTANCE: Final = {"save": 0, "destroy": 0, "restore": 0, "update": 1, "increment": 1,
                    "decrement": 1}  # fmt: skip
_ACCESSORS: Final = ("add", "set", "remove", "create")
_WRITING: Final = regex(r"\s*(?:insert|update|delete)\b", re.IGNORECASE)
#: Calls whose callback runs when the transaction is over.
_LATER: Final = frozenset({
    "afterCommit", "setTimeout", "setInterval", "setImmediate", "nextTick", "queueMicrotask",
})  # fmt: skip
#: Methods of an open transaction that open one inside it, which their callback is given.
_NESTED: Final = frozenset({"transaction", "savepoint", "execute", "begin"})


@dataclass(frozen=True, slots=True)
class Outside:
    """A write that runs while a transaction is open, and outside of it. ``opened`` is the call that
    opens the transaction. ``given``: the write takes a transaction from its caller, which gives it
    none at ``call``. ``reads``: it is no write, but asks for rows of a model that the transaction
    has written before."""

    what: str
    call: s.Call
    scope: Scope
    opened: s.Call
    opened_in: Scope
    given: tuple[s.Call, Scope] | None = None
    reads: bool = False


@dataclass(slots=True)
class Visit:
    """A function to follow: the names that hold the transaction there, and the lines of it that run
    while the transaction is open."""

    function: FunctionInfo
    carriers: frozenset[str]
    depth: int
    opened: tuple[s.Call, Scope]
    called: tuple[s.Call, Scope] | None = None
    after: int = 0
    until: int = 10**9


@dataclass(slots=True)
class Transactions:
    models: Models
    _seen: set[tuple[FunctionInfo, frozenset[str]]] = field(default_factory=set)

    def outside(self) -> Iterator[Outside]:
        model = self.models.model
        if not self.models.all or model.calls_named("useCLS"):
            return
        for call, scope in model.calls_named("transaction"):
            if scope.module.language == "python" or is_outside(scope.module.path):
                continue
            if isinstance(call.func, s.Attribute) and self._is_sequelize(call.func.value, scope):
                for visit in self._starts(call, scope):
                    yield from self._visit(visit)

    def _is_sequelize(self, expr: s.Expr, scope: Scope) -> bool:
        values = self.models.model.evaluate(expr, scope)
        if values:
            return any(
                isinstance(item, ExternalValue) and item.path == "sequelize.Sequelize()"
                for item in values
            )
        name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
        return name == "sequelize"

    def _starts(self, call: s.Call, scope: Scope) -> Iterator[Visit]:
        """The functions that run inside, with the names that hold the transaction there."""
        callbacks = [
            item.value for item in call.args if not isinstance(item.value, s.Mapping)
        ]  # fmt: skip
        for value in self.models.model.evaluate(callbacks[-1], scope) if callbacks else ():
            if isinstance(value, FunctionValue) and isinstance(value.function.node, s.Function):
                names = bound(value.function.node.params[:1])
                yield Visit(value.function, names, 0, (call, scope))
        if callbacks:
            return
        for enclosing in self.models.origins.surroundings.of(scope.module.path, call):
            node = enclosing.node
            if isinstance(node, s.Assign) and isinstance(node.targets[0], s.Name):
                name = node.targets[0].id
                ends = [
                    item.line
                    for item in s.walk(scope.function.node)
                    if isinstance(item, s.Call)
                    and isinstance(item.func, s.Attribute)
                    and item.func.name == "commit"
                    and isinstance(item.func.value, s.Name)
                    and item.func.value.id == name
                ]
                if ends and isinstance(scope.function.node, s.Function):
                    yield Visit(scope.function, frozenset({name}), 0, (call, scope), None,
                                 call.line, max(ends))  # fmt: skip
                return
            if not isinstance(node, s.Await):
                return

    # --- following ---

    def _visit(self, visit: Visit) -> Iterator[Outside]:
        key = visit.function, visit.carriers
        if key in self._seen or visit.depth > _MAX_DEPTH:
            return
        self._seen.add(key)
        node = visit.function.node
        assert isinstance(node, s.Function)
        carriers = _derived(node, visit.carriers)
        yield from self._reads(visit, node, carriers)
        for part in _own_nodes(node):
            if not isinstance(part, s.Call) or not visit.after < part.line <= visit.until:
                continue
            try:
                scope = self.models.model.scope_of(part)
            except KeyError:
                continue
            yield from self._called(visit, part, scope, carriers)

    def _reads(self, visit: Visit, node: s.Function, carriers: frozenset[str]) -> Iterator[Outside]:
        """Queries without the transaction for rows that the function has written with it."""
        asked: list[Query] = []
        written: dict[SequelizeModel, int] = {}
        for part in _own_nodes(node):
            query = self.models.queries.of_call.get(part)
            if query is None or not visit.after < query.call.line <= visit.until:
                continue
            forwarded = any(mentions(item.value, carriers) for item in query.call.args)
            if forwarded and query.method in WRITES:
                line = query.call.span[2]
                written[query.model] = min(line, written.get(query.model, line))
            elif query.reads and not forwarded and self.models.queries.lacks(query, "transaction"):
                asked.append(query)
        for query in asked:
            if written.get(query.model, query.call.line) < query.call.line:
                what = f"{query.model.name}.{query.method}"
                yield Outside(what, query.call, query.scope, *visit.opened, reads=True)

    def _called(
        self, visit: Visit, call: s.Call, scope: Scope, carriers: frozenset[str]
    ) -> Iterator[Outside]:
        if mentions(call.func, carriers):
            return
        forwarded = any(mentions(item.value, carriers) for item in call.args)
        what = self._write(call, scope)
        if what is not None:
            label, lacks, takes = what
            if forwarded and not (lacks and _is_misnamed(call, carriers)):
                return
            if lacks:
                yield Outside(label, call, scope, *visit.opened)
            elif takes and visit.called is not None:
                yield Outside(label, call, scope, *visit.opened, visit.called)
            return
        for function in self._callees(call, scope):
            inner = _carried(function, call, carriers)
            if inner is not None:
                yield from self._visit(
                    Visit(function, inner, visit.depth + 1, visit.opened, (call, scope))
                )

    def _callees(self, call: s.Call, scope: Scope) -> Iterator[FunctionInfo]:
        found = [
            item.function
            for item in self.models.model.evaluate(call.func, scope)
            if isinstance(item, FunctionValue)
            and isinstance(item.function.node, s.Function)
            and not is_outside(item.function.module.path)
        ]
        if len(found) == 1 or isinstance(call.func, s.Name):
            yield from found

    def _write(self, call: s.Call, scope: Scope) -> tuple[str, bool, bool] | None:
        """What a call writes, whether it surely gets no transaction, and whether it hands on one
        that its function is given."""
        query = self.models.queries.of_call.get(call)
        if query is not None:
            if query.method not in WRITES:
                return "", False, False
            lacks = self.models.queries.lacks(query, "transaction")
            given = self.models.queries.option(query, "transaction")
            return (
                f"{query.model.name}.{query.method}",
                lacks,
                bool(given) and all(self._is_parameter(*item) for item in given),
            )
        return self._raw_write(call, scope) or self._instance_write(call, scope)

    def _raw_write(self, call: s.Call, scope: Scope) -> tuple[str, bool, bool] | None:
        """``sequelize.query('UPDATE …')``."""
        func, text = call.func, call.argument(0)
        if not isinstance(func, s.Attribute) or func.name != "query" or text is None:
            return None
        first = text.parts[0] if isinstance(text, s.Template) and text.parts else text
        if not isinstance(first, s.Literal) or not _WRITING.match(str(first.value)):
            return None
        if not self._is_sequelize(func.value, scope) or any(item.star for item in call.args):
            return None
        options = call.argument(1)
        return "sequelize.query", options is None or _is_without_transaction(options), False

    def _instance_write(self, call: s.Call, scope: Scope) -> tuple[str, bool, bool] | None:
        if not isinstance(call.func, s.Attribute):
            return None
        name = call.func.name
        accessor = name.startswith(_ACCESSORS) and name[3:4] != ""
        if name not in _INSTANCE and not accessor:
            return None
        for rows, _ in self.models.rows.of(call.func.value, scope):
            model = rows.query.model
            if rows.many or rows.what != "rows":
                continue
            if accessor and not any(name in item.accessors() for item in model.associations):
                continue
            position = _INSTANCE.get(name, 1)
            if any(item.star for item in call.args):
                return "", False, False
            options = call.argument(position)
            lacks = options is None or _is_without_transaction(options)
            return f"{model.name}'s {name}", lacks, False
        return None

    def _is_parameter(self, expr: s.Expr, scope: Scope) -> bool:
        """Is it a parameter of the function around, with nothing to stand in for it?"""
        if not isinstance(expr, s.Name):
            return False
        bindings = self.models.model.bindings(expr.id, scope)
        return bool(bindings) and all(item.kind == "param" for item in bindings)


def _is_misnamed(call: s.Call, carriers: frozenset[str]) -> bool:
    """``{ tx }``: the transaction stands under a name that Sequelize's options do not have."""
    return any(
        isinstance(entry.key, s.Literal)
        and entry.key.value in _MISNAMED
        and isinstance(entry.value, s.Name)
        and entry.value.id in carriers
        for item in call.args
        if isinstance(item.value, s.Mapping)
        for entry in item.value.entries
    )


def _is_without_transaction(options: s.Expr) -> bool:
    """An object literal that is all seen, and has no transaction in it."""
    return (
        isinstance(options, s.Mapping)
        and all(entry.key is not None for entry in options.entries)
        and options.get("transaction") is None
    )


def _own_nodes(function: s.Function) -> Iterator[s.Node]:
    """The function's nodes, those of function literals inside it too, but for what runs when the
    transaction is over (``t.afterCommit(() => …)``, ``setTimeout(() => …)``)."""
    stack: list[s.Node] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, s.Call) and s.last_name(node.func) in _LATER:
            continue
        stack.extend(s.children(node))


def bound(params: list[s.Param]) -> frozenset[str]:
    """The names that parameters give to what they receive."""
    names: set[str] = set()
    for param in params:
        if param.name:
            names.add(param.name)
        elif param.pattern is not None:
            names |= _names_in(param.pattern)
    return frozenset(names)


def _names_in(expr: s.Node) -> set[str]:
    return {node.id for node in s.walk(expr) if isinstance(node, s.Name)}


def mentions(expr: s.Node, carriers: frozenset[str]) -> bool:
    """May the expression hold the transaction?"""
    return any(
        isinstance(node, s.Name) and (node.id in carriers or node.id == "arguments")
        for node in s.walk(expr)
    )


def _derived(function: s.Function, carriers: frozenset[str]) -> frozenset[str]:
    """The carriers, the variables whose values are made of them, and the transactions that are
    opened inside of theirs (``tx.transaction(async (inner) => …)``)."""
    found = set(carriers)
    for _ in range(3):
        before = len(found)
        for node in _own_nodes(function):
            if isinstance(node, s.Call):
                found |= _opened_within(node, frozenset(found))
            elif isinstance(node, s.Assign) and node.value is not None:
                if isinstance(node.value, s.Await):
                    continue  # a result
                if mentions(node.value, frozenset(found)):
                    for target in node.targets:
                        found |= _names_in(target)
        if len(found) == before:
            break
    return frozenset(found)


def _opened_within(call: s.Call, carriers: frozenset[str]) -> frozenset[str]:
    """The names of a transaction that the call opens inside of the one that a carrier holds."""
    if s.last_name(call.func) not in _NESTED:
        return frozenset()
    callbacks = [item.value for item in call.args if isinstance(item.value, s.FunctionExpr)]
    given = [item.value for item in call.args if not isinstance(item.value, s.FunctionExpr)]
    if not callbacks or not any(mentions(item, carriers) for item in (call.func, *given)):
        return frozenset()
    return bound(callbacks[-1].function.params[:1])


def _carried(
    function: FunctionInfo, call: s.Call, carriers: frozenset[str]
) -> frozenset[str] | None:
    """The names that hold the transaction in a called function; None where that is not clear."""
    node = function.node
    assert isinstance(node, s.Function)
    if any(item.star for item in call.args) or any(p.kind != "positional" for p in node.params):
        return None
    found: set[str] = set()
    for param, argument in zip(node.params, call.args, strict=False):
        if not mentions(argument.value, carriers):
            continue
        pattern = param.pattern
        if pattern is None:
            found.add(param.name)
        elif isinstance(pattern, s.Mapping) and isinstance(argument.value, s.Mapping):
            for entry in pattern.entries:
                key = entry.key.value if isinstance(entry.key, s.Literal) else None
                value = argument.value.get(str(key)) if key is not None else argument.value
                if value is not None and mentions(value, carriers):
                    found |= _names_in(entry.value)
        else:
            found |= _names_in(pattern)
    return frozenset(found)
