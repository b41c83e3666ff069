"""What an object surely is, for rules that say that it lacks something.

``CodeModel.evaluate`` gathers what is known and leaves out what is not. Here one alternative that
is not known makes the whole answer unknown. Written types are believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import decorator_name, is_property
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.scopes import ENTER, Binding, self_name
from ci_gate.codemodel.values import (
    ClassValue,
    FunctionValue,
    InstanceValue,
    ModuleValue,
    Value,
)
from ci_gate.codemodel.writtentypes import Classes, WrittenTypes, union

Functions: TypeAlias = frozenset[FunctionInfo]
Written: TypeAlias = tuple[s.Expr, Scope]

_MAX_DEPTH: Final = 12
#: what one question may lead to before it counts as not known
_MAX_QUESTIONS = 400
_NOTHING: Final[Classes] = frozenset()
#: Decorators behind which a method stays what it is.
_TRANSPARENT: Final = frozenset({
    "staticmethod", "classmethod", "abstractmethod", "override", "final", "typechecked", "wraps",
    "overload",
})  # fmt: skip
#: Decorators behind which calling a class still makes one of its objects.
_CLASS_DECORATORS: Final = frozenset({
    "dataclass", "final", "total_ordering", "runtime_checkable", "define", "frozen", "s", "attrs",
    "attr", "injectable", "singleton", "deprecated",
})  # fmt: skip
_MANAGERS: Final = frozenset({"contextmanager", "asynccontextmanager"})


class Certain:
    """Answers for one program; each remembers what it found.

    ``doubted``: parameters annotated with such classes need a call that passes one (written types
    of data that is handed around are wrong more often than those of services).
    """

    def __init__(
        self, model: CodeModel, doubted: Callable[[ClassInfo], bool] | None = None
    ) -> None:
        self._model = model
        self._doubted = doubted
        self._written = WrittenTypes(model, self.classes)
        self.typed = self._written.instances
        self._known: dict[tuple[str, object], Classes | None] = {}
        self._spent = 0
        self._asked: set[tuple[str, object]] = set()
        self._depth = 0
        self._families: dict[ClassInfo, tuple[ClassInfo, ...]] = {}

    # --- objects ---

    def objects(self, expr: s.Expr, scope: Scope | None = None) -> Classes | None:
        """The classes of the tree that ``expr`` is an instance of; None where it may be another
        thing. An alternative that is None does not count."""
        try:
            found = self._objects(expr, scope or self._model.scope_of(expr))
        except (RecursionError, KeyError):
            return None
        return found or None

    def _objects(self, expr: s.Expr, scope: Scope) -> Classes | None:
        key: tuple[str, object] = ("expr", expr)
        if isinstance(expr, s.Name):  # the same at each mention
            key = ("name", (scope, expr.id))
        if key in self._known:
            return self._known[key]
        if key in self._asked:
            return _NOTHING
        self._spent = self._spent + 1 if self._asked else 0
        if self._depth > _MAX_DEPTH or self._spent > _MAX_QUESTIONS:
            return None
        self._asked.add(key)
        self._depth += 1
        try:
            found = self._of(expr, scope)
        finally:
            self._depth -= 1
            self._asked.discard(key)
        if not self._asked or found is None:
            self._known[key] = found
        return found

    def _of(self, expr: s.Expr, scope: Scope) -> Classes | None:
        if isinstance(expr, s.Literal) and expr.value is None and expr.kind == "none":
            return _NOTHING
        if isinstance(expr, s.Name):
            return self._name(expr.id, scope)
        if isinstance(expr, s.Attribute):
            return self._attribute(expr, scope)
        if isinstance(expr, s.Call):
            return self._call(expr, scope, awaited=False)
        if isinstance(expr, s.Await) and isinstance(expr.value, s.Call):
            return self._call(expr.value, scope, awaited=True)
        if isinstance(expr, s.Binary) and expr.op == "or":
            return self._all(((expr.left, scope), (expr.right, scope)))
        if isinstance(expr, s.Conditional):
            return self._all(((expr.body, scope), (expr.orelse, scope)))
        if isinstance(expr, s.AssignExpr):
            return self._objects(expr.value, scope)
        return None

    def _all(self, exprs: Iterable[tuple[s.Expr, Scope]]) -> Classes | None:
        return union(self._objects(expr, scope) for expr, scope in exprs)

    # --- names ---

    def _name(self, name: str, scope: Scope) -> Classes | None:
        if name == "this" and scope.module.language != "python":
            return self._this(scope)
        bindings = self._model.bindings(name, scope)
        if not bindings:
            return None
        return union(self._bound(name, binding, scope) for binding in bindings)

    def _this(self, scope: Scope) -> Classes | None:
        """What ``this`` is: arrow functions have that of what is around them."""
        function: FunctionInfo | None = scope.function
        while function is not None and isinstance(function.node, s.Function):
            if function.cls is not None:
                return frozenset({function.cls}) if function.node.kind != "static" else None
            if function.node.kind != "arrow":
                return None
            function = function.parent
        return None

    def _bound(self, name: str, binding: Binding, scope: Scope) -> Classes | None:
        node = binding.node
        if binding.kind == "param" and isinstance(node, s.Param) and not binding.path:
            return self._param(node, binding.scope)
        if binding.kind == "import":
            found = self._model.binding(name, scope)
            return self._objects(*found) if found is not None else None
        if binding.kind != "value":
            return None
        return self._value(binding)

    def _value(self, binding: Binding) -> Classes | None:
        if binding.annotation is not None and not binding.path:
            return self.typed(binding.annotation, binding.scope)
        node: s.Expr = binding.node  # type: ignore[assignment]
        if binding.path == (ENTER,):
            return self._entered(node, binding.scope)
        return self._objects(node, binding.scope) if not binding.path else None

    def _param(self, param: s.Param, scope: Scope) -> Classes | None:
        function = scope.function
        node = function.node
        if not isinstance(node, s.Function) or param.kind in ("*", "**"):
            return None
        if param is node.params[0] and function.cls and self_name(function) == param.name:
            return frozenset({function.cls}) if node.kind in ("method", "constructor", "getter",
                                                              "setter") else None  # fmt: skip
        if param.annotation is None:
            if node.decorators or function.parent is not None:
                return None
            given = self._arguments(function, node, param)
            return union(self._given(item) for item in given) if given else None
        written = self.typed(param.annotation, scope)
        if written and self._is_provided(param, scope):
            return None if self._gives_another(written, param, scope) else written
        if not written:
            return written
        return written if self._is_borne_out(written, function, node, param) else None

    def _given(self, argument: Written | None) -> Classes | None:
        return self._objects(*argument) if argument is not None else None

    def _is_provided(self, param: s.Param, scope: Scope) -> bool:
        """The framework passes it: ``Depends(…)``."""
        if isinstance(param.default, s.Call):
            return True
        return param.annotation is not None and bool(self._model.metadata(param.annotation, scope))

    def _gives_another(self, written: Classes, param: s.Param, scope: Scope) -> bool:
        """Does a dependency say that it gives something else than the parameter's annotation,
        which nobody checks, has it?"""
        model = self._model
        asked = [(param.default, scope)] if isinstance(param.default, s.Call) else []
        if param.annotation is not None:
            asked += model.metadata(param.annotation, scope)
        allowed = {item for cls in written for item in (cls, *self.family(cls))}
        for call, place in asked:
            for value in model.provider(call, place):
                function = value.function if isinstance(value, FunctionValue) else None
                if isinstance(value, InstanceValue):
                    function = model.method(value.cls, "__call__")
                returns = getattr(function.node, "returns", None) if function is not None else None
                given = self.typed(returns, model.scope_of(returns)) if returns else None
                if given and given.isdisjoint(allowed):
                    return True
        return False

    def _is_borne_out(
        self, written: Classes, function: FunctionInfo, node: s.Function, param: s.Param
    ) -> bool:
        """No call that is understood passes anything else."""
        confirmed = self._doubted is None or not any(self._doubted(cls) for cls in written)
        allowed = {item for cls in written for item in (cls, *self.family(cls))}
        for argument in self._arguments(function, node, param):
            passed = self._given(argument)
            if passed and not passed <= allowed:
                return False
            confirmed = confirmed or bool(passed)
        return confirmed

    def _arguments(
        self, function: FunctionInfo, node: s.Function, param: s.Param
    ) -> Sequence[Written | None]:
        """What each of the calls gives for a parameter; None where that is not seen."""
        place = None
        if param.kind != "keyword-only":
            takes_self = function.module.language == "python" and function.cls is not None
            place = node.params.index(param) - (takes_self and node.kind != "static")
        found: list[Written | None] = []
        for edge in self._model.callers(function):
            if is_outside(edge.caller.module.path):
                continue
            call = edge.node
            if edge.reason != "call" or not isinstance(call, s.Call):
                found.append(None)
                continue
            argument = call.argument(place, param.name)
            if argument is None and not any(item.star for item in call.args):
                argument = param.default
            found.append(
                (argument, self._model.scope_of(argument)) if argument is not None else None
            )
        return found

    # --- attributes ---

    def _attribute(self, expr: s.Attribute, scope: Scope) -> Classes | None:
        values = self._model.evaluate(expr.value, scope)
        if len(values) == 1 and isinstance(next(iter(values)), ModuleValue):
            found = self._model.definition(expr, scope)
            return self._objects(*found) if found is not None else None
        owners = self._objects(expr.value, scope)
        if not owners:
            return None
        return union(self._field(cls, expr.name) for cls in owners)

    def _field(self, cls: ClassInfo, name: str) -> Classes | None:
        key = ("field", (cls, name))
        if key in self._asked:
            return _NOTHING
        self._asked.add(key)
        try:
            return self._read_field(cls, name)
        finally:
            self._asked.discard(key)

    def _read_field(self, cls: ClassInfo, name: str) -> Classes | None:
        method = self._model.method(cls, name)
        if method is not None:
            return self._result(method, awaited=False) if is_property(method) else None
        bindings = [item for owner in self.lineage(cls) for item in self._model.fields(owner, name)]
        declared = [item for item in bindings if item.annotation is not None and not item.path
                    and item.kind == "value"]  # fmt: skip
        if declared:
            return self._value(declared[0])
        bindings = [item for item in bindings if not isinstance(item.node, s.Assign)]  # no value
        if not bindings or self._set_from_outside(cls, name):
            return None
        return union(self._bound(name, item, item.scope) for item in bindings)

    def _set_from_outside(self, cls: ClassInfo, name: str) -> bool:
        for store in self._model.stores(name):
            values = self._model.evaluate(store.base, store.binding.scope)
            if is_outside(store.binding.scope.module.path):
                continue
            if not values or any(getattr(value, "cls", None) is cls for value in values):
                return True
        return False

    # --- calls ---

    def _call(self, call: s.Call, scope: Scope, *, awaited: bool) -> Classes | None:
        functions = self.functions(call, scope)
        if functions is not None:
            return union(self._result(item, awaited=awaited) for item in functions)
        return None if awaited else self._made(call.func, scope)

    def _made(self, func: s.Expr, scope: Scope) -> Classes | None:
        """What calling ``func`` gives: a class, a factory by its type, a lambda."""
        classes = self.classes(func, scope)
        if classes is not None:
            return classes if all(self.makes_its_own(cls) for cls in classes) else None
        if self._depth > _MAX_DEPTH:
            return None
        self._depth += 1
        try:
            if isinstance(func, s.FunctionExpr):
                info = self._model.function_of(func.function)
                return self._result(info, awaited=False) if info is not None else None
            if isinstance(func, s.Name):
                return _union_of(self._by_binding(item) for item in
                                 self._model.bindings(func.id, scope))  # fmt: skip
            if isinstance(func, s.Attribute):
                owners = self._objects(func.value, scope) or frozenset()
                return _union_of(self._by_binding(item) for cls in owners
                                 for owner in self.lineage(cls)
                                 for item in self._model.fields(owner, func.name))  # fmt: skip
        finally:
            self._depth -= 1
        return None

    def _by_binding(self, binding: Binding) -> Classes | None:
        """What calling the bound thing gives."""
        node = binding.node
        if binding.path:
            return None
        if binding.annotation is not None:
            return self._written.made(binding.annotation, binding.scope)
        if binding.kind == "function" and isinstance(node, s.Function):
            info = self._model.function_of(node)
            return self._result(info, awaited=False) if info is not None else None
        if binding.kind == "param" and isinstance(node, s.Param):
            function = binding.scope.function
            if not isinstance(function.node, s.Function) or function.node.decorators:
                return None
            given = self._arguments(function, function.node, node)
            return _union_of(self._made(*item) if item is not None else None for item in given)
        if binding.kind == "value" and not isinstance(node, s.Assign):
            return self._made(node, binding.scope)  # type: ignore[arg-type]
        return None

    def makes_its_own(self, cls: ClassInfo) -> bool:
        """Calling the class gives an instance of it."""
        for owner in self.lineage(cls):
            if any(decorator_name(d) not in _CLASS_DECORATORS for d in owner.node.decorators):
                return False
            if any(base.keyword == "metaclass" for base in owner.node.bases):
                return False
        return self._model.method(cls, "__new__") is None

    def _result(self, function: FunctionInfo, *, awaited: bool) -> Classes | None:
        node = function.node
        if not isinstance(node, s.Function) or node.is_generator or node.is_async != awaited:
            return None
        if any(
            decorator_name(item) not in _TRANSPARENT for item in node.decorators
        ) and not is_property(function):
            return None
        scope = self._model.scope_in(function)
        if node.returns is not None:
            return self.typed(node.returns, scope)
        return self._all(
            (item.value, scope) for item in s.returns_in(node) if item.value is not None
        )

    def _entered(self, expr: s.Expr, scope: Scope) -> Classes | None:
        """What ``with expr as name`` binds."""
        managers = self._objects(expr, scope)
        if not managers:
            functions = self.functions(expr, scope) if isinstance(expr, s.Call) else None
            return _union_of(self._managed(item) for item in functions or ())
        found: list[Classes | None] = []
        for cls in managers:
            for name in ("__enter__", "__aenter__"):
                method = self._model.method(cls, name)
                if method is not None:
                    found.append(self._result(method, awaited=name == "__aenter__"))
        return union(found) if found else None

    def _managed(self, function: FunctionInfo) -> Classes | None:
        """What entering the context manager gives that the function's written type speaks of."""
        node = function.node
        if not isinstance(node, s.Function) or node.returns is None:
            return None
        made = any(decorator_name(item) in _MANAGERS for item in node.decorators)
        if not made and not is_plainly_decorated(function):
            return None
        return self._written.managed(node.returns, self._model.scope_in(function), made=made)

    # --- callables ---

    def classes(self, expr: s.Expr, scope: Scope) -> Classes | None:
        """The classes of the tree that ``expr`` names; None where it may be another thing."""
        receiver = self._class_receiver(expr, scope)
        if receiver is not None:
            return receiver
        found = self._named(expr, scope)
        if found is None or not all(isinstance(item, ClassValue) for item in found):
            return None
        return frozenset(item.cls for item in found if isinstance(item, ClassValue))

    def _class_receiver(self, expr: s.Expr, scope: Scope) -> Classes | None:
        """What ``cls`` is in a class method."""
        function = scope.function
        node = function.node
        if not isinstance(expr, s.Name) or not isinstance(node, s.Function) or not function.cls:
            return None
        if node.kind != "class" or self_name(function) != expr.id:
            return None
        return frozenset({function.cls}) if len(self._model.bindings(expr.id, scope)) == 1 else None

    def functions(self, call: s.Call, scope: Scope | None = None) -> Functions | None:
        """The functions that ``call`` runs, all of them; None where it may run another."""
        try:
            return self._functions(call, scope or self._model.scope_of(call))
        except (RecursionError, KeyError):
            return None

    def _functions(self, call: s.Call, scope: Scope) -> Functions | None:
        func = call.func
        named = self._named(func, scope)
        if named is not None:
            if not all(isinstance(item, FunctionValue) for item in named):
                return None
            return frozenset(item.function for item in named if isinstance(item, FunctionValue))
        if isinstance(func, s.Name):
            return self._called(func, scope)
        if not isinstance(func, s.Attribute):
            return None
        owners = self._objects(func.value, scope) or self.classes(func.value, scope)
        if not owners:
            return None
        return self.methods(owners, func.name) or self._called(func, scope)

    def _called(self, func: s.Expr, scope: Scope) -> Functions | None:
        """What calling an object runs: its ``__call__``."""
        objects = self._objects(func, scope)
        return self.methods(objects, "__call__") if objects else None

    def methods(self, owners: Classes, name: str) -> Functions | None:
        """The methods of that name on objects of the classes or of what inherits from them."""
        found: set[FunctionInfo] = set()
        for cls in owners:
            own = self._model.method(cls, name)
            below = [self._model.method(item, name) for item in self.family(cls)]
            if own is None and not any(below):
                return None
            for owner in (*self.lineage(cls), *self.family(cls)):
                if self._model.fields(owner, name):
                    return None
            found |= {item for item in (own, *below) if item is not None}
        return frozenset(found)

    def _named(self, expr: s.Expr, scope: Scope) -> Sequence[Value] | None:
        """What a name or a module's attribute stands for, definitions only."""
        if isinstance(expr, s.Name):
            bindings = self._model.bindings(expr.id, scope)
            if not bindings or any(
                item.kind not in ("import", "class", "function") for item in bindings
            ):
                return None
            return self._exactly(self._model.lookup(expr.id, scope), len(bindings))
        if isinstance(expr, s.Attribute):
            values = self._model.evaluate(expr.value, scope)
            owner = next(iter(values)) if len(values) == 1 else None
            if isinstance(owner, ModuleValue):
                module = self._model.modules[owner.path]
                home = self._model.scope_in(self._model.functions[f"{module.path}::<module>"])
                return self._named(s.Name(expr.span, expr.name), home)
        return None

    def _exactly(self, values: Iterable[Value], count: int) -> Sequence[Value] | None:
        """The values where each binding gave one (two may have given the same)."""
        found = list(values)
        return found if found and (count == 1 or len(found) == count) else None

    # --- hierarchy ---

    def lineage(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        """The class and its ancestors in the tree."""
        yield cls
        for value in self._model.ancestors(cls):
            if isinstance(value, ClassValue):
                yield value.cls

    def family(self, cls: ClassInfo) -> tuple[ClassInfo, ...]:
        """The classes of the tree that inherit from it, tests' own left out."""
        found = self._families.get(cls)
        if found is None:
            found = self._families[cls] = tuple(self._family(cls))
        return found

    def _family(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        seen = {cls}
        queue = list(self._model.subclasses(cls))
        while queue:
            item = queue.pop()
            if item in seen:
                continue
            seen.add(item)
            queue += self._model.subclasses(item)
            if not is_outside(item.module.path):
                yield item


def _union_of(groups: Iterable[Classes | None]) -> Classes | None:
    """The union; None also where there is nothing to unite."""
    listed = list(groups)
    return union(listed) if listed else None


def is_plainly_decorated(function: FunctionInfo) -> bool:
    """No decorator makes another thing of the function."""
    node = function.node
    return isinstance(node, s.Function) and all(
        decorator_name(item) in _TRANSPARENT for item in node.decorators
    )
