"""What an expression can stand for.

The analysis is insensitive to flow and to context: a name stands for all that its scope assigns to
it, a parameter for all that known call sites pass. Every answer is remembered; cycles, depth and
work are bounded, and what lies beyond the bounds is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.annotations import Annotations
from ci_gate.codemodel.classes import Classes
from ci_gate.codemodel.imports import Imports, required
from ci_gate.codemodel.libraries import ENTERED, canonical
from ci_gate.codemodel.library_calls import LibraryCalls
from ci_gate.codemodel.parameters import Parameters
from ci_gate.codemodel.program import FunctionInfo, Scope
from ci_gate.codemodel.scopes import Binding, Index, Projection, self_name
from ci_gate.codemodel.stores import Stores
from ci_gate.codemodel.values import (
    CallableValue,
    ClassValue,
    CollectionValue,
    ConstantValue,
    ExpressionValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    ObjectValue,
    PackageValue,
    PartialValue,
    TupleValue,
    Value,
)

Values: TypeAlias = tuple[Value, ...]

LIMIT = 8
_MAX_DEPTH = 90
_MAX_STEPS = 20_000
_MAX_TRIES = 3
_MAX_TEXT = 4096
_MAX_PATH = 400
_NEVER = 1 << 30


def union(groups: Iterable[Iterable[Value]], limit: int = LIMIT) -> Values:
    """The distinct values of ``groups`` in their order, at most ``limit``."""
    found: dict[Value, None] = {}
    for group in groups:
        for value in group:
            found[value] = None
            if len(found) >= limit:
                return tuple(found)
    return tuple(found)


class Evaluator:
    def __init__(self, index: Index, imports: Imports) -> None:
        self.index = index
        self.imports = imports
        self.classes = Classes(self)
        self.annotations = Annotations(self)
        self.parameters = Parameters(self)
        self.library_calls = LibraryCalls(self)
        self.stores = Stores(self)
        self._memo: dict[Hashable, Values] = {}
        self._active: dict[Hashable, int] = {}
        self._tries: dict[Hashable, int] = {}
        self._low = _NEVER
        self._steps = 0
        self._cut = False

    def prepare(self) -> None:
        """Work that must precede the first question, whose answers would else be incomplete."""
        self.stores.collect()
        self._memo.clear()
        self._tries.clear()

    # --- bounded work ---

    def guarded(self, key: Hashable, compute: Callable[..., Values], *args: object) -> Values:
        """``compute(*args)``, remembered under ``key``.

        A question that is being answered already counts as empty. What depends on such an open
        answer is not remembered until it has been asked a few times; what was cut short by the
        bounds on depth and work is remembered for the outermost question only.
        """
        found = self._memo.get(key)
        if found is not None:
            return found
        opened = self._active.get(key)
        if opened is not None:
            self._low = min(self._low, opened)
            return ()
        depth = len(self._active)
        if depth >= _MAX_DEPTH or self._steps > _MAX_STEPS:
            self._cut = True
            return ()
        self._steps += 1
        outer, self._low = self._low, _NEVER
        self._active[key] = depth
        try:
            result = compute(*args)
        finally:
            del self._active[key]
            low, self._low = self._low, outer
            cut = self._cut
            if depth == 0:
                self._steps, self._low, self._cut = 0, _NEVER, False
        if depth == 0 or (low >= depth and not cut):
            self._memo[key] = result
        elif not cut:
            tries = self._tries[key] = self._tries.get(key, 0) + 1
            if tries >= _MAX_TRIES:
                self._memo[key] = result
            self._low = min(outer, low)
        return result

    # --- expressions ---

    def of(self, expr: s.Expr, scope: Scope) -> Values:
        if isinstance(expr, s.Name):
            return self.lookup(expr.id, scope)
        if isinstance(expr, s.Literal):
            return () if expr.value is None else (ConstantValue(expr.value),)
        found = self._memo.get(expr)
        if found is not None:
            return found
        chain: list[s.Expr] = []
        inner = _inner(expr)
        while inner is not None and inner not in self._memo:
            chain.append(inner)
            inner = _inner(inner)
        if len(chain) > 6:
            for link in reversed(chain):
                self.guarded(link, self._compute, link, scope)
        return self.guarded(expr, self._compute, expr, scope)

    def _compute(self, expr: s.Expr, scope: Scope) -> Values:
        handler = _HANDLERS.get(type(expr))
        return handler(self, expr, scope) if handler is not None else ()

    def all_of(self, exprs: Iterable[s.Expr], scope: Scope) -> Values:
        return union(self.of(expr, scope) for expr in exprs)

    def _attribute(self, expr: s.Attribute, scope: Scope) -> Values:
        if is_super(expr.value):
            return self.classes.super_attribute(expr.name, scope)
        values = self.of(expr.value, scope)
        stored = self.stores.attribute(expr.value, expr.name, scope, values)
        if stored:
            return stored
        return self.attributes(values, expr.name)

    def _subscript(self, expr: s.Subscript, scope: Scope) -> Values:
        values = self.of(expr.value, scope)
        stored = self.stores.item(expr.value, expr.index, scope, values)
        if stored:
            return stored
        keys = self.of(expr.index, scope)
        constants = [key.value for key in keys if isinstance(key, ConstantValue)]
        found: list[Values] = []
        for value in values:
            if isinstance(value, ClassValue) or (
                isinstance(value, ExternalValue) and self.annotations.is_type_form(value.path)
            ):
                found.append(self.annotations.subscripted(value, expr, scope))
            elif constants and len(constants) == len(keys):
                found.extend(self.item(value, key) for key in constants)
            else:
                found.append(self.any_item(value))
        return union(found)

    def _call(self, expr: s.Call, scope: Scope) -> Values:
        special = self.library_calls.result(expr, scope)
        if special is not None:
            return special
        return union(self.call_result(value, expr) for value in self.of(expr.func, scope))

    def _await(self, expr: s.Await, scope: Scope) -> Values:
        return self.of(expr.value, scope)

    def _mapping(self, expr: s.Mapping, scope: Scope) -> Values:
        return (ObjectValue(expr, scope),)

    def _sequence(self, expr: s.Sequence, scope: Scope) -> Values:
        if len(expr.items) > 64:
            return tuple(CollectionValue(value) for value in self.all_of(expr.items[:16], scope))
        if any(isinstance(item, s.Starred) for item in expr.items):
            return tuple(
                CollectionValue(value)
                for value in union(
                    union(self.element(value) for value in self.of(item.value, scope))
                    if isinstance(item, s.Starred)
                    else self.of(item, scope)
                    for item in expr.items
                )
            )
        return (TupleValue(tuple(frozenset(self.of(item, scope)) for item in expr.items)),)

    def _template(self, expr: s.Template, scope: Scope) -> Values:
        if expr.tag is not None:
            return union(self.call_result(value) for value in self.of(expr.tag, scope))
        text = ""
        for part in expr.parts:
            values = self.of(part, scope)
            if len(values) != 1 or not isinstance(values[0], ConstantValue):
                return ()
            constant = values[0].value
            if isinstance(constant, bytes) or len(text) > _MAX_TEXT:
                return ()
            text += str(constant)
        return (ConstantValue(text),)

    def _binary(self, expr: s.Binary, scope: Scope) -> Values:
        if expr.op in ("and", "or", "??"):
            return union((self.of(expr.left, scope), self.of(expr.right, scope)))
        if expr.op == "|":
            left, right = self.of(expr.left, scope), self.of(expr.right, scope)
            if any(isinstance(value, ClassValue | ExpressionValue) for value in (*left, *right)):
                return (ExpressionValue(expr, scope),)
            return union((left, right))
        if expr.op == "+":
            left, right = self.of(expr.left, scope), self.of(expr.right, scope)
            if len(left) == 1 and len(right) == 1:
                first, second = left[0], right[0]
                if (
                    isinstance(first, ConstantValue)
                    and isinstance(second, ConstantValue)
                    and isinstance(first.value, str)
                    and isinstance(second.value, str)
                    and len(first.value) + len(second.value) <= _MAX_TEXT
                ):
                    return (ConstantValue(first.value + second.value),)
            elements = union(
                self.element(value)
                for value in (*left, *right)
                if isinstance(value, TupleValue | CollectionValue)
            )
            return tuple(CollectionValue(value) for value in elements)
        return ()

    def _conditional(self, expr: s.Conditional, scope: Scope) -> Values:
        return union((self.of(expr.body, scope), self.of(expr.orelse, scope)))

    def _assigned(self, expr: s.AssignExpr, scope: Scope) -> Values:
        return self.of(expr.value, scope)

    def _function(self, expr: s.FunctionExpr, _: Scope) -> Values:
        info = self.index.function_of.get(expr.function)
        return (FunctionValue(info),) if info is not None else ()

    def _class(self, expr: s.ClassExpr, _: Scope) -> Values:
        info = self.index.class_of.get(expr.cls)
        return (ClassValue(info),) if info is not None else ()

    def _comprehension(self, expr: s.Comprehension, scope: Scope) -> Values:
        return tuple(CollectionValue(value) for value in self.of(expr.element, scope))

    def _starred(self, expr: s.Starred, scope: Scope) -> Values:
        return self.of(expr.value, scope)

    # --- names ---

    def find(self, name: str, scope: Scope) -> tuple[s.Node, list[Binding]] | None:
        """The innermost scope that binds ``name``, with its bindings."""
        index = self.index
        if scope.cls is not None and index.is_class_body(scope):
            found = index.frames[scope.cls.node].names.get(name)
            if found:
                return scope.cls.node, found
        function: FunctionInfo | None = scope.function
        while function is not None:
            found = index.frames[function.node].names.get(name)
            if found:
                return function.node, found
            function = function.parent
        module = scope.module
        found = index.frames[module].names.get(name)
        return (module, found) if found else None

    def lookup(self, name: str, scope: Scope) -> Values:
        if name == "this" and scope.module.language != "python":
            return self._this(scope)
        found = self.find(name, scope)
        if found is None:
            return self._from_stars(name, scope)
        frame, bindings = found
        return self.guarded(("name", frame, name), self._bound, frame, name, bindings)

    def _bound(self, frame: s.Node, name: str, bindings: list[Binding]) -> Values:
        values = union(self.binding(binding) for binding in bindings)
        if not values and isinstance(frame, s.Module):
            values = self._assigned_in_functions(frame, name)
        return values

    def _assigned_in_functions(self, module: s.Module, name: str) -> Values:
        """What functions of the module assign to its global ``name``."""
        assignments = self.index.local_assignments[module.path].get(name, [])
        return union(
            self.binding(binding)
            for binding in assignments[:LIMIT]
            if binding.kind == "value" and not binding.path
        )

    def _from_stars(self, name: str, scope: Scope) -> Values:
        if scope.module.language != "python":
            return ()
        for statement in self.index.frames[scope.module].stars:
            target = self.imports.target(scope.module.path, statement.specifier)
            if target.path is not None:
                values = self.member(target.path, name)
                if values:
                    return values
        return ()

    def _this(self, scope: Scope) -> Values:
        function: FunctionInfo | None = scope.function
        if self.index.is_class_body(scope) and scope.cls is not None:
            return (InstanceValue(scope.cls),)
        while function is not None:
            node = function.node
            if function.cls is not None and isinstance(node, s.Function):
                if node.kind == "static":
                    return (ClassValue(function.cls),)
                return (InstanceValue(function.cls),)
            owner = self.index.mapping_of.get(node)
            if owner is not None and isinstance(node, s.Function) and node.kind != "arrow":
                return (ObjectValue(*owner),)
            function = function.parent
        return ()

    def binding(self, binding: Binding) -> Values:
        if binding.path and binding.path[0][0] == "key" and isinstance(binding.node, _EXPRESSIONS):
            name = str(binding.path[0][1])
            values = self.of(binding.node, binding.scope)
            stored = self.stores.attribute(binding.node, name, binding.scope, values)
            if stored:
                return self.projected(stored, binding.path[1:])
        return self.projected(self.guarded((binding.kind, binding.node), self._base, binding),
                              binding.path)  # fmt: skip

    def _base(self, binding: Binding) -> Values:
        node, scope = binding.node, binding.scope
        kind = binding.kind
        if kind == "value":
            declared: Values = ()
            if binding.annotation is not None:
                declared = self.annotations.instance(binding.annotation, scope)
            if isinstance(node, s.Assign):
                return declared
            if declared and not self.classes.all_abstract(declared):
                return declared
            actual = self.of(node, scope)  # type: ignore[arg-type]
            return actual if actual and _informative(actual) else declared or actual
        if kind == "param":
            assert isinstance(node, s.Param)
            return self.parameters.of(scope.function, node)
        if kind == "import":
            assert isinstance(node, s.ImportedName)
            assert binding.statement is not None
            return self.imported(scope.module, binding.statement, node.name, node.alias)
        if kind == "function":
            info = self.index.function_of.get(node)
            return (FunctionValue(info),) if info is not None else ()
        if kind == "class":
            cls = self.index.class_of.get(node)
            return (ClassValue(cls),) if cls is not None else ()
        if kind == "exception":
            return self.annotations.instance(node, scope)  # type: ignore[arg-type]
        values = self.of(node, scope)  # type: ignore[arg-type]
        return values or (ExpressionValue(node, scope),)  # type: ignore[arg-type]

    # --- taking values apart ---

    def projected(self, values: Values, path: tuple[Projection, ...]) -> Values:
        for step, key in path:
            if not values:
                return ()
            if step == "element":
                values = union(self.element(value) for value in values)
            elif step == "enter":
                values = union(self.entered(value) for value in values)
            elif step == "index":
                values = union(self.item(value, key) for value in values)
            elif step == "key":
                values = self.attributes(values, str(key))
        return values

    def element(self, value: Value) -> Values:
        if isinstance(value, CollectionValue):
            return (value.element,)
        if isinstance(value, TupleValue):
            return union(ordered(item) for item in value.items)
        if isinstance(value, ExternalValue):
            return self.external(value.path + "[]")
        if isinstance(value, InstanceValue):
            for name in ("__iter__", "__aiter__"):
                method = self.classes.method(value.cls, name)
                if method is not None:
                    result = self.result(method, value.cls)
                    return tuple(item.element for item in result
                                 if isinstance(item, CollectionValue))  # fmt: skip
        return ()

    def entered(self, value: Value) -> Values:
        """What ``with value as x`` gives."""
        if isinstance(value, CollectionValue):
            return (value.element,)
        if isinstance(value, ExternalValue):
            return self.external(ENTERED.get(value.path, value.path))
        if isinstance(value, InstanceValue):
            for name in ("__aenter__", "__enter__"):
                method = self.classes.method(value.cls, name)
                if method is not None:
                    return self.result(method, value.cls) or (value,)
            return (value,)
        return ()

    def item(self, value: Value, key: object) -> Values:
        if isinstance(value, TupleValue):
            if isinstance(key, int) and not isinstance(key, bool):
                if -len(value.items) <= key < len(value.items):
                    return ordered(value.items[key])
                return ()
            return ()
        if isinstance(value, CollectionValue):
            return (value.element,)
        if isinstance(value, ObjectValue):
            return self.object_attribute(value, str(key))
        if isinstance(value, ExternalValue):
            return self.external(value.path + "[]")
        if isinstance(value, InstanceValue | ModuleValue) and isinstance(key, str):
            if isinstance(value, InstanceValue):
                method = self.classes.method(value.cls, "__getitem__")
                if method is not None:
                    return self.result(method, value.cls)
            return self.attribute(value, key)
        return ()

    def any_item(self, value: Value) -> Values:
        if isinstance(value, ObjectValue):
            return self.object_items(value)
        if isinstance(value, InstanceValue):
            method = self.classes.method(value.cls, "__getitem__")
            return self.result(method, value.cls) if method is not None else ()
        return self.element(value)

    def object_items(self, value: ObjectValue) -> Values:
        return union(
            self.of(entry.value, value.scope)
            for entry in value.mapping.entries
            if entry.key is not None
        )

    def external(self, path: str) -> Values:
        return (ExternalValue(canonical(path)),) if len(path) <= _MAX_PATH else ()

    # --- attributes ---

    def attributes(self, values: Values, name: str) -> Values:
        """``name`` of any of ``values``. What a type says is trusted unless it is an interface
        behind which an actual object is known."""
        typed = [item for item in values if self.annotations.is_typed(item)]
        if not typed or len(typed) == len(values):
            return union(self.attribute(value, name) for value in values)
        declared = union(self.attribute(value, name) for value in typed)
        if declared and not self.classes.all_abstract(declared):
            return declared
        actual = union(self.attribute(value, name) for value in values if value not in typed)
        return union((actual, declared))

    def attribute(self, value: Value, name: str) -> Values:
        if isinstance(value, ExternalValue):
            if name == "default":
                return (value,)
            return self.external(f"{value.path}.{name}")
        if isinstance(value, ModuleValue):
            return self.member(value.path, name)
        if isinstance(value, InstanceValue):
            return self.guarded(("instance", value.cls, name), self.classes.attribute,
                                value.cls, name, True)  # fmt: skip
        if isinstance(value, ClassValue):
            return self.guarded(("class", value.cls, name), self.classes.attribute,
                                value.cls, name, False)  # fmt: skip
        if isinstance(value, ObjectValue):
            return self.guarded((value, name), self.object_attribute, value, name)
        if isinstance(value, PackageValue):
            child = self.imports.child(value.path, name)
            if child is not None:
                return (ModuleValue(child),)
            directory = f"{value.path}/{name}" if value.path else name
            return (PackageValue(directory),) if self.imports.is_namespace(directory) else ()
        if isinstance(value, FunctionValue):
            return self._function_attribute(value, name)
        return ()

    def _function_attribute(self, value: FunctionValue, name: str) -> Values:
        if name in ("call", "apply", "bind") and value.function.module.language != "python":
            return (PartialValue(value),)
        if name in ("delay", "apply_async", "s", "si", "__wrapped__", "func", "original"):
            return (PartialValue(value),)
        stores = self.index.attribute_stores.get(name, [])
        return union(
            self.binding(store.binding)
            for store in stores[:32]
            if store.binding.scope.module is value.function.module
            and value in self.of(store.base, store.binding.scope)
        )

    def object_attribute(self, value: ObjectValue, name: str) -> Values:
        mapping, scope = value.mapping, value.scope
        typed = self.annotations.is_type(mapping)
        spreads: list[Values] = []
        found: s.Expr | None = None
        for entry in mapping.entries:
            if entry.key is None:
                if not typed:
                    spreads.append(union(
                        self.attribute(item, name) for item in self.of(entry.value, scope)
                    ))  # fmt: skip
            elif isinstance(entry.key, s.Literal) and str(entry.key.value) == name:
                found = entry.value
        if found is not None:
            if typed:
                return self.annotations.instance(found, scope)
            info = self.index.function_of.get(getattr(found, "function", found))
            if info is not None and getattr(info.node, "kind", "") == "getter":
                return self.result(info, None)
            return self.of(found, scope)
        values = union(spreads)
        if values or typed:
            return values
        stores = self.index.attribute_stores.get(name, [])
        return union(
            self.binding(store.binding)
            for store in stores[:64]
            if store.binding.scope.module is scope.module
            and value in self.of(store.base, store.binding.scope)
        )

    # --- modules ---

    def imported(self, module: s.Module, item: s.Import, name: str, alias: str = "") -> Values:
        target = self.imports.target(module.path, item.specifier)
        if module.language == "python":
            return self._python_import(module, item, name, alias)
        if target.path is not None:
            if name == "*":
                whole = self.whole(target.path)
                return whole or (ModuleValue(target.path),)
            if name == "default":
                return self.member(target.path, "default") or self.whole(target.path)
            return self.member(target.path, name)
        if target.external is None:
            return ()
        if name in ("*", "default"):
            return self.external(target.external)
        return self.external(f"{target.external}.{name}")

    def _python_import(self, module: s.Module, item: s.Import, name: str, alias: str) -> Values:
        imports = self.imports
        if item.kind != "from":
            specifier = item.specifier
            if item.kind == "import" and alias and alias == specifier.split(".")[0]:
                specifier = alias
            target = imports.target(module.path, specifier)
            if target.path is not None:
                return (ModuleValue(target.path),)
            if target.directory is not None:
                return (PackageValue(target.directory),)
            return self.external(target.external) if target.external is not None else ()
        target = imports.target(module.path, item.specifier)
        if target.path is not None:
            values = self.member(target.path, name)
            if values:
                return values
        if target.path is not None or target.directory is not None:
            below = imports.submodule(module.path, item.specifier, name)
            if below.path is not None:
                return (ModuleValue(below.path),)
            if below.directory is not None:
                return (PackageValue(below.directory),)
            return ()
        if target.external is None:
            return ()
        return self.external(f"{target.external}.{name}")

    def member(self, path: str, name: str) -> Values:
        """What the module at ``path`` gives away as ``name``."""
        if path not in self.index.modules:
            return ()
        return self.guarded(("member", path, name), self._member, path, name)

    def _member(self, path: str, name: str) -> Values:
        module = self.index.modules[path]
        scope = self.index.module_scope(path)
        if module.language == "python":
            if name in self.index.frames[module].names:
                return self.lookup(name, scope)
            values = self._from_stars(name, scope)
            if not values and path.endswith("/__init__.py"):
                child = self.imports.child(path.removesuffix("/__init__.py"), name)
                values = (ModuleValue(child),) if child is not None else ()
            return values or self._assigned_in_functions(module, name)
        found: list[Values] = []
        for export in module.exports:
            if export.name == name:
                found.append(self._exported(module, export, scope))
        if found:
            return union(found)
        for export in module.exports:
            if export.name == "*":
                values = self._star_member(module, export, scope, name)
                if values:
                    return values
        if name == "default":
            return self.whole(path)
        return union(self.attribute(value, name) for value in self.whole(path)
                     if value != ModuleValue(path))  # fmt: skip

    def _star_member(self, module: s.Module, export: s.Export, scope: Scope, name: str) -> Values:
        if export.specifier is not None:
            target = self.imports.target(module.path, export.specifier)
            if target.path is not None:
                return self.member(target.path, name) if name != "default" else ()
            return ()
        if export.value is None:
            return ()
        return union(self.attribute(value, name) for value in self.of(export.value, scope))

    def _exported(self, module: s.Module, export: s.Export, scope: Scope) -> Values:
        if export.specifier is not None:
            target = self.imports.target(module.path, export.specifier)
            source = export.source or "*"
            if target.path is not None:
                if source == "*":
                    return (ModuleValue(target.path),)
                return self.member(target.path, source)
            if target.external is None:
                return ()
            if source in ("*", "default"):
                return self.external(target.external)
            return self.external(f"{target.external}.{source}")
        if export.local is not None:
            return self.lookup(export.local, scope)
        return self.of(export.value, scope) if export.value is not None else ()

    def whole(self, path: str) -> Values:
        """What ``require(path)`` gives."""
        if path not in self.index.modules:
            return ()
        return self.guarded(("whole", path), self._whole, path)

    def _whole(self, path: str) -> Values:
        module = self.index.modules[path]
        scope = self.index.module_scope(path)
        for export in module.exports:
            if export.name == "module.exports":
                if export.value is None and export.local is None:
                    continue
                if isinstance(export.value, s.Mapping):
                    return (ModuleValue(path),)
                values = self._exported(module, export, scope)
                if len(module.exports) > 1:
                    return union((values, (ModuleValue(path),)))
                return values
        return (ModuleValue(path),)

    def required(self, expr: s.Expr, scope: Scope) -> Values | None:
        """What ``require("x")`` and ``import("x")`` give; None when ``expr`` is neither."""
        specifier = required(expr)
        if specifier is None or scope.module.language == "python":
            return None
        target = self.imports.target(scope.module.path, specifier)
        if target.path is not None:
            return self.whole(target.path)
        return self.external(target.external) if target.external is not None else ()

    # --- calls ---

    def call_result(self, value: Value, call: s.Call | None = None) -> Values:
        if isinstance(value, ExternalValue):
            return self.external(value.path + "()")
        if isinstance(value, ClassValue):
            return (InstanceValue(value.cls),)
        if isinstance(value, FunctionValue):
            return self.result(value.function, value.receiver)
        if isinstance(value, CallableValue):
            return (value.returns,)
        if isinstance(value, PartialValue):
            return self.call_result(value.function, call)
        if isinstance(value, InstanceValue):
            method = self.classes.method(value.cls, "__call__")
            return self.result(method, value.cls) if method is not None else ()
        return ()

    def result(self, function: FunctionInfo, receiver: object) -> Values:
        """What calling ``function`` gives; ``receiver`` is the class it was looked up on."""
        return self.guarded(("result", function, receiver), self.classes.result,
                            function, receiver)  # fmt: skip

    def self_value(self, function: FunctionInfo, name: str) -> Values | None:
        """What the receiver parameter stands for; None when ``name`` is not it."""
        if function.cls is None or self_name(function) != name:
            return None
        assert isinstance(function.node, s.Function)
        if function.node.kind == "class" or function.name in (
            "__new__",
            "__init_subclass__",
            "__class_getitem__",
        ):
            return (ClassValue(function.cls),)
        return (InstanceValue(function.cls),)


def ordered(values: frozenset[Value]) -> Values:
    """The values in an order that does not depend on memory addresses."""
    return tuple(sorted(values, key=sort_key)) if len(values) > 1 else tuple(values)


def sort_key(value: Value) -> str:
    if isinstance(value, FunctionValue):
        return "f" + value.function.qualname
    if isinstance(value, ClassValue):
        return "c" + value.cls.qualname
    if isinstance(value, InstanceValue):
        return "i" + value.cls.qualname
    if isinstance(value, ExternalValue):
        return "x" + value.path
    if isinstance(value, ModuleValue | PackageValue):
        return "m" + value.path
    if isinstance(value, ObjectValue):
        return f"o{value.scope.module.path}{value.mapping.span}"
    if isinstance(value, ExpressionValue):
        return f"e{value.scope.module.path}{value.expr.span}"
    if isinstance(value, ConstantValue):
        return f"k{type(value.value).__name__}{value.value!r}"
    if isinstance(value, CollectionValue):
        return "l" + sort_key(value.element)
    if isinstance(value, CallableValue):
        return "r" + sort_key(value.returns)
    if isinstance(value, PartialValue):
        return "p" + sort_key(value.function)
    return "t" + ",".join("|".join(sorted(map(sort_key, item))) for item in value.items)


def is_super(expr: s.Expr) -> bool:
    if isinstance(expr, s.Call):
        expr = expr.func
    return isinstance(expr, s.Name) and expr.id == "super"


def _inner(expr: s.Expr) -> s.Expr | None:
    if isinstance(expr, s.Attribute | s.Subscript | s.Await):
        inner = expr.value
    elif isinstance(expr, s.Call):
        inner = expr.func
    elif isinstance(expr, s.Binary):
        inner = expr.left
    else:
        return None
    return None if isinstance(inner, s.Name | s.Literal) else inner


def _informative(values: Values) -> bool:
    return any(not isinstance(value, ConstantValue) for value in values)


_HANDLERS: dict[type[s.Node], Callable[[Evaluator, Any, Scope], Values]] = {
    s.Attribute: Evaluator._attribute,
    s.Subscript: Evaluator._subscript,
    s.Call: Evaluator._call,
    s.Await: Evaluator._await,
    s.Mapping: Evaluator._mapping,
    s.Sequence: Evaluator._sequence,
    s.Template: Evaluator._template,
    s.Binary: Evaluator._binary,
    s.Conditional: Evaluator._conditional,
    s.AssignExpr: Evaluator._assigned,
    s.FunctionExpr: Evaluator._function,
    s.ClassExpr: Evaluator._class,
    s.Comprehension: Evaluator._comprehension,
    s.Starred: Evaluator._starred,
}

_EXPRESSIONS = (
    s.Name, s.Attribute, s.Subscript, s.Call, s.Await, s.Binary, s.Conditional, s.Mapping,
    s.AssignExpr,
)  # fmt: skip
