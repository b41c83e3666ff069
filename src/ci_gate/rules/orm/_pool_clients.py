"""Connections that Node programs take out of a pool by hand: whether a path keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_TAKES: Final = regex(
    r"^(?:(?:pg|@neondatabase/serverless)\.Pool\(\)\.connect"
    r"|mysql2\.Pool\(\)(?:\.promise\(\))?\.getConnection)$"
)
_GIVES: Final = frozenset({"release", "destroy", "end"})


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """``taken`` is a connection out of a pool that ``name`` holds; ``cause`` leaves the function
    while it does. ``how``: nothing gives it back (``never``), the function returns before
    (``return``), or an error leaves it (``error``)."""

    function: FunctionInfo
    name: str
    taken: s.Node
    how: str
    cause: s.Node | None = None
    release: s.Node | None = None


def kept_clients(model: CodeModel) -> Iterator[Kept]:
    """The connections that requests take and do not give back on every path."""
    reached = model.reachable([item for route in model.routes for item in route.handlers])
    for function in reached:
        node = function.node
        if (
            function.module.language == "python"
            or is_outside(function.module.path)
            or not isinstance(node, s.Function)
        ):
            continue
        scope = model.function_scope(function)
        for name, taken in _taken(model, node, scope):
            found = _kept(model, function, scope, name, taken)
            if found is not None:
                yield found


def _taken(model: CodeModel, node: s.Function, scope: Scope) -> Iterator[tuple[str, s.Call]]:
    """``const client = await pool.connect()``."""
    for inner in s.walk(node, into_functions=False):
        match inner:
            case s.Assign(
                targets=[s.Name(id=name)],
                value=s.Await(value=s.Call(func=s.Attribute(name=method) as func) as call),
            ) if method in ("connect", "getConnection"):
                values = model.evaluate(func, scope)
                if values and all(
                    isinstance(value, ExternalValue) and _TAKES.match(value.path)
                    for value in values
                ):
                    yield name, call


def _kept(
    model: CodeModel, function: FunctionInfo, scope: Scope, name: str, taken: s.Call
) -> Kept | None:
    node = function.node
    assert isinstance(node, s.Function)
    uses = _Uses(model, scope, name)
    uses.read(node)
    if uses.escapes or uses.several or uses.inside:
        return None
    if not uses.releases:
        return None if uses.handed else Kept(function, name, taken, "never")
    first = min(uses.releases, key=lambda item: item.span)
    walk = _Walk(name, taken)
    walk.body(node.body, _IS_FREE, _Around())
    if walk.cause is None:
        return None
    return Kept(function, name, taken, walk.how, walk.cause, first)


class _Uses:
    """What a function does with the name of a connection."""

    def __init__(self, model: CodeModel, scope: Scope, name: str) -> None:
        self._model = model
        self._scope = scope
        self._name = name
        #: where it is given back
        self.releases: list[s.Node] = []
        #: it is stored, returned or put into another value
        self.escapes = False
        #: it is handed to a function that may give it back
        self.handed = False
        #: a function within gives it back
        self.inside = False
        #: more than one value bears the name
        self.several = False

    def read(self, node: s.Function) -> None:
        plain: set[s.Node] = set()
        assigned = 0
        for inner in s.walk(node):
            match inner:
                case s.Attribute(value=s.Name(id=owner) as base, name=method) if (
                    owner == self._name
                ):
                    plain.add(base)
                    if method in _GIVES:
                        self.releases.append(inner)
                case s.Subscript(value=s.Name(id=owner) as base) if owner == self._name:
                    plain.add(base)
                    self.escapes = True
                case s.Assign(targets=[s.Name(id=owner) as base], value=value) if (
                    owner == self._name
                ):
                    plain.add(base)
                    assigned += value is not None and not _is_nothing(value)
                case s.Call(args=args, func=func):
                    for argument in args:
                        if isinstance(argument.value, s.Name) and argument.value.id == self._name:
                            plain.add(argument.value)
                            self.handed = self.handed or self._may_give_back(func)
                case s.If(test=s.Name(id=owner) as base) if owner == self._name:
                    plain.add(base)
                case s.Unary(op="not", value=s.Name(id=owner) as base) if owner == self._name:
                    plain.add(base)
        self.escapes = self.escapes or self._goes_out_inside(node)
        direct = set(s.walk(node, into_functions=False))
        self.inside = any(item not in direct for item in self.releases)
        self.several = assigned > 1
        self.escapes = self.escapes or any(
            isinstance(inner, s.Name) and inner.id == self._name and inner not in plain
            for inner in s.walk(node)
        )

    def _goes_out_inside(self, node: s.Function) -> bool:
        """An object made of the connection is returned: the connection is that object's then."""
        holders = {self._name}
        for inner in s.walk(node, into_functions=False):
            match inner:
                case s.Assign(targets=[s.Name(id=name)], value=value) if self._keeps(value):
                    holders.add(name)
        return any(
            self._keeps(inner.value)
            or (isinstance(inner.value, s.Name) and inner.value.id in holders - {self._name})
            for inner in s.walk(node, into_functions=False)
            if isinstance(inner, s.Return)
        )

    def _keeps(self, value: s.Node | None) -> bool:
        """``new Transaction(client)``."""
        return (
            isinstance(value, s.Call)
            and value.new
            and any(
                isinstance(item.value, s.Name) and item.value.id == self._name
                for item in value.args
            )
        )

    def _may_give_back(self, func: s.Expr) -> bool:
        values = self._model.evaluate(func, self._scope)
        return not values or any(
            not isinstance(value, FunctionValue)
            or any(
                isinstance(inner, s.Attribute) and inner.name in _GIVES
                for inner in s.walk(value.function.node)
            )
            for value in values
        )


