"""What keeps the text of a request out of a statement: checks, closed sets, conversions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import FunctionInfo, Route, Scope
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel

#: Functions and methods that tell whether a value is one of a set or has a form.
_CHECKING: Final = regex(
    r"^(?:includes|has|hasOwn|hasOwnProperty|indexOf|findIndex|find|some|test|match|isInteger"
    r"|isSafeInteger|isFinite|isNaN|parse|safeParse|parseAsync|cast|(?:is|assert|check|valid|ensure"
    r"|allow|require)\w*)$",
    re.IGNORECASE,
)
_VALIDATING: Final = regex(
    r"valid|celebrate|schema|joi|zod|check|sanit|zvalid|\bbody$|^query$|^param$", re.IGNORECASE
)
_CLEANING: Final = regex(
    r"escape|sanit|quote|valid|parse|number|int|whitelist|allow|safe|identifier|enum", re.IGNORECASE
)
#: What a schema says of text that is not any text.
_CLOSED: Final = regex(r"\b(?:enum|pattern|format|const['\"]?\s*:|Type\.|z\.)")
_PLAIN: Final = frozenset({"number", "boolean", "bigint", "Date", "Number", "Boolean", "never"})


class Guards:
    """Answers for one program."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._checked: dict[s.Node, frozenset[str]] = {}
        self._validated: dict[Route, bool] = {}

    def checked(self, expr: s.Expr, scope: Scope, path: tuple[str, ...] = ()) -> bool:
        """Does the function look at the value of a variable or property, or at that of ``path`` in
        it, before it uses it?"""
        if not isinstance(expr, s.Name | s.Attribute):
            return False
        words = {_words(expr), ".".join((_words(expr), *path))}
        function: FunctionInfo | None = scope.function
        while function is not None:
            node = function.node
            if isinstance(node, s.Function) and not words.isdisjoint(self._of(node)):
                return True
            function = function.parent
        return False

    def _of(self, node: s.Function) -> frozenset[str]:
        found = self._checked.get(node)
        if found is None:
            names: set[str] = set()
            chosen: set[s.Node] = set()
            for item in s.walk(node):
                if isinstance(item, s.Conditional):
                    chosen.update(s.walk(item.test))
                if item not in chosen:
                    names.update(_names_checked(item))
            found = self._checked[node] = frozenset(names)
        return found

    def tells(self, test: s.Expr, chosen: s.Expr) -> bool:
        """Does a condition compare what is chosen with something?"""
        words = _words(chosen)
        return any(words in set(_names_checked(item)) for item in s.walk(test))

    def cleans(self, function: FunctionInfo) -> bool:
        """Does a function's name say that it makes its argument harmless, or checks it?"""
        return _CLEANING.search(function.name) is not None

    def validated(self, route: Route) -> bool:
        """Is something registered with the route that checks the request?"""
        found = self._validated.get(route)
        if found is None:
            found = self._validated[route] = self._is_validated(route)
        return found

    def _is_validated(self, route: Route) -> bool:
        if any(_VALIDATING.search(handler.name) for handler in route.handlers[1:]):
            return True
        if route.module not in self._model.modules:
            return True
        for call in registration(self._model, route):
            for argument in call.args:
                if route.framework == "fastify" and isinstance(argument.value, s.Mapping):
                    continue
                if _checks(argument.value):
                    return True
        return False

    def typed(self, route: Route, *, quoted: bool) -> bool:
        """Fastify's schema may make a number of what the request holds, or know all its values."""
        if route.framework != "fastify":
            return False
        try:
            text = self._model.tree.text(route.module)
        except (OSError, UnicodeError):
            return True
        return "schema" in text and not (quoted and _CLOSED.search(text) is None)


def registration(model: CodeModel, route: Route) -> Iterator[s.Call]:
    """The call that registers ``route`` and those that its arguments are made by, its functions
    left out."""
    module = model.modules.get(route.module)
    inside = {id(node) for info in route.handlers for node in s.walk(info.node)}
    for node in s.walk(module) if module is not None else ():
        if isinstance(node, s.Call) and node.span[0] == route.span[0] and id(node) not in inside:
            yield node


def _checks(expr: s.Expr) -> bool:
    """Is an argument of a route's registration a validator, or an object with a schema?"""
    if isinstance(expr, s.FunctionExpr):
        return False
    if isinstance(expr, s.Mapping):
        return any(
            isinstance(entry.key, s.Literal) and entry.key.value in ("schema", "validate")
            for entry in expr.entries
        )
    if isinstance(expr, s.Sequence):
        return any(_checks(item) for item in expr.items)
    func = expr.func if isinstance(expr, s.Call) else expr
    while isinstance(func, s.Attribute | s.Call):
        if isinstance(func, s.Call):
            func = func.func
            continue
        if _VALIDATING.search(func.name):
            return True
        func = func.value
    return isinstance(func, s.Name) and _VALIDATING.search(func.id) is not None


def _names_checked(node: s.Node) -> list[str]:
    match node:
        case s.Call(func=func, args=args):
            name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
            if not _CHECKING.match(name):
                return []
            found = [_words(item.value) for item in args]
            if isinstance(func, s.Attribute) and name in ("match", "includes"):
                found.append(_words(func.value) if name == "match" else "")
            return [item for item in found if item]
        case s.Binary(op="==" | "!=" | "in", left=left, right=right):
            if _is_nothing(right) or _is_nothing(left):
                return []
            if isinstance(left, s.Unary) and left.op == "typeof":
                is_number = isinstance(right, s.Literal) and right.value in ("number", "boolean")
                return [_words(left.value)] if is_number else []
            found = [_words(left)] if node.op == "in" else [_words(left), _words(right)]
            return [item for item in found if item]
        case s.Assign(targets=[s.Name(id=name)], value=s.Call() as call, declaration=""):
            # ``sort = safe(sort)``
            own = any(isinstance(item, s.Name) and item.id == name for item in s.walk(call))
            return [name] if own else []
        case s.Switch(subject=subject):
            return [_words(subject)] if _words(subject) else []
    return []


def _is_nothing(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and (expr.value is None or expr.value == "")


def _words(expr: s.Node) -> str:
    """A variable or property by its last name; empty for anything else."""
    parts: list[str] = []
    while True:
        if isinstance(expr, s.Attribute):
            parts.append(expr.name)
            expr = expr.value
        elif isinstance(expr, s.Subscript) and isinstance(expr.index, s.Literal):
            parts.append(str(expr.index.value))
            expr = expr.value
        elif isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute):
            expr = expr.func.value
        else:
            break
    if isinstance(expr, s.Name):
        parts.append(expr.id)
        return ".".join(reversed(parts))
    return ""


def is_plain_type(annotation: s.Expr, path: tuple[str, ...]) -> bool:
    """Does a written type leave no room for text of any kind?"""
    if path:
        if isinstance(annotation, s.Mapping):
            inner = annotation.get(path[0])
            return inner is not None and is_plain_type(inner, path[1:])
        if path[0] == "[]" and isinstance(annotation, s.Subscript):
            return is_plain_type(annotation.index, path[1:])
        return False
    match annotation:
        case s.Name(id=name):
            return name in _PLAIN
        case s.Literal():
            return True
        case s.Binary(op="|", left=left, right=right):
            return is_plain_type(left, ()) and is_plain_type(right, ())
        case s.Subscript(value=s.Name(id="Array"), index=index):
            return is_plain_type(index, ())
        case s.Unary(op="keyof"):
            return True
    return False
