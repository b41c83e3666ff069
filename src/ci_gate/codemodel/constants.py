"""The one expression that a constant stands for.

Where :meth:`CodeModel.evaluate` gives values, this gives the place where a value is written, so
that a finding in a text can point into the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import ClassInfo, Scope
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.values import (
    ClassValue,
    ExternalValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
    Value,
)
from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator

_MAX_HOPS: Final = 8


@dataclass(frozen=True, slots=True)
class ConstantDefinition:
    """An expression and the scope in which it is read."""

    expr: s.Expr
    scope: Scope


class Constants:
    """Answers for one program."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._index = evaluator.index
        self._imports = evaluator.imports
        self._augmented: dict[s.Node, frozenset[str]] = {}

    def of(self, expr: s.Expr, scope: Scope) -> ConstantDefinition | None:
        """What a name or attribute is bound to, when it is a module's or a class's constant with
        exactly one plain assignment; None otherwise (locals included)."""
        if isinstance(expr, s.Name):
            found = self._evaluator.find(expr.id, scope)
            if found is None:
                return self._starred(expr.id, scope.module, _MAX_HOPS)
            frame, bindings = found
            if isinstance(frame, s.Function) or expr.id in self._grown(frame):
                return None
            return self._single(bindings, _MAX_HOPS)
        if isinstance(expr, s.Attribute):
            values = self._evaluator.of(expr.value, scope)
            if len(values) == 1:
                return self._attribute(values[0], expr.name)
        return None

    def _grown(self, frame: s.Node) -> frozenset[str]:
        """The names whose values a module or class body changes: ``+=``, ``append``, items."""
        found = self._augmented.get(frame)
        if found is None:
            found = self._augmented[frame] = frozenset(_changed(frame))
        return found

    def _single(self, bindings: Sequence[Binding], hops: int) -> ConstantDefinition | None:
        if len(bindings) != 1 or hops <= 0:
            return None
        [binding] = bindings
        if binding.kind == "import":
            return self._imported(binding, hops - 1)
        if binding.kind != "value" or binding.path or isinstance(binding.node, s.Assign):
            return None
        return ConstantDefinition(binding.node, binding.scope)  # type: ignore[arg-type]

    def _imported(self, binding: Binding, hops: int) -> ConstantDefinition | None:
        statement, item = binding.statement, binding.node
        if statement is None or not isinstance(item, s.ImportedName) or item.name == "*":
            return None
        if statement.kind not in ("from", "require"):
            return None
        target = self._imports.target(binding.scope.module.path, statement.specifier)
        return self._member(target.path, item.name, hops)

    def _member(self, path: str | None, name: str, hops: int) -> ConstantDefinition | None:
        module = self._index.modules.get(path) if path is not None else None
        if module is None or hops <= 0:
            return None
        if module.language != "python":
            return self._exported(module, name, hops)
        bindings = self._index.frames[module].names.get(name)
        if bindings:
            if name in self._grown(module):
                return None
            return self._single(bindings, hops)
        return self._starred(name, module, hops)

    def _exported(self, module: s.Module, name: str, hops: int) -> ConstantDefinition | None:
        """What a JavaScript module gives away under ``name``, when that is said once."""
        found = [item for item in module.exports if item.name == name]
        if len(found) != 1:
            return None
        [export] = found
        if export.specifier is not None:
            target = self._imports.target(module.path, export.specifier)
            return self._member(target.path, export.source or name, hops - 1)
        scope = self._index.module_scope(module.path)
        if export.value is not None and not isinstance(export.value, s.Name):
            return ConstantDefinition(export.value, scope)
        local = export.value.id if isinstance(export.value, s.Name) else export.local
        bindings = self._index.frames[module].names.get(local or "")
        if not bindings or local in self._grown(module):
            return None
        return self._single(bindings, hops)

    def _starred(self, name: str, module: s.Module, hops: int) -> ConstantDefinition | None:
        for statement in self._index.frames[module].stars:
            target = self._imports.target(module.path, statement.specifier)
            found = self._member(target.path, name, hops - 1)
            if found is not None:
                return found
        return None

    def _attribute(self, value: Value, name: str) -> ConstantDefinition | None:
        if isinstance(value, ModuleValue):
            return self._member(value.path, name, _MAX_HOPS)
        if isinstance(value, ObjectValue):
            held = value.mapping.get(name)
            if held is None or name in self._index.attribute_stores:
                return None
            return ConstantDefinition(held, value.scope)
        if isinstance(value, InstanceValue | ClassValue):
            found = self._of_class(value.cls, name)
            if found is not None and isinstance(value, InstanceValue):
                return None if self._is_given(value.cls, name) else found
            return found
        return None

    def _is_given(self, cls: ClassInfo, name: str) -> bool:
        """Does the class's constructor take it: is it a field of a dataclass or pydantic model?"""
        if not any(
            binding.annotation is not None
            and _type(binding.annotation) not in ("ClassVar", "Final")
            for owner in self._evaluator.classes.lineage(cls)
            for binding in self._index.frames[owner.node].names.get(name, ())
        ):
            return False
        return any(
            _RECORDS.match(base.path)
            for base in self._evaluator.classes.ancestors(cls)
            if isinstance(base, ExternalValue)
        ) or any(
            _type(decorator) in _MAKING_RECORDS
            for owner in self._evaluator.classes.lineage(cls)
            for decorator in owner.node.decorators
        )

    def _of_class(self, cls: ClassInfo, name: str) -> ConstantDefinition | None:
        """A constant of the class body that nothing overrides or assigns anew."""
        index, classes = self._index, self._evaluator.classes
        if name in index.attribute_stores:
            return None
        for below in classes.descendants(cls):
            if below is not cls and self._own(below, name):
                return None
        for owner in classes.lineage(cls):
            own = self._own(owner, name)
            if own:
                in_body = index.frames[owner.node].names.get(name, ())
                if len(in_body) != len(own) or name in self._grown(owner.node):
                    return None
                return self._single(own, _MAX_HOPS)
        return None

    def _own(self, cls: ClassInfo, name: str) -> list[Binding]:
        in_body = self._index.frames[cls.node].names.get(name, [])
        return [*in_body, *self._index.class_attributes[cls].get(name, [])]


