"""Which of a function's variables bear on a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s

#: Methods that change their receiver.
MUTATORS: Final = frozenset({
    "append", "extend", "insert", "update", "add", "setdefault", "pop", "remove", "clear",
    "discard", "popitem", "sort", "reverse", "appendleft", "extendleft", "push", "unshift",
    "shift", "splice",
})  # fmt: skip
#: What a method calls the object that it belongs to.
RECEIVERS: Final = frozenset({"self", "cls", "this"})
#: Calls that leave the lists and dictionaries they are given as they are.
HARMLESS: Final = frozenset({
    "execute", "executemany", "executescript", "fetch", "fetchrow", "fetchval", "fetchone",
    "fetchall", "fetch_all", "fetch_one", "fetch_val", "scalar", "scalars", "exec", "prepare",
    "cursor", "exec_driver_sql", "execute_fetchall", "execute_insert", "mogrify", "raw", "iterate",
    "debug", "info", "warning", "error", "exception", "log", "print", "len", "str", "repr", "list",
    "tuple", "set", "dict", "sorted", "enumerate", "zip", "range", "isinstance", "bool", "int",
    "float", "any", "all", "sum", "min", "max", "reversed", "iter", "next", "type", "id", "hash",
    "join", "format", "map", "filter", "text", "dumps", "frozenset", "getattr", "hasattr", "dedent",
    "query", "get", "run", "each", "unsafe", "warn", "json", "stringify", "String", "Number",
    "parseInt", "parseFloat", "isArray", "isNaN", "includes", "has", "some", "every", "find",
    "indexOf", "concat", "slice", "flatMap", "forEach", "keys", "values", "entries", "resolve",
    "$queryRawUnsafe", "$executeRawUnsafe",
})  # fmt: skip


def root(expr: s.Expr) -> str | None:
    """The variable that ``expr`` is a part of."""
    while isinstance(expr, s.Attribute | s.Subscript | s.Starred | s.Await):
        expr = expr.value
    return expr.id if isinstance(expr, s.Name) else None


def names_in(node: s.Node) -> set[str]:
    return {item.id for item in s.walk(node) if isinstance(item, s.Name)}


def call_name(call: s.Call) -> str:
    func = call.func
    if isinstance(func, s.Attribute):
        return func.name
    return func.id if isinstance(func, s.Name) else ""


def targets_of(target: s.Expr) -> Iterator[str]:
    """The variables that assigning to ``target`` changes."""
    if isinstance(target, s.Sequence):
        for item in target.items:
            yield from targets_of(item)
        return
    if isinstance(target, s.Mapping):
        for entry in target.entries:
            yield from targets_of(entry.value)
        return
    if isinstance(target, s.AssignExpr):
        target = target.target
    name = root(target)
    if name is not None:
        yield name


class Slice:
    """The flow of data between the variables of one function (nested functions included)."""

    def __init__(self, function: s.Function | s.Module) -> None:
        self._sources: defaultdict[str, set[str]] = defaultdict(set)
        self._changed: dict[s.Node, frozenset[str]] = {}
        self._leaves: dict[s.Node, bool] = {}
        self._branches: list[s.If] = []
        self._nested: dict[str, frozenset[str]] = {}
        for statement in function.body:
            for node in s.walk(statement):
                if isinstance(node, s.If):
                    self._branches.append(node)
                for name, inside in _defined(node):
                    self._nested[name] = frozenset(
                        target for item in s.walk(inside) for target, _ in _flows(item)
                    )
                for target, sources in _flows(node):
                    self._sources[target] |= sources
        self._used = _used(function)
        self._settle()

    def _settle(self) -> None:
        """A branch's condition counts where the branch changes what counts."""
        waiting = self._branches
        again = True
        while again:
            again = False
            rest: list[s.If] = []
            for branch in waiting:
                changed = self.changed(branch)
                if not changed & self._used:
                    rest.append(branch)
                    continue
                self._used |= names_in(branch.test)
                for name in changed:
                    self._sources[name] |= names_in(branch.test)
                again = True
            waiting = rest

    def relevant(self, roots: Iterable[str]) -> frozenset[str]:
        """All variables that the value of ``roots`` may depend on."""
        found: set[str] = set()
        queue = [name for name in roots if name not in RECEIVERS]
        while queue:
            name = queue.pop()
            if name not in found:
                found.add(name)
                queue.extend(self._sources.get(name, ()))
        return frozenset(found - RECEIVERS)

    def is_immaterial(self, branch: s.If) -> bool:
        """Does the branch only give plain values to variables that only go into lists,
        dictionaries and calls, so that it makes no difference to a text or a count?"""
        if self._used & self.changed(branch):
            return False
        return all(_is_plain(part) for part in (*branch.body, *branch.orelse))

    def leaves(self, statement: s.Stmt) -> bool:
        """Does the statement hold one that leaves the path?"""
        found = self._leaves.get(statement)
        if found is None:
            found = self._leaves[statement] = any(
                isinstance(item, s.Return | s.Raise)
                or (isinstance(item, s.Jump) and item.kind in ("break", "continue"))
                for item in s.walk(statement, into_functions=False)
            )
        return found

    def changed(self, statement: s.Node) -> frozenset[str]:
        """The variables that a statement changes."""
        found = self._changed.get(statement)
        if found is None:
            names = {target for node in s.walk(statement) for target, _ in _flows(node)}
            for node in s.walk(statement):
                if isinstance(node, s.Call) and isinstance(node.func, s.Name):
                    names |= self._nested.get(node.func.id, frozenset())
            found = self._changed[statement] = frozenset(names)
        return found


