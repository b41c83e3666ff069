"""What a program adds to Prisma's client: `$extends`, `defineExtension`, `$use`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue

#: Extensions that neither compute fields nor take other arguments.
_HARMLESS: Final = re.compile(
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
                written = call.argument(0)
                if written is None or name == "$use":
                    unknown = True
                elif isinstance(written, s.Mapping):
                    unknown = unknown or _hooks(written)
                    fields |= _computed(written)
                else:
                    unknown = unknown or not _is_harmless(model, written, scope)
        return cls(frozenset(fields), unknown)


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


def _is_harmless(model: CodeModel, written: s.Expr, scope: Scope) -> bool:
    called = written.func if isinstance(written, s.Call) else written
    values = model.evaluate(called, scope)
    return bool(values) and all(
        isinstance(item, ExternalValue) and _HARMLESS.match(item.path) for item in values
    )
