"""What the schemas that a request goes through let in under a name: text of any kind, or less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import Route, Scope
from ci_gate.codemodel.requestguards import registration
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.model import CodeModel

#: An expression, and where it is read.
Placed: TypeAlias = tuple[s.Expr, Scope]

_MAX_DEPTH: Final = 12
_MAX_NODES: Final = 4_000
#: The objects whose `string()` makes a schema (zod, Joi, yup, valibot, TypeBox).
_LIBRARIES: Final = frozenset({
    "z", "zod", "Joi", "joi", "yup", "Yup", "v", "Type", "T", "t",
})  # fmt: skip
#: What may be said of a string that leaves it any text.
_KEEPING: Final = frozenset({
    "optional", "nullable", "nullish", "default", "min", "max", "trim", "nonempty", "length",
    "describe", "toLowerCase", "toUpperCase", "lowercase", "uppercase", "catch", "required",
    "label", "notRequired", "Optional", "meta", "openapi", "title", "description",
})  # fmt: skip
_STRINGS: Final = frozenset({"string", "String"})
_WRAPPING: Final = frozenset({"optional", "nullable", "nullish", "Optional", "exactOptional"})
#: What works on a whole object, so that a name's own entry does not tell all.
_RESHAPING: Final = frozenset({
    "transform", "pipe", "refine", "superRefine", "preprocess", "check", "custom", "test",
    "external", "when", "rename",
})  # fmt: skip
_CHECKING: Final = regex(
    r"valid|celebrate|schema|joi|zod|check|sanit|allow|clean|escape|^(?:body|query|param)s?$",
    re.IGNORECASE,
)
_LIMITS: Final = frozenset({"enum", "pattern", "format", "const", "$ref", "anyOf", "oneOf"})


class RequestSchemas:
    """Answers for one program."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._open: dict[tuple[Route, str], bool] = {}

    def leave_open(self, route: Route, name: str) -> bool:
        """Do the schemas that ``route`` is registered with name ``name``, and take any text there?

        False where a schema says less, or nothing that is understood.
        """
        key = (route, name)
        if key not in self._open:
            arguments = self._arguments(route)
            self._open[key] = all(
                self._is_schema(*argument) for argument in arguments if _is_check(argument[0])
            ) and self._take_any(arguments, name)
        return self._open[key]

    def takes_any(self, schema: s.Expr, scope: Scope, name: str) -> bool:
        """The same of one schema (``schema.parse(req.query)``)."""
        return self._take_any([(schema, scope)], name)

    def _arguments(self, route: Route) -> Sequence[Placed]:
        """What stands beside the handler where the route is registered."""
        return [
            (argument.value, self._model.scope_of(call))
            for call in registration(self._model, route)
            for argument in call.args
            if not isinstance(argument.value, s.FunctionExpr | s.Literal)
        ]

    def _is_schema(self, expr: s.Expr, scope: Scope) -> bool:
        """Is a schema written out in it, so that it is known what is checked?"""
        return any(isinstance(node, s.Mapping) for node in self._nodes([(expr, scope)]))

    def _take_any(self, schemas: Sequence[Placed], name: str) -> bool:
        entries: list[s.Expr] = []
        for node in self._nodes(schemas):
            if isinstance(node, s.Call) and _called(node) in _RESHAPING:
                return False
            if isinstance(node, s.Mapping):
                entries += [
                    entry.value
                    for entry in node.entries
                    if isinstance(entry.key, s.Literal) and entry.key.value == name
                ]
        return bool(entries) and all(_is_any_text(entry) for entry in entries)

    def _nodes(self, schemas: Sequence[Placed]) -> Iterator[s.Node]:
        """All that the expressions consist of, names followed to what they stand for."""
        seen: set[s.Node] = set()
        queue = [(expr, scope, 0) for expr, scope in schemas]
        while queue and len(seen) < _MAX_NODES:
            expr, scope, depth = queue.pop()
            for node in s.walk(expr, into_functions=False):
                if node in seen:
                    continue
                seen.add(node)
                yield node
                if isinstance(node, s.Name) and depth < _MAX_DEPTH:
                    queue += [(*found, depth + 1) for found in self._stands_for(node, scope)]

    def _stands_for(self, name: s.Name, scope: Scope) -> Iterator[Placed]:
        found = self._model.definition(name, scope)
        if found is not None:
            yield found
            return
        for binding in self._model.bindings(name.id, scope):
            if binding.kind != "value" or not isinstance(binding.node, s.Call):
                continue
            [(kind, key)] = binding.path if len(binding.path) == 1 else [("", "")]
            if kind == "key" and isinstance(key, str):  # const { schema } = require("./schemas")
                held = s.Attribute(name.span, binding.node, key, name.span)
                found = self._model.definition(held, binding.scope)
                if found is not None:
                    yield found


def _is_check(expr: s.Expr) -> bool:
    """May an argument of the registration look at the request?"""
    if isinstance(expr, s.Sequence):
        return any(_is_check(item) for item in expr.items)
    func = expr.func if isinstance(expr, s.Call) else expr
    name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
    return isinstance(expr, s.Mapping) or _CHECKING.search(name) is not None


def _called(call: s.Call) -> str:
    return call.func.name if isinstance(call.func, s.Attribute) else getattr(call.func, "id", "")


def _is_any_text(expr: s.Expr) -> bool:
    """``z.string().trim().optional()``, ``{ type: "string" }``."""
    if isinstance(expr, s.Mapping):
        kind = expr.get("type")
        return (
            isinstance(kind, s.Literal)
            and kind.value == "string"
            and not any(expr.get(name) is not None for name in _LIMITS)
            and all(entry.key is not None for entry in expr.entries)
        )
    while isinstance(expr, s.Call):
        name = _called(expr)
        options = [item.value for item in expr.args if isinstance(item.value, s.Mapping)]
        if any(each.get(limit) is not None for each in options for limit in _LIMITS):
            return False
        if name in _STRINGS:
            func = expr.func
            if not isinstance(func, s.Attribute):
                return isinstance(func, s.Name)
            return isinstance(func.value, s.Name) and func.value.id in _LIBRARIES
        inner = expr.argument(0)
        if name in _WRAPPING and isinstance(inner, s.Call):  # Type.Optional(Type.String())
            expr = inner
        elif name in _KEEPING and isinstance(expr.func, s.Attribute):
            expr = expr.func.value
        else:
            return False
    return False
