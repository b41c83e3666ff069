"""Why the program takes one address and not another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.connections import Address, Connection
from ci_gate.codemodel.environment import lookup
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.values import FunctionValue
from ci_gate.data import dataclass
from ci_gate.rules.base import Facts
from ci_gate.rules.database._presence import Presence, names_engine
from ci_gate.rules.database._service import ServiceView, words

#: ``failure``: the database could not be reached. ``default``: no setting names one. ``chosen``: a
#: condition picks it. ``plain``: nothing stands in the way.
Why = Literal["failure", "default", "chosen", "plain"]

#: Errors that say nothing of the database.
_UNRELATED: Final = frozenset({
    "ImportError", "ModuleNotFoundError", "KeyError", "ValueError", "AttributeError", "TypeError",
    "ValidationError", "ImproperlyConfigured", "FileNotFoundError", "UndefinedValueError",
    "IndexError", "NameError",
})  # fmt: skip
_MAX_REACHED: Final = 400


@dataclass(frozen=True, slots=True)
class Reason:
    """``node`` of ``path`` is the place where the choice is made. ``explicit``: the condition names
    an engine or the wish for one."""

    why: Why
    path: str
    node: s.Node
    explicit: bool = False


class Reasons:
    """Answers for the rules of one run."""

    def __init__(self, facts: Facts, view: ServiceView) -> None:
        self._facts = facts
        self._model = facts.model
        self._view = view
        self._openers = {connection.node for connection in facts.connections}
        self._presence = Presence(facts)
        self._reaching: dict[FunctionInfo, bool] = {}

    def of(self, connection: Connection, address: Address) -> Reason:
        """Why ``connection`` takes ``address``; a failed attempt outweighs all else."""
        places = [(connection.path, connection.node)]
        places += [(hop.scope.module.path, hop.expr) for hop in address.trail]
        chosen: Reason | None = None
        for path, node in places:
            if path not in self._model.modules:
                continue
            found = self._here(path, node)
            if found is not None and (found.why == "failure" or found.explicit):
                return found
            chosen = chosen or found
        missing = address.fallback
        if missing is not None and missing.fallback == "next":
            why: Why = "failure" if self._tried_in_turn(connection) else "chosen"
            return Reason(why, missing.scope.module.path, missing.expr)
        if missing is not None:
            return Reason("default", missing.scope.module.path, missing.expr)
        return chosen or Reason("plain", connection.path, connection.node)

    def _tried_in_turn(self, connection: Connection) -> bool:
        """Is the connection made in a loop that goes on where it fails?"""
        return any(
            isinstance(inner, s.Try)
            and self.attempts(inner.body)
            and any(_swallows(handler) for handler in inner.handlers)
            for enclosing in self._view.surroundings.of(connection.path, connection.node)
            if isinstance(enclosing.node, s.For)
            for statement in enclosing.node.body
            for inner in s.walk(statement, into_functions=False)
        )

    def _here(self, path: str, node: s.Node) -> Reason | None:
        """The choice that the surroundings of a node make."""
        for handler, statement in self._view.surroundings.handlers(path, node):
            if not self.attempts(statement.body):
                if _unrelated(handler) and self._looks_up(statement.body):
                    return Reason("default", path, node)
                continue
            if not _swallows(handler):
                return Reason("chosen", path, node)
            return Reason("default" if _unrelated(handler) else "failure", path, node)
        found: Reason | None = None
        inner = node
        for enclosing in self._view.surroundings.of(path, node):
            outer = enclosing.node
            if isinstance(outer, s.Class):
                break
            if self._after_failure(outer, enclosing.branch, inner):
                return Reason("failure", path, node)
            found = found or self._beside(path, node, getattr(outer, enclosing.branch), inner)
            if isinstance(outer, s.Function):
                break
            why = self._branch(outer, enclosing.branch)
            if why == "failure":
                return Reason("failure", path, node)
            if why is not None and found is None:
                explicit = why == "chosen" and _names_engine(outer)
                found = Reason(why, path, node, explicit)
            inner = outer
        return found

    def _beside(self, path: str, node: s.Node, block: object, inner: s.Node) -> Reason | None:
        """What the statements before and after the one with the node say."""
        place = self._presence.beside(block, inner) if isinstance(block, list) else None
        if place is None:
            return None
        why: Why = "default" if place == "default" else "chosen"
        return Reason(why, path, node, explicit=place == "explicit")

    def _looks_up(self, body: list[s.Stmt]) -> bool:
        """Do the statements read the environment?"""
        return any(
            isinstance(node, s.Call | s.Subscript)
            and (scope := self._scope(node)) is not None
            and lookup(self._model, node, scope) is not None
            for statement in body
            for node in s.walk(statement, into_functions=False)
        )

    def _branch(self, outer: s.Node, branch: str) -> Why | None:
        """What it means to be in a branch of ``outer``."""
        match outer:
            case s.If(test=test) | s.Conditional(test=test) if branch in ("body", "orelse"):
                scope = self._scope(test)
                if scope is None or _is_main(test):
                    return None
                if self._probes(test, scope):
                    return "failure"
                absent = self._presence.absence(test, scope)
                return "default" if absent is (branch == "body") else "chosen"
            case s.Binary(op="or", left=left) if branch == "right":
                scope = self._scope(left)
                return "failure" if scope is not None and self._probes(left, scope) else None
            case s.Case():
                return "chosen"
        return None

    def _after_failure(self, outer: s.Node, branch: str, statement: s.Node) -> bool:
        """Does an earlier statement of the block try the database, and return if that succeeds?"""
        block = getattr(outer, branch)
        if branch not in ("body", "orelse", "final") or not isinstance(block, list):
            return False
        for earlier in block:
            if earlier is statement:
                return False
            match earlier:
                case s.Try(body=body, handlers=handlers, orelse=orelse):
                    ends = (orelse or body)[-1:]
                    swallowed = any(
                        _swallows(item)
                        and not _unrelated(item)
                        and not any(isinstance(node, s.Return) for node in _inside(item))
                        for item in handlers
                    )
                case s.With(items=items, body=body):
                    ends = body[-1:]
                    swallowed = any("suppress" in set(words(item.context)) for item in items)
                case _:
                    continue
            if swallowed and ends and isinstance(ends[0], s.Return) and self.attempts(body):
                return True
        return False

    def _scope(self, node: s.Expr) -> Scope | None:
        try:
            return self._model.scope_of(node)
        except KeyError:
            return None

    # --- attempts to reach the database ---

    def attempts(self, body: list[s.Stmt]) -> bool:
        """Do the statements try to reach the database, themselves or by what they call?"""
        for statement in body:
            for node in s.walk(statement, into_functions=False):
                if isinstance(node, s.Call | s.Assign) and node in self._openers:
                    return True
                if isinstance(node, s.Call) and (_creates(node) or self._call_reaches(node)):
                    return True
        return False

    def _call_reaches(self, call: s.Call) -> bool:
        function = self._model.scope_of(call).function
        if any(item.node is call for item in self._facts.access.accesses_in(function)):
            return True
        return any(
            isinstance(value, FunctionValue) and self._reaches(value.function)
            for value in self._model.evaluate(call.func)
        )

    def _reaches(self, function: FunctionInfo) -> bool:
        known = self._reaching.get(function)
        if known is None:
            below = self._model.reachable([function])
            known = len(below) < _MAX_REACHED and any(
                call in self._openers or _creates(call) or self._accesses(item, call)
                for item in below
                for call in self._model.calls_in(item)
            )
            self._reaching[function] = known
        return known

    def _accesses(self, function: FunctionInfo, call: s.Call) -> bool:
        return any(item.node is call for item in self._facts.access.accesses_in(function))

    def _probes(self, test: s.Expr, scope: Scope) -> bool:
        """Does a condition ask whether the database can be reached?"""
        for node in s.walk(test):
            if isinstance(node, s.Call):
                for value in self._model.evaluate(node.func):
                    if isinstance(value, FunctionValue) and self._is_probe(value.function):
                        return True
            elif isinstance(node, s.Name):
                for item in self._model.provenance(node, scope):
                    if self._set_by_failure(item.scope.module.path, item.expr):
                        return True
        return False

    def _is_probe(self, function: FunctionInfo) -> bool:
        """Does the function try the database and tell the outcome by what it returns?"""
        node = function.node
        return isinstance(node, s.Function) and any(
            isinstance(inner, s.Try)
            and self.attempts(inner.body)
            and any(_swallows(handler) and not _unrelated(handler) for handler in inner.handlers)
            for statement in node.body
            for inner in s.walk(statement, into_functions=False)
        )

    def _set_by_failure(self, path: str, expr: s.Expr) -> bool:
        if path not in self._model.modules:
            return False
        if isinstance(expr, s.Call) and any(
            isinstance(value, FunctionValue) and self._is_probe(value.function)
            for value in self._model.evaluate(expr.func)
        ):
            return True
        return any(
            self.attempts(statement.body) and _swallows(handler) and not _unrelated(handler)
            for handler, statement in self._view.surroundings.handlers(path, expr)
        )


def _creates(call: s.Call) -> bool:
    """``metadata.create_all(engine)``, ``connection.run_sync(metadata.create_all)``."""
    given = (call.func, *(argument.value for argument in call.args))
    return any(isinstance(item, s.Attribute) and item.name == "create_all" for item in given)


def _swallows(handler: s.Handler) -> bool:
    """Does the handler go on, whatever happened?"""
    return not any(isinstance(node, s.Raise) for node in _inside(handler)) and not any(
        isinstance(node, s.Call) and list(words(node.func))[-1:] in (["exit"], ["abort"], ["_exit"])
        for node in _inside(handler)
    )


def _inside(handler: s.Handler) -> Iterator[s.Node]:
    for statement in handler.body:
        yield from s.walk(statement, into_functions=False)


def _unrelated(handler: s.Handler) -> bool:
    if handler.type is None:
        return False
    names = set(words(handler.type))
    return bool(names) and names <= _UNRELATED


def _names_engine(outer: s.Node) -> bool:
    if not isinstance(outer, s.If | s.Conditional):
        return isinstance(outer, s.Case)
    return names_engine(outer.test)


def _is_main(test: s.Expr) -> bool:
    return "__name__" in set(words(test))
