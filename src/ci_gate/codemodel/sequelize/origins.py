"""Where a value of a JavaScript program is written: the expressions that an expression stands for.

``CodeModel.evaluate`` says what kind of thing a value is. A query's options need more: the object
literal that a helper returns, with what is assigned to it and pushed on it afterwards. Callers are
not told apart: an expression is something that its user *may* get.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.scopes import Binding, Projection
from ci_gate.codemodel.values import FunctionValue, ModuleValue, ObjectValue
from ci_gate.data import dataclass

_MAX_DEPTH: Final = 24
_MAX_STEPS: Final = 500  # entries read for one answer
_MAX_ASKED: Final = 5_000  # expressions followed for one answer
_MAX_FOUND: Final = 40
_MAX_EXPORTS: Final = 8
#: Methods of an array whose callback is called with each element.
EACH: Final = frozenset({
    "map", "forEach", "filter", "flatMap", "some", "every", "find", "findIndex", "findLast",
})  # fmt: skip
#: Methods of an array that give (some of) its elements again.
SAME: Final = frozenset({
    "filter", "slice", "sort", "reverse", "concat", "toSorted", "toReversed", "flat",
})  # fmt: skip
_WRAPPERS: Final = frozenset({"freeze", "seal", "resolve"})


@dataclass(frozen=True, slots=True)
class Origin:
    """``expr``, read in ``scope``, can be followed no further.

    ``element``: not the value itself but one of its elements. ``names``: the variables that hold
    the value on the way, which may have been added to there.
    """

    expr: s.Expr
    scope: Scope
    element: bool = False
    names: tuple[tuple[str, Scope], ...] = ()


@dataclass(slots=True)
class Found:
    """All origins; ``complete`` is false where there may be others."""

    origins: list[Origin] = field(default_factory=list)
    complete: bool = True

    def add(self, other: Found) -> None:
        known = {(item.expr, item.element) for item in self.origins}
        for item in other.origins:
            if (item.expr, item.element) not in known:
                self.origins.append(item)
        self.complete = self.complete and other.complete
        if len(self.origins) > _MAX_FOUND:
            del self.origins[_MAX_FOUND:]
            self.complete = False


class Origins:
    """Answers for one program."""

    def __init__(self, model: CodeModel) -> None:
        self.model = model
        self.surroundings = model.surroundings
        self._known: dict[tuple[s.Node, Scope], Found] = {}
        self._named: dict[tuple[str, Scope], Found] = {}
        self._busy: set[tuple[s.Node, Scope]] = set()
        self._changes: dict[s.Node, dict[str, list[s.Node]]] = {}
        #: Objects whose entries are being read: one may be spread into itself.
        self._reading: set[tuple[s.Node, str]] = set()
        self._depth = 0
        self._steps = 0
        self._asked = 0
        #: How often an answer was cut short, by what is being asked already or by the bounds.
        self._cuts = 0

    def of(self, expr: s.Expr, scope: Scope) -> Found:
        key = (expr, scope)
        known = self._known.get(key)
        if known is None and isinstance(expr, s.Name):
            known = self._named.get((expr.id, scope))
        if known is not None:
            return known
        if key in self._busy or self._depth > _MAX_DEPTH:
            self._cuts += 1
            return Found([], complete=False)
        if self._depth == 0:
            self._steps = self._asked = 0
        self._asked += 1
        if self._asked > _MAX_ASKED:
            self._cuts += 1
            return Found([], complete=False)
        cuts = self._cuts
        self._busy.add(key)
        self._depth += 1
        try:
            found = self._of(expr, scope)
        finally:
            self._depth -= 1
            self._busy.discard(key)
        if not self._busy or self._cuts == cuts:
            self._known[key] = found
            if isinstance(expr, s.Name) and all(item.expr is not expr for item in found.origins):
                self._named[expr.id, scope] = found  # for each mention of it
        return found

    def one(self, expr: s.Expr, scope: Scope) -> Origin | None:
        """The only origin."""
        found = self.of(expr, scope)
        if found.complete and len(found.origins) == 1 and not found.origins[0].element:
            return found.origins[0]
        return None

    # --- one step ---

    def _of(self, expr: s.Expr, scope: Scope) -> Found:
        match expr:
            case s.Name(id=name):
                return self._name(expr, name, scope)
            case s.Attribute(value=base, name=name):
                return self._member(expr, base, name, scope)
            case s.Subscript(value=base, index=s.Literal(value=str(name))):
                return self._member(expr, base, name, scope)
            case s.Subscript(value=base, index=s.Literal(value=int(index))):
                return self._item(expr, base, index, scope)
            case s.Await(value=value):
                return self.of(value, scope)
            case s.Conditional(body=body, orelse=orelse):
                return self._all((body, orelse), scope)
            case s.Binary(op="or" | "??", left=left, right=right):
                return self._all((left, right), scope)
            case s.Binary(op="and", right=right):
                return self.of(right, scope)
            case s.AssignExpr(value=value):
                return self.of(value, scope)
            case s.Call():
                return self._call(expr, scope)
        return Found([Origin(expr, scope)])

    def _all(self, exprs: Sequence[s.Expr], scope: Scope) -> Found:
        found = Found()
        for item in exprs:
            found.add(self.of(item, scope))
        return found

    def _name(self, expr: s.Name, name: str, scope: Scope) -> Found:
        bindings = self.model.bindings(name, scope)
        found = Found()
        for binding in bindings:
            found.add(self._bound(expr, name, scope, binding))
        return found if bindings else Found([Origin(expr, scope)])

    def _bound(self, expr: s.Name, name: str, scope: Scope, binding: Binding) -> Found:
        node, inner = binding.node, binding.scope
        if binding.kind == "param" and isinstance(node, s.Param):
            return self._projected(self.argument(node, inner), binding.path)
        if binding.kind == "value" and isinstance(node, s.Assign):
            return Found()  # declared without a value
        if binding.kind in ("value", "alias"):
            value: s.Expr = node  # type: ignore[assignment]
            found = self._projected(self.of(value, inner), binding.path)
            if binding.path:
                return found
            held = (name, inner)
            return Found(
                [Origin(o.expr, o.scope, o.element, (*o.names, held)) for o in found.origins],
                found.complete,
            )
        if binding.kind == "import":
            written = self.model.definition(expr, scope)
            if written is not None and written[0] is not expr:
                found = self.of(*written)
                held = (name, scope)
                module = (name, self.model.function_scope(_top(written[1].function)))
                return Found(
                    [Origin(o.expr, o.scope, o.element, (*o.names, held, module))
                     for o in found.origins], found.complete,
                )  # fmt: skip
            statement = binding.statement
            if written is None and statement is not None and isinstance(node, s.ImportedName):
                target = self._target(inner.module.path, statement.specifier)
                given = self._exported(target, node.name) if target is not None else None
                if given is not None:
                    return given
        return Found([Origin(expr, scope)])

    def argument(self, param: s.Param, scope: Scope) -> Found:
        """What a function's parameter is given by its callers."""
        found = Found()
        outer = self._taken_from(scope.function, param)
        if outer is not None:
            found.add(outer)
            return found
        if param.name:
            for item in self.model.provenance(s.Name(param.span, param.name), scope):
                found.add(self.of(item.expr, item.scope))
        else:
            for expr, inner in self._given(param, scope):
                found.add(self.of(expr, inner))
            if param.default is not None:
                found.add(self.of(param.default, scope))
        found.complete = False  # callers that are not seen
        return found

    def _given(self, param: s.Param, scope: Scope) -> list[tuple[s.Expr, Scope]]:
        """The arguments for a parameter that is taken apart where it stands."""
        function = scope.function
        assert isinstance(function.node, s.Function)
        if param not in function.node.params:
            return []
        position = function.node.params.index(param)
        found: list[tuple[s.Expr, Scope]] = []
        for edge in self.model.callers(function):
            node = edge.node
            if edge.reason == "call" and isinstance(node, s.Call):
                value = node.argument(position)
                if value is not None:
                    found.append((value, self.model.scope_of(node)))
        return found

    def _taken_from(self, function: FunctionInfo, param: s.Param) -> Found | None:
        """The element that ``rows.map((row) => …)`` gives its callback."""
        node = function.node
        if not isinstance(node, s.Function) or not node.params or node.params[0] is not param:
            return None
        given_to = self.model.argument_of(node)
        if given_to is None:
            return None
        call, scope = given_to
        if not isinstance(call.func, s.Attribute) or call.func.name not in EACH:
            return None
        first = call.argument(0)
        if not isinstance(first, s.FunctionExpr) or first.function is not node:
            return None
        return self.elements(call.func.value, scope)

    def elements(self, expr: s.Expr, scope: Scope) -> Found:
        """What iterating over ``expr`` gives."""
        found = Found()
        whole = self.of(expr, scope)
        found.complete = whole.complete
        for origin in whole.origins:
            if isinstance(origin.expr, s.Sequence) and not origin.element:
                found.add(self._all_items(origin))
            else:
                found.origins.append(Origin(origin.expr, origin.scope, element=True))
        return found

    def _all_items(self, origin: Origin) -> Found:
        found = Found()
        for item in self.items(origin):
            if isinstance(item[0], s.Starred):
                found.add(self.elements(item[0].value, item[1]))
            else:
                found.add(self.of(*item))
        return found

    # --- parts of a value ---

    def _projected(self, found: Found, path: tuple[Projection, ...]) -> Found:
        for kind, key in path:
            taken = Found(complete=found.complete)
            for origin in found.origins:
                taken.add(self._part(origin, kind, key))
            found = taken
        return found

    def _part(self, origin: Origin, kind: str, key: int | str | None) -> Found:
        span = origin.expr.span
        if origin.element:
            return Found([], complete=False)
        if kind == "key" and isinstance(key, str):
            return self.entry(origin, key, s.Attribute(span, origin.expr, key, span))
        if kind == "index" and isinstance(key, int):
            read = s.Subscript(span, origin.expr, s.Literal(span, key, "number"))
            return self._item(read, origin.expr, key, origin.scope)
        if kind == "element":
            return self.elements(origin.expr, origin.scope)
        return Found([], complete=False)

    def _kept(self, expr: s.Expr, scope: Scope) -> Found | None:
        """What was stored on the request, say, that ``expr`` reads it from."""
        kept = self.model.kept(expr, scope)
        if not kept:
            return None
        found = Found(complete=False)
        for value, inner in kept:
            found.add(self.of(value, inner))
        return found

    def _member(self, expr: s.Expr, base: s.Expr, name: str, scope: Scope) -> Found:
        kept = self._kept(expr, scope)
        if kept is not None:
            return kept
        found = Found()
        whole = self.of(base, scope)
        found.complete = whole.complete
        for origin in whole.origins:
            found.add(self.entry(origin, name, expr))
        return found if whole.origins else Found([Origin(expr, scope)])

    def entry(self, origin: Origin, name: str, read: s.Expr) -> Found:
        """What an object has under ``name``; ``read`` is kept where that cannot be said."""
        if self._depth == 0:
            self._steps = self._asked = 0
        self._steps += 1
        key = (origin.expr, name)
        if key in self._reading or self._depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            self._cuts += 1
            return Found([], complete=False)
        self._reading.add(key)
        self._depth += 1
        try:
            return self._entry(origin, name, read)
        finally:
            self._depth -= 1
            self._reading.discard(key)

    def _entry(self, origin: Origin, name: str, read: s.Expr) -> Found:
        if isinstance(origin.expr, s.Mapping) and not origin.element:
            found = Found()
            for node, value, scope in self.entries(origin):
                if node is None:
                    spread = self._member(read, value, name, scope)
                    if any(item.expr is not read for item in spread.origins):
                        found.add(spread)
                elif isinstance(node, s.Literal) and node.value == name:
                    found.add(self.of(value, scope))
            return found
        values = self.model.evaluate(origin.expr, origin.scope)
        only = next(iter(values)) if len(values) == 1 and not origin.element else None
        if isinstance(only, ModuleValue):
            exported = self._exported(only.path, name)
            if exported is not None:
                return exported
        if isinstance(only, ObjectValue) and only.mapping is not origin.expr:
            return self.entry(Origin(only.mapping, only.scope), name, read)
        rest = read if not origin.element and _is_read_of(read, origin.expr) else None
        if rest is None:
            span = origin.expr.span
            rest = s.Attribute(span, origin.expr, name, span)
        return Found([Origin(rest, origin.scope)] if not origin.element else [],
                     complete=not origin.element)  # fmt: skip

    def _exported(self, path: str, name: str, depth: int = 0) -> Found | None:
        """What a module gives away under a name, its own or of another module."""
        module = self.model.modules.get(path)
        if module is None or depth > _MAX_EXPORTS:
            return None
        scope = self._module_scope(module)
        for export in module.exports:
            if export.name != name or scope is None:
                continue
            if export.value is not None:
                return self.of(export.value, scope)
            if export.local is not None:
                return self.of(s.Name(export.span, export.local), scope)
            if export.specifier is not None and export.source not in (None, "*"):
                target = self._target(path, export.specifier)
                assert export.source is not None
                return self._exported(target, export.source, depth + 1) if target else None
        return None

    def _target(self, path: str, specifier: str) -> str | None:
        """The module that an import or re-export of ``path`` names."""
        for edge in self.model.imports_of(path):
            if edge.node.specifier == specifier:
                return edge.via[0].path if edge.via else edge.target
        return None

    def _module_scope(self, module: s.Module) -> Scope | None:
        info = self.model.functions.get(f"{module.path}::<module>")
        return self.model.function_scope(info) if info is not None else None

    def _item(self, expr: s.Expr, base: s.Expr, index: int, scope: Scope) -> Found:
        found = Found()
        whole = self.of(base, scope)
        found.complete = whole.complete
        for origin in whole.origins:
            sequence = origin.expr
            if isinstance(sequence, s.Call) and _is_promise_all(sequence):
                sequence = sequence.args[0].value
            if isinstance(sequence, s.Sequence) and not origin.element:
                if index < len(sequence.items) and not any(
                    isinstance(item, s.Starred) for item in sequence.items[: index + 1]
                ):
                    found.add(self.of(sequence.items[index], origin.scope))
                else:
                    found.complete = False
            else:
                found.add(Found([Origin(origin.expr, origin.scope, element=True)]))
        return found if whole.origins else Found([Origin(expr, scope)])

    # --- calls ---

    def _call(self, call: s.Call, scope: Scope) -> Found:
        func = call.func
        if (
            isinstance(func, s.Attribute)
            and func.name in _WRAPPERS
            and len(call.args) == 1
            and isinstance(func.value, s.Name)
            and func.value.id in ("Object", "Promise")
        ):
            return self.of(call.args[0].value, scope)
        row = _plain_row(call)
        if row is not None:
            return self.of(row, scope)
        kept = self._kept(call, scope)
        if kept is not None:
            return kept
        values = [
            value for value in self.model.evaluate(func, scope) if isinstance(value, FunctionValue)
        ]
        if not values or call.new:
            return Found([Origin(call, scope)])
        found = Found()
        for value in values:
            inner = self.model.function_scope(value.function)
            for item in _alternatives(self.model.returned(value.function)):
                given = self._handed_back(_plain_row(item) or item, inner, value.function, call)
                if given is not None:
                    found.add(self.of(given, scope))
                else:
                    found.add(self.of(item, inner))
        return found

    def _handed_back(
        self, item: s.Expr, inner: Scope, function: FunctionInfo, call: s.Call
    ) -> s.Expr | None:
        """The argument of this very call that a function returns as it is."""
        if not isinstance(item, s.Name) or not isinstance(function.node, s.Function):
            return None
        for binding in self.model.bindings(item.id, inner):
            if binding.kind == "param" and binding.node in function.node.params:
                if binding.path:
                    return None
                return call.argument(function.node.params.index(binding.node))
        return None

    def texts(self, expr: s.Expr, scope: Scope) -> list[tuple[str, s.Expr, Scope]] | None:
        """The constant texts that a computed key may be, with the places that have them; None
        where they cannot all be told."""
        if isinstance(expr, s.Name):
            for binding in self.model.bindings(expr.id, scope):
                keys = self._keys(binding)
                if keys is not None:
                    return keys
        found = self.of(expr, scope)
        texts: list[tuple[str, s.Expr, Scope]] = [
            (item.expr.value, item.expr, item.scope)
            for item in found.origins
            if isinstance(item.expr, s.Literal) and isinstance(item.expr.value, str)
        ]
        complete = found.complete and len(texts) == len(found.origins)
        return texts if complete and texts else None

    def _keys(self, binding: Binding) -> list[tuple[str, s.Expr, Scope]] | None:
        """The keys of the object that ``Object.entries`` or ``Object.keys`` is looped over."""
        node = binding.node
        taken: dict[tuple[Projection, ...], str] = {
            (("element", None), ("index", 0)): "entries", (("element", None),): "keys",
        }  # fmt: skip
        match node:
            case s.Call(func=s.Attribute(value=s.Name(id="Object"), name=name), args=[argument]):
                if taken.get(binding.path) != name:
                    return None
                origin = self.one(argument.value, binding.scope)
                if origin is None or not isinstance(origin.expr, s.Mapping):
                    return None
                entries = list(self.entries(origin))
                found: list[tuple[str, s.Expr, Scope]] = [
                    (str(key.value), key, scope)
                    for key, _, scope in entries
                    if isinstance(key, s.Literal)
                ]
                return found if len(found) == len(entries) else None
        return None

    # --- what literals hold ---

    def entries(self, origin: Origin) -> Iterator[tuple[s.Expr | None, s.Expr, Scope]]:
        """Key, value and scope of each entry of an object literal, later assignments included.
        A spread (also by ``Object.assign``) has no key."""
        assert isinstance(origin.expr, s.Mapping)
        for entry in origin.expr.entries:
            yield entry.key, entry.value, origin.scope
        for name, scope in origin.names:
            for node, inner in self._statements(name, scope):
                match node:
                    case s.Assign(
                        targets=[s.Attribute(value=s.Name(id=base), name=key)], value=value
                    ):
                        if base == name and value is not None:
                            yield s.Literal(node.targets[0].span, key, "string"), value, inner
                    case s.Assign(
                        targets=[s.Subscript(value=s.Name(id=base), index=key)], value=value
                    ):
                        if base == name and value is not None:
                            yield key, value, inner
                    case s.Call(
                        func=s.Attribute(value=s.Name(id="Object"), name="assign"), args=args
                    ):
                        if args and isinstance(args[0].value, s.Name) and args[0].value.id == name:
                            for item in args[1:]:
                                yield None, item.value, inner

    def items(self, origin: Origin) -> Iterator[tuple[s.Expr, Scope]]:
        """The items of an array literal, and what is pushed on it afterwards."""
        assert isinstance(origin.expr, s.Sequence)
        for item in origin.expr.items:
            yield item, origin.scope
        for name, scope in origin.names:
            for node, inner in self._statements(name, scope):
                match node:
                    case s.Call(
                        func=s.Attribute(value=s.Name(id=base), name="push" | "unshift"), args=args
                    ) if base == name:
                        for argument in args:
                            if argument.star:
                                value = argument.value
                                yield s.Starred(value.span, value), inner
                            else:
                                yield argument.value, inner

    def _statements(self, name: str, scope: Scope) -> Iterator[tuple[s.Node, Scope]]:
        """What the function that has the variable does to change its value."""
        changes = self._changes.get(scope.function.node)
        if changes is None:
            changes = self._changes[scope.function.node] = defaultdict(list)
            for statement in scope.function.node.body:
                for node in s.walk(statement):
                    if isinstance(node, s.Assign | s.Call):
                        for base in _changed(node):
                            changes[base].append(node)
        for node in changes.get(name, ()):
            try:
                yield node, self.model.scope_of(node)
            except KeyError:
                continue