def _is_nothing(value: s.Expr) -> bool:
    return isinstance(value, s.Literal) and value.kind in ("none", "undefined")


#: May the connection be held at a point? The set of what is possible there.
_Held = frozenset[bool]
_IS_HELD: Final[_Held] = frozenset({True})
_IS_FREE: Final[_Held] = frozenset({False})
_NOWHERE: Final[_Held] = frozenset()


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a statement: does something look after errors, and does a ``finally``
    give the connection back?"""

    careful: bool = False
    closing: bool = False


class _Walk:
    """Goes through a function's statements and finds the first that leaves it with the
    connection."""

    def __init__(self, name: str, taken: s.Call) -> None:
        self._name = name
        self._taken = taken
        self.how = ""
        self.cause: s.Node | None = None

    def body(self, statements: Iterable[s.Stmt], held: _Held, around: _Around) -> _Held:
        """What is possible after the statements; empty where they do not end."""
        for statement in statements:
            if not held:
                break
            held = self._statement(statement, held, around)
        return held

    def _statement(self, statement: s.Stmt, held: _Held, around: _Around) -> _Held:
        match statement:
            case s.If(test=test, body=body, orelse=orelse):
                self._expression(test, held, around)
                yes, no = self.body(body, held, around), self.body(orelse, held, around)
                if any(isinstance(node, s.Name) and node.id == self._name for node in s.walk(test)):
                    return yes  # if (client) client.release()
                return yes | no
            case s.Try():
                return self._try(statement, held, around)
            case s.For(iter=subject, body=body):
                self._expression(subject, held, around)
                return held | self.body(body, held, around)
            case s.While(body=body):
                return held | self.body(body, held, around)
            case s.Switch(cases=cases):
                bodies = [self.body(case.body, held, around) for case in cases]
                return held.union(*bodies)
            case s.Block(body=body):
                return self.body(body, held, around)
            case s.Return(value=value):
                if value is not None:
                    self._expression(value, held, around)
                if held == _IS_HELD and not around.closing:
                    self._note("return", statement)
                return _NOWHERE
            case s.Raise():
                if held == _IS_HELD and not around.careful:
                    self._note("error", statement)
                return _NOWHERE
            case s.FunctionDef() | s.ClassDef():
                return held
        if any(node is self._taken for node in s.walk(statement, into_functions=False)):
            return _IS_HELD
        if self._gives_back(statement):
            return _IS_FREE
        self._expression(statement, held, around)
        return held

    def _try(self, node: s.Try, held: _Held, around: _Around) -> _Held:
        closing = any(self._gives_back(item) for item in node.final)
        after = self.body(
            [*node.body, *node.orelse],
            held,
            _Around(around.careful or closing or bool(node.handlers), around.closing or closing),
        )
        takes = any(
            inner is self._taken
            for item in node.body
            for inner in s.walk(item, into_functions=False)
        )
        for handler in node.handlers:
            gives = any(self._gives_back(item) for item in handler.body)
            inside = _Around(around.careful or closing or gives, around.closing or closing)
            after |= self.body(handler.body, _IS_HELD if takes else held, inside)
        if closing:
            return _IS_FREE if after else _NOWHERE
        return self.body(node.final, after, around)

    def _expression(self, node: s.Node, held: _Held, around: _Around) -> None:
        """What is awaited while the connection is held may fail."""
        if held == _IS_HELD and not around.careful:
            for inner in s.walk(node, into_functions=False):
                if isinstance(inner, s.Await) and not _is_caught(inner):
                    self._note("error", inner)

    def _gives_back(self, statement: s.Node) -> bool:
        return any(
            isinstance(node, s.Attribute)
            and node.name in _GIVES
            and isinstance(node.value, s.Name)
            and node.value.id == self._name
            for node in s.walk(statement)
        )

    def _note(self, how: str, node: s.Node) -> None:
        if self.cause is None or (how == "return" and self.how == "error"):
            self.how, self.cause = how, node


def _is_caught(node: s.Await) -> bool:
    return (
        isinstance(node.value, s.Call)
        and isinstance(node.value.func, s.Attribute)
        and node.value.func.name == "catch"
    )