#: Base classes and decorators that make a constructor of the annotated names of a class body.
_RECORDS: Final = regex(
    r"^(?:pydantic(?:_settings)?|sqlmodel|msgspec|attrs?)\.|^typing(?:_extensions)?\.NamedTuple"
)
_MAKING_RECORDS: Final = frozenset(
    {"dataclass", "define", "frozen", "mutable", "attrs", "s", "dataclass_transform"}
)


def _type(expr: s.Expr) -> str:
    """The name of an annotation's outermost type, or of a decorator."""
    while isinstance(expr, s.Subscript | s.Call):
        expr = expr.value if isinstance(expr, s.Subscript) else expr.func
    return expr.name if isinstance(expr, s.Attribute) else getattr(expr, "id", "")


_MUTATORS: Final = frozenset({
    "append", "extend", "insert", "update", "add", "setdefault", "pop", "remove", "clear",
    "push", "unshift", "shift", "splice",
})  # fmt: skip


def _changed(frame: s.Node) -> Iterator[str]:
    for node in s.walk(frame):
        match node:
            case s.Assign(op=str(), targets=targets):
                yield from (target.id for target in targets if isinstance(target, s.Name))
            case s.Assign(targets=targets):
                for target in targets:
                    if isinstance(target, s.Subscript) and isinstance(target.value, s.Name):
                        yield target.value.id
            case s.Call(func=s.Attribute(value=s.Name(id=name), name=method)) if (
                method in _MUTATORS
            ):
                yield name