def _plain_row(expr: s.Expr) -> s.Expr | None:
    """The row that ``row.toJSON()`` or ``row.get({ plain: true })`` makes a plain object of."""
    match expr:
        case s.Call(func=s.Attribute(value=row, name="toJSON"), args=[]):
            return row
        case s.Call(func=s.Attribute(value=row, name="get"), args=[]):
            return row
        case s.Call(func=s.Attribute(value=row, name="get"), args=[s.Argument(value=s.Mapping())]):
            return row
    return None


def _alternatives(exprs: Iterable[s.Expr]) -> Iterator[s.Expr]:
    """What each of the expressions may be; ``null`` is left out beside another."""
    for expr in exprs:
        if isinstance(expr, s.Conditional):
            chosen = [expr.body, expr.orelse]
            kept = [c for c in chosen if not (isinstance(c, s.Literal) and c.value is None)]
            yield from kept or chosen
        else:
            yield expr


def _changed(node: s.Assign | s.Call) -> Iterator[str]:
    """The variables whose value an assignment or call adds to."""
    if isinstance(node, s.Assign):
        for target in node.targets:
            if isinstance(target, s.Attribute | s.Subscript) and isinstance(target.value, s.Name):
                yield target.value.id
        return
    if not isinstance(node.func, s.Attribute) or not isinstance(node.func.value, s.Name):
        return
    if node.func.name in ("push", "unshift"):
        yield node.func.value.id
    elif node.func.name == "assign" and node.args and isinstance(node.args[0].value, s.Name):
        yield node.args[0].value.id


def _is_promise_all(call: s.Call) -> bool:
    func = call.func
    return (
        isinstance(func, s.Attribute)
        and func.name in ("all", "allSettled")
        and isinstance(func.value, s.Name)
        and func.value.id == "Promise"
        and len(call.args) == 1
        and not call.args[0].star
    )


def _is_read_of(read: s.Expr, base: s.Expr) -> bool:
    return isinstance(read, s.Attribute | s.Subscript) and read.value is base


def _top(function: FunctionInfo) -> FunctionInfo:
    while function.parent is not None:
        function = function.parent
    return function


def callback_of(call: s.Call) -> s.Function | None:
    """The function literal that a call gets first."""
    argument = call.argument(0)
    return argument.function if isinstance(argument, s.FunctionExpr) else None


def nodes_of(module: s.Module) -> Iterator[s.Node]:
    """All nodes of a module, each once (its exports are among its statements)."""
    for statement in module.body:
        yield from s.walk(statement)
