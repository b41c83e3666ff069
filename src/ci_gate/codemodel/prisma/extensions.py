"""What a program adds to Prisma's client: `$extends`, `defineExtension`, `$use`."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: Extensions that neither compute fields nor take other arguments.
_HARMLESS: Final = regex(
    r"^(?:@prisma/extension-(?:accelerate|read-replicas|optimize|pulse)|prisma-extension-kysely)\b"
)


@dataclass(frozen=True, slots=True)
class Extensions:
    """``fields`` are the names that are computed for rows. ``unknown``: an extension could not be
    read, or one (also a middleware) is between the program and the arguments of its queries."""

    fields: frozenset[str] = frozenset()
    unknown: bool = False

    @classmethod
    def of(cls, model: CodeModel) -> Extensions:
        fields: set[str] = set()
        unknown = False
        for name in ("$extends", "defineExtension", "$use"):
            for call, scope in model.calls_named(name):
                if scope.module.language == "python" or is_outside(scope.module.path):
                    continue
                written, there = call.argument(0), scope
                if isinstance(written, s.Name):
                    written, there = model.definition(written, scope) or (written, scope)
                if isinstance(written, s.Mapping):
                    unknown = unknown or _hooks(written)
                    fields |= _computed(written)
                elif isinstance(written, s.FunctionExpr):
                    unknown = unknown or (name == "$use" and not _only_passes_on(written.function))
                else:
                    unknown = unknown or not _is_harmless(model, written, there)
        return cls(frozenset(fields), unknown)


def _only_passes_on(middleware: s.Function) -> bool:
    """Does a middleware leave what it is given as it is?"""
    names = [param.name for param in middleware.params]
    if len(names) != 2 or not all(names):
        return False
    given, passes_on = names
    for statement in middleware.body:
        for node in s.walk(statement):
            if isinstance(node, s.Assign) and any(_mentions(t, given) for t in node.targets):
                return False
            if isinstance(node, s.Unary) and node.op == "delete":
                return False
            if (
                isinstance(node, s.Call)
                and getattr(node.func, "id", "") != passes_on
                and any(_mentions(item.value, given) for item in node.args)
            ):
                return False
    return True


def _mentions(expr: s.Node, name: str) -> bool:
    return any(isinstance(node, s.Name) and node.id == name for node in s.walk(expr))


def _hooks(extension: s.Mapping) -> bool:
    """May it change what queries are given?"""
    return extension.get("query") is not None or any(
        not isinstance(entry.key, s.Literal) for entry in extension.entries
    )


def _computed(extension: s.Mapping) -> set[str]:
    result = extension.get("result")
    if not isinstance(result, s.Mapping):
        return set()
    return {
        str(inner.key.value)
        for entry in result.entries
        if isinstance(entry.value, s.Mapping)
        for inner in entry.value.entries
        if isinstance(inner.key, s.Literal)
    }


def _is_harmless(model: CodeModel, written: s.Expr | None, scope: Scope) -> bool:
    if written is None:
        return False
    if isinstance(written, s.Call) and getattr(written.func, "name", "") == "defineExtension":
        return True  # it is looked at where it stands
    called = written.func if isinstance(written, s.Call) else written
    values = model.evaluate(called, scope)
    return bool(values) and all(
        isinstance(item, ExternalValue) and _HARMLESS.match(item.path) for item in values
    )