#: Calls whose result is a plain value, whatever they are given.
_PLAIN: Final = frozenset({"int", "float", "min", "max", "abs", "round", "bool", "isinstance"})
_CARRYING: Final = (HARMLESS - {
    "len", "list", "tuple", "set", "dict", "sorted", "enumerate", "zip", "range", "reversed",
    "join", "format", "map", "filter", "dedent", "iter", "next", "frozenset",
}) | MUTATORS  # fmt: skip
_COMPARISONS: Final = frozenset({
    "==", "!=", "<", ">", "<=", ">=", "is", "is not", "in", "not in", "-", "/", "//",
})  # fmt: skip


def _is_plain(statement: s.Stmt) -> bool:
    match statement:
        case s.Assign(value=s.Node() as value):
            return _is_scalar(value)
        case s.If(body=body, orelse=orelse):
            return all(_is_plain(part) for part in (*body, *orelse))
        case s.ExprStmt(value=s.Call() as call):
            return call_name(call) not in MUTATORS
        case s.Jump(kind="pass") | s.ExprStmt(value=s.Literal()):
            return True
    return False


def _is_scalar(expr: s.Node) -> bool:
    """Is it a number, a flag or the like, whatever it is?"""
    match expr:
        case s.Literal(value=value):
            return not isinstance(value, str)
        case s.Binary(op="-" | "/" | "//" | "*" | "+", left=left, right=right):
            return _is_operand(left) and _is_operand(right)
        case s.Call(func=s.Name(id=name)):
            return name in _PLAIN
        case s.Call(func=s.Attribute(name=name)):
            return name in ("strip", "lower", "upper", "isoformat", "date", "replace")
    return False


def _is_operand(expr: s.Node) -> bool:
    return isinstance(expr, s.Name | s.Attribute) or _is_scalar(expr)


