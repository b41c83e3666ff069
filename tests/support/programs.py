"""Small programs of several files, and what the code model says of them in words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.build import build
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import (
    CallableValue,
    ClassValue,
    CollectionValue,
    ConstantValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    PackageValue,
    PartialValue,
    TupleValue,
    Value,
)
from support.trees import MemoryTree


class Program:
    """A program whose code asks questions: ``probe(expr)`` stands where ``expr`` is asked for."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.model: CodeModel = build(
            MemoryTree({path: textwrap.dedent(text) for path, text in files.items()})
        )

    def probes(self) -> list[list[str]]:
        """What each probed expression can stand for, in the order of files and lines."""
        found: list[list[str]] = []
        for path in sorted(self.model.modules):
            module = self.model.modules[path]
            for node in s.walk(module):
                if isinstance(node, s.Call) and isinstance(node.func, s.Name):
                    if node.func.id == "probe":
                        values = self.model.evaluate(node.args[0].value)
                        found.append(sorted(map(in_words, values)))
        return found

    def probe(self) -> list[str]:
        [found] = self.probes()
        return found

    def callees(self, qualname: str, reason: str | None = None) -> list[str]:
        edges = self.model.callees(self.model.functions[qualname])
        return [edge.callee.qualname for edge in edges if reason in (None, edge.reason)]

    def reached(self, qualname: str) -> set[str]:
        start = self.model.functions[qualname]
        return {item.qualname for item in self.model.reachable([start])}

    def targets(self, path: str) -> list[tuple[str | None, str | None]]:
        """(symbol, file or package) of each import of a module."""
        return [(edge.symbol, edge.target or edge.package) for edge in self.model.imports_of(path)]


def in_words(value: Value) -> str:
    if isinstance(value, ExternalValue):
        return value.path
    if isinstance(value, InstanceValue):
        return f"a {value.cls.name}"
    if isinstance(value, ClassValue):
        return f"class {value.cls.name}"
    if isinstance(value, FunctionValue):
        return value.function.qualname
    if isinstance(value, ModuleValue | PackageValue):
        return f"module {value.path}"
    if isinstance(value, CollectionValue):
        return f"many {in_words(value.element)}"
    if isinstance(value, CallableValue):
        return f"gives {in_words(value.returns)}"
    if isinstance(value, PartialValue):
        return f"partial {in_words(value.function)}"
    if isinstance(value, ConstantValue):
        return repr(value.value)
    if isinstance(value, TupleValue):
        return str(tuple("|".join(sorted(map(in_words, item))) for item in value.items))
    return type(value).__name__
