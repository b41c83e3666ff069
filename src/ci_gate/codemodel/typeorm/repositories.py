"""Whose repository an expression is: the entity that ``getRepository(User)``, a parameter of type
``Repository<User>``, an injected field or a repository class of the project stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.typeorm.entities import TypeormEntities
from ci_gate.codemodel.typeorm.facts import TypeormEntity
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue, InstanceValue

_GETTERS: Final = frozenset({"getRepository", "getTreeRepository"})
_SAME: Final = frozenset({"withRepository", "extend", "getCustomRepository"})
_CLASSES: Final = frozenset({"typeorm.Repository", "typeorm.TreeRepository",
                             "typeorm.AbstractRepository"})  # fmt: skip
_DECORATORS: Final = frozenset({"EntityRepository", "InjectRepository", "CustomRepository"})
_MAX_DEPTH: Final = 6


class Repositories:
    """Answers for one program."""

    def __init__(self, entities: TypeormEntities) -> None:
        self._entities = entities
        self._model: CodeModel = entities.model
        self._known: dict[tuple[s.Node, Scope], TypeormEntity | None] = {}
        self._of_class: dict[ClassInfo, TypeormEntity | None] = {}

    def of(self, expr: s.Expr, scope: Scope, depth: int = 0) -> TypeormEntity | None:
        """The entity whose repository ``expr`` surely is, or that asks for its own rows."""
        key = expr, scope
        if key not in self._known:
            self._known[key] = None
            found = self._of(expr, scope, depth) if depth <= _MAX_DEPTH else None
            self._known[key] = found
        return self._known[key]

    def _of(self, expr: s.Expr, scope: Scope, depth: int) -> TypeormEntity | None:
        match expr:
            case s.Await(value=awaited):
                return self.of(awaited, scope, depth + 1)
            case s.Call():
                return self._called(expr, scope, depth)
            case s.Name(id=name):
                bindings = self._model.bindings(name, scope)
                found = self._bound(bindings, depth)
                if found is not None:
                    return found
                if any(item.kind == "import" for item in bindings):
                    written = self._model.definition(expr, scope)
                    if written is not None and written[0] is not expr:
                        found = self.of(*written, depth + 1)
                return found or self._by_value(expr, scope)
            case s.Attribute(value=base, name=name):
                for value in self._model.evaluate(base, scope):
                    if not isinstance(value, InstanceValue | ClassValue):
                        return None
                    found = self._field(value.cls, name, depth)
                    if found is not None:
                        return found
                written = self._model.definition(expr, scope)
                if written is not None and written[0] is not expr:
                    found = self.of(*written, depth + 1)
                    if found is not None:
                        return found
                return self._by_value(expr, scope)
        return None

    # --- calls ---

    def is_asked_for(self, expr: s.Expr) -> bool:
        """Is it a repository of any entity (``this.getRepository()``)? Its name is the alias."""
        func = expr.func if isinstance(expr, s.Call) else None
        return isinstance(func, s.Attribute) and func.name in _GETTERS

    def _called(self, call: s.Call, scope: Scope, depth: int) -> TypeormEntity | None:
        func = call.func
        name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        if name in _GETTERS:
            given = [item.value for item in call.args]
            if not given and isinstance(func, s.Attribute):  # `User.getRepository()`
                given = [func.value]
            named = [self._entities.of(item, scope) for item in given]
            found = [item for item in named if item is not None]
            return found[0] if len(found) == 1 else None
        if name in _SAME:
            if name == "extend":
                base = func.value if isinstance(func, s.Attribute) else None
                return self.of(base, scope, depth + 1) if base is not None else None
            first = call.argument(0)
            return self._repository_class(first, scope, depth) if first is not None else None
        if call.new:
            return self._by_value(call, scope)
        values = self._model.evaluate(func, scope)
        only = next(iter(values)) if len(values) == 1 else None
        if isinstance(only, FunctionValue):
            return self._returned(only.function, depth)
        return None

    def _repository_class(self, expr: s.Expr, scope: Scope, depth: int) -> TypeormEntity | None:
        for value in self._model.evaluate(expr, scope):
            if isinstance(value, ClassValue):
                return self.of_class(value.cls)
        return self.of(expr, scope, depth + 1)

    def _returned(self, function: FunctionInfo, depth: int) -> TypeormEntity | None:
        node = function.node
        if not isinstance(node, s.Function) or depth > _MAX_DEPTH:
            return None
        scope = self._model.scope_in(function)
        if node.returns is not None:
            written = self._annotated(node.returns, scope)
            if written is not None:
                return written
        returned = self._model.returned(function)
        found = {self.of(item, scope, depth + 1) for item in returned}
        return found.pop() if len(found) == 1 else None

    # --- names and fields ---

    def _bound(self, bindings: Sequence[Binding], depth: int) -> TypeormEntity | None:
        found: set[TypeormEntity | None] = set()
        for binding in bindings:
            made = self._binding(binding, depth)
            if made is not None or not _is_bare(binding):
                found.add(made)
        return found.pop() if len(found) == 1 else None

    def _binding(self, binding: Binding, depth: int) -> TypeormEntity | None:
        node, scope = binding.node, binding.scope
        annotation = binding.annotation
        decorators: list[s.Expr] = []
        if isinstance(node, s.Param | s.Assign):
            annotation = annotation or node.annotation
            decorators = node.decorators
        if binding.path:
            return None
        if annotation is not None:
            written = self._annotated(annotation, scope)
            if written is not None:
                return written
        injected = self._injected(decorators, scope)
        if injected is not None:
            return injected
        if binding.kind in ("value", "alias") and not isinstance(node, s.Assign):
            return self.of(node, scope, depth + 1)  # type: ignore[arg-type]
        if isinstance(node, s.Param) and node.default is not None:
            return self.of(node.default, scope, depth + 1)
        return None

    def _injected(self, decorators: list[s.Expr], scope: Scope) -> TypeormEntity | None:
        for item in decorators:
            if isinstance(item, s.Call) and item.args and _last(item.func) in _DECORATORS:
                return self._entities.of(item.args[0].value, scope)
        return None

    def _field(self, cls: ClassInfo, name: str, depth: int) -> TypeormEntity | None:
        owners = [cls, *(v.cls for v in self._model.ancestors(cls) if isinstance(v, ClassValue))]
        for owner in owners:
            bindings = self._model.fields(owner, name)
            if bindings:
                return self._bound(bindings, depth + 1) or self._filled_in(cls, owner, bindings)
            method = self._model.method(owner, name)
            if method is not None:
                node = method.node
                getter = isinstance(node, s.Function) and node.kind == "getter"
                return self._returned(method, depth + 1) if getter else None
        return None

    def _filled_in(
        self, cls: ClassInfo, owner: ClassInfo, bindings: Sequence[Binding]
    ) -> TypeormEntity | None:
        """The entity of a field ``Repository<T>`` of the class that ``cls`` derives from, as
        ``Base<User>``."""
        for binding in bindings:
            annotation = getattr(binding.node, "annotation", None) or binding.annotation
            match annotation:
                case s.Subscript(index=s.Name(id=name)) if name in owner.node.type_params:
                    position = owner.node.type_params.index(name)
                case _:
                    continue
            for base in cls.node.bases:
                match base.value:
                    case s.Subscript(value=form, index=index):
                        items = index.items if isinstance(index, s.Sequence) else [index]
                        scope = self._model.class_scope(cls)
                        values = self._model.evaluate(form, scope)
                        if ClassValue(owner) in values and position < len(items):
                            return self._entities.of(items[position], scope)
        return None

    # --- types and classes ---

    def _annotated(self, annotation: s.Expr, scope: Scope) -> TypeormEntity | None:
        """The entity of ``Repository<User>``, or of a repository class of the project."""
        if isinstance(annotation, s.Binary) and annotation.op == "|":
            return self._annotated(annotation.left, scope) or self._annotated(
                annotation.right, scope
            )
        if isinstance(annotation, s.Subscript):
            if _last(annotation.value) == "Promise":
                return self._annotated(annotation.index, scope)
            for value in self._model.evaluate(annotation.value, scope):
                if isinstance(value, ExternalValue) and value.path in _CLASSES:
                    return self._entities.of(annotation.index, scope)
            return None
        if isinstance(annotation, s.Name | s.Attribute):
            values = self._model.evaluate(annotation, scope)
            only = next(iter(values)) if len(values) == 1 else None
            if isinstance(only, ClassValue):
                return self.of_class(only.cls)
        return None

    def _by_value(self, expr: s.Expr, scope: Scope) -> TypeormEntity | None:
        """An instance of a repository class; an entity that derives from ``BaseEntity``."""
        values = self._model.evaluate(expr, scope)
        only = next(iter(values)) if len(values) == 1 else None
        if isinstance(only, InstanceValue):
            return self.of_class(only.cls)
        if isinstance(only, ClassValue):
            entity = self._entities.of_class(only.cls)
            if entity is not None and any(
                isinstance(base, ExternalValue) and base.path == "typeorm.BaseEntity"
                for base in self._model.ancestors(only.cls)
            ):
                return entity
        return None

    def of_class(self, cls: ClassInfo) -> TypeormEntity | None:
        """The entity of a class that derives from ``Repository<User>``."""
        if cls not in self._of_class:
            self._of_class[cls] = None
            self._of_class[cls] = self._derived(cls)
        return self._of_class[cls]

    def _derived(self, cls: ClassInfo) -> TypeormEntity | None:
        scope = self._model.class_scope(cls)
        if not any(
            isinstance(base, ExternalValue) and base.path in _CLASSES
            for base in self._model.ancestors(cls)
        ):
            return None
        injected = self._injected(cls.node.decorators, scope)
        if injected is not None:
            return injected
        for base in cls.node.bases:
            if isinstance(base.value, s.Subscript):
                found = self._annotated(base.value, scope)
                if found is not None:
                    return found
                index = base.value.index
                named = self._entities.of(index, scope) if isinstance(index, s.Name) else None
                if named is not None:
                    return named
            for value in self._model.evaluate(base.value, scope):
                if isinstance(value, ClassValue):
                    return self.of_class(value.cls)
        return None


def _is_bare(binding: Binding) -> bool:
    """A declaration without value or type."""
    node = binding.node
    return isinstance(node, s.Assign) and node.value is None and node.annotation is None


def _last(expr: s.Expr) -> str:
    return expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