def _used(function: s.Function | s.Module) -> set[str]:
    """The variables whose own value counts: in texts, sums, loops, receivers, results."""
    found: set[str] = set()
    stack: list[tuple[s.Node, bool]] = [(part, False) for part in function.body]
    while stack:
        node, carried = stack.pop()
        match node:
            case s.Name(id=name):
                if not carried:
                    found.add(name)
            case s.If(body=body, orelse=orelse):
                stack.extend((part, False) for part in (*body, *orelse))
            case s.Assign(targets=targets, value=value, op=None):
                stack.extend((target, True) for target in targets)
                if value is not None and not isinstance(value, s.Name):
                    stack.append((value, False))
                elif isinstance(value, s.Name):
                    found.add(value.id)
            case s.Sequence(items=items):
                stack.extend((item, isinstance(item, s.Name)) for item in items)
            case s.Mapping(entries=entries):
                for entry in entries:
                    if entry.key is not None:
                        stack.append((entry.key, False))
                    stack.append((entry.value, entry.key is not None))
            case s.Attribute(value=value):
                stack.append((value, True))
            case s.Binary(op=op, left=left, right=right) if op in _COMPARISONS:
                stack.extend(((left, True), (right, True)))
            case s.Binary(op="*", left=left, right=right) if not (
                isinstance(left, s.Literal | s.Sequence)
                or isinstance(right, s.Literal | s.Sequence)
            ):
                stack.extend(((left, True), (right, True)))
            case s.Call():
                stack.extend(_call_uses(node))
            case _:
                stack.extend((child, False) for child in s.children(node))
    return found


def _call_uses(call: s.Call) -> Iterator[tuple[s.Node, bool]]:
    name = call_name(call)
    if isinstance(call.func, s.Attribute):
        yield call.func.value, name not in MUTATORS
    else:
        yield call.func, False
    for position, argument in enumerate(call.args):
        carried = name in _PLAIN or (
            name in _CARRYING and (position > 0 or name in MUTATORS) and not argument.star
        )
        yield argument.value, carried


def _flows(node: s.Node) -> Iterator[tuple[str, set[str]]]:
    """What a node itself lets flow: a changed variable and the ones that its new value is from."""
    match node:
        case s.Assign(value=value, targets=targets):
            sources = names_in(value) if value is not None else set()
            for target in targets:
                for name in targets_of(target):
                    yield name, sources | names_in(target)
            for name, function in _defined(node):
                yield from _changed_by(name, function)
        case s.Unary(op="++" | "--", value=value):
            for name in targets_of(value):
                yield name, {name}
        case s.AssignExpr(target=target, value=value):
            for name in targets_of(target):
                yield name, names_in(value)
        case s.For(target=target, iter=iterated) | s.Generator(target=target, iter=iterated):
            for name in targets_of(target):
                yield name, names_in(iterated)
        case s.WithItem(context=context, target=target) if target is not None:
            for name in targets_of(target):
                yield name, names_in(context)
        case s.FunctionDef(function=function):
            yield function.name, {name for part in function.body for name in names_in(part)}
            yield from _changed_by(function.name, function)
        case s.Call():
            yield from _call_flows(node)


def _defined(node: s.Node) -> Iterator[tuple[str, s.Function]]:
    """The nested functions that a statement gives a name to."""
    match node:
        case s.FunctionDef(function=function):
            yield function.name, function
        case s.Assign(targets=[s.Name(id=name)], value=s.FunctionExpr(function=function)):
            yield name, function


def _changed_by(caller: str, function: s.Function) -> Iterator[tuple[str, set[str]]]:
    """What calling a nested function changes."""
    for part in function.body:
        for inner in s.walk(part):
            if not any(_defined(inner)):
                for name, _ in _flows(inner):
                    yield name, {caller}


def _call_flows(call: s.Call) -> Iterator[tuple[str, set[str]]]:
    name = call_name(call)
    if isinstance(call.func, s.Attribute) and name in MUTATORS:
        receiver = root(call.func.value)
        if receiver is not None:
            sources: set[str] = set()
            for argument in call.args:
                sources |= names_in(argument.value)
            yield receiver, sources
    if name not in HARMLESS and (name not in MUTATORS or isinstance(call.func, s.Name)):
        given = [item.value.id for item in call.args if isinstance(item.value, s.Name)]
        if given:
            sources = names_in(call)
            for item in given:
                yield item, sources
