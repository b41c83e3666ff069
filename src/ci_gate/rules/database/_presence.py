"""Conditions that ask whether a setting is there, and what the statements beside them mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.environment import lookup
from ci_gate.codemodel.model import Scope
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._service import says_development, words

#: Parts of names that settings of a database's address have.
_ADDRESS: Final = regex(r"url|uri|dsn|host|database|postgres|mysql|mariadb|(?:^|_)(?:db|pg)_")
_ENGINE: Final = regex(
    r"sqlite|in_memory|(?:^|_)(?:use|enable)_|(?:db|database)_(?:engine|type|kind)|backend|storage"
)
_CHOICE: Final = regex(r"(?:^|_)(?:use|enable|enabled|with|is|has)_|engine|type|kind|backend")

#: What a place means by the statements beside it. ``default``: it is come to where a setting is
#: missing. ``chosen``: a condition picks it, ``explicit``: by the name of an engine.
Place = Literal["default", "chosen", "explicit"]


class Presence:
    """Answers for the rules of one run."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model

    def absence(self, test: s.Expr, scope: Scope) -> bool | None:
        """Does a condition hold where a setting is missing (True), where it is there (False)?"""
        match test:
            case s.Unary(op="not", value=inner):
                found = self.absence(inner, scope)
                return None if found is None else not found
            case s.Binary(op="is" | "==", left=left, right=s.Literal(kind="none")):
                return True if self._is_setting(left, scope) else None
            case s.Binary(op="is not" | "!=", left=left, right=s.Literal(kind="none")):
                return False if self._is_setting(left, scope) else None
            case s.Binary(op="==", left=left, right=s.Literal(value="")):
                return True if self._is_setting(left, scope) else None
            case s.Binary(op="in", left=s.Literal(), right=right):
                return False if "environ" in set(words(right)) else None
            case s.Binary(op="not in", left=s.Literal(), right=right):
                return True if "environ" in set(words(right)) else None
        return False if self._is_setting(test, scope) else None

    def _is_setting(self, expr: s.Expr, scope: Scope) -> bool:
        """Is it the address of a database out of the settings?"""
        texts = self._facts.connections.texts.of(expr, scope)
        names = [name for text in texts for name in text.sources]
        names += list(words(expr)) if lookup(self._model, expr, scope) is None else []
        lower = [name.lower().rpartition(":")[2] for name in names]
        return any(_ADDRESS.search(name) and not _CHOICE.search(name) for name in lower)

    def beside(self, block: Sequence[s.Stmt], statement: s.Node) -> Place | None:
        """What it means to be ``statement`` of a block: to come after the conditions that have
        returned, or to be replaced by a later one."""
        found: set[Place] = set()
        passed = False
        for other in block:
            if other is statement:
                passed = True
            elif passed:
                if self._replaces(other, statement):
                    found.add("default")
            elif isinstance(other, s.If):
                found.update(self._left(other))
        if "explicit" in found:
            return "explicit"
        return "default" if "default" in found else next(iter(found), None)

    def _left(self, statement: s.If) -> Iterator[Place]:
        """What is known after an ``if`` whose branches return, and that was not entered."""
        tests: list[s.Expr] = []
        branch: s.If | None = statement
        while branch is not None:
            if not branch.body or not isinstance(branch.body[-1], s.Return):
                return
            tests.append(branch.test)
            match branch.orelse:
                case []:
                    branch = None
                case [s.If() as following]:
                    branch = following
                case _:
                    return
        for test in tests:
            scope = self._scope(test)
            absent = None if scope is None else self.absence(test, scope)
            if absent is False:
                yield "default"
            elif absent is None and names_engine(test):
                yield "explicit"
            elif absent is None and not any(says_development(word) for word in words(test)):
                yield "chosen"

    def _replaces(self, other: s.Stmt, statement: s.Node) -> bool:
        """Does a later statement, where a setting is there, bind anew what ``statement`` binds?"""
        if not isinstance(statement, s.Assign):
            return False
        target = _root(statement.targets[0]) if len(statement.targets) == 1 else None
        if target is None:
            return False
        match other:
            case s.If(test=test, body=body, orelse=[]):
                scope = self._scope(test)
                return (
                    scope is not None
                    and self.absence(test, scope) is False
                    and any(_binds(inner, target) for inner in body)
                )
            case s.ExprStmt(value=s.Call(func=s.Attribute(name="update", value=base)) as call):
                given = call.argument(0)
                return _root(base) == target and given is not None and self._looked_up(given)
        return False

    def _looked_up(self, expr: s.Expr) -> bool:
        scope = self._scope(expr)
        if scope is None:
            return False
        if isinstance(expr, s.Name):
            written = self._model.provenance(expr, scope)
            return len(written) == 1 and self._is_lookup(written[0].expr, written[0].scope)
        return self._is_lookup(expr, scope)

    def _is_lookup(self, expr: s.Expr, scope: Scope) -> bool:
        found = lookup(self._model, expr, scope)
        return found is not None and found.default is None

    def _scope(self, node: s.Node) -> Scope | None:
        try:
            return self._model.scope_of(node)
        except KeyError:
            return None


def names_engine(test: s.Expr) -> bool:
    """Does a condition speak of engines (``DB_TYPE == "sqlite"``, ``USE_SQLITE``)?"""
    return any(_ENGINE.search(word.lower()) for word in words(test))


def _root(target: s.Expr) -> str | None:
    """The name whose value, or part of it, a target is."""
    while isinstance(target, s.Subscript):
        target = target.value
    return target.id if isinstance(target, s.Name) else None


def _binds(statement: s.Stmt, name: str) -> bool:
    return isinstance(statement, s.Assign) and any(
        _root(target) == name for target in statement.targets
    )
