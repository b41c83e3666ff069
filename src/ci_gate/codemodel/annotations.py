"""What a type annotation says of the value that carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.libraries import canonical
from ci_gate.codemodel.program import ClassInfo, Scope
from ci_gate.codemodel.python.lower import parse_expression
from ci_gate.codemodel.values import (
    CallableValue,
    ClassValue,
    CollectionValue,
    ConstantValue,
    ExpressionValue,
    ExternalValue,
    FunctionValue,
    InstanceValue,
    ObjectValue,
    TupleValue,
    Value,
)
from ci_gate.codemodel.valuesets import Values
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.evaluate import Evaluator

_WRAPPERS = frozenset({
    "Optional", "Union", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "Mapped",
    "Awaitable", "Promise", "PromiseLike", "Awaited", "Readonly", "Partial", "NonNullable", "Pick",
    "Omit", "DeepPartial", "DynamicMapped", "WriteOnlyMapped", "InitVar", "NoInfer", "Relation",
})  # fmt: skip
_LAST = frozenset({"Coroutine"})
_COLLECTIONS = frozenset({
    "list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence", "MutableSequence",
    "Iterable", "Iterator", "Generator", "AsyncIterable", "AsyncIterator", "AsyncGenerator",
    "Collection", "deque", "Deque", "AbstractSet", "MutableSet", "Array", "ReadonlyArray",
    "ReadonlySet", "IterableIterator", "AsyncIterableIterator", "ContextManager",
    "AsyncContextManager", "AbstractContextManager", "AbstractAsyncContextManager", "Reversible",
    "KeysView", "ValuesView",
})  # fmt: skip
_MAPPINGS = frozenset({
    "dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict",
    "Record", "Map", "ReadonlyMap", "WeakMap",
})  # fmt: skip
_TUPLES = frozenset({"tuple", "Tuple"})
_TYPES = frozenset({"type", "Type"})
_CALLABLES = frozenset({"Callable"})
_LIBRARIES = frozenset({
    "typing", "typing_extensions", "collections", "collections.abc", "contextlib", "builtins",
    "t", "dataclasses", "sqlalchemy.orm", "asyncio", "typeorm", "concurrent.futures",
})  # fmt: skip
_MAX_DEPTH = 12
_TEXT = regex(r"[\w.\[\], |\"']{1,200}")


class Annotations:
    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._types: set[s.Mapping] = set()
        self._parsed: dict[str, s.Expr | None] = {}
        self._depth = 0

    def is_type(self, mapping: s.Mapping) -> bool:
        """The mapping is an object type: its entries are annotations."""
        return mapping in self._types

    def is_typed(self, value: Value) -> bool:
        """The value is known by its object type or interface only."""
        if isinstance(value, ObjectValue):
            return value.mapping in self._types
        return isinstance(value, InstanceValue) and value.cls.node.kind == "interface"

    def is_type_form(self, path: str) -> bool:
        """A library's name that is subscripted to make a type."""
        module, _, name = path.rpartition(".")
        return (
            module in _LIBRARIES
            and "()" not in module
            and (
                name in _WRAPPERS
                or name in _COLLECTIONS
                or name in _MAPPINGS
                or name in ("Annotated", "Callable", "Type", "Tuple", "Generic", "Literal")
            )
        )

    def subscripted(self, value: Value, expr: s.Subscript, scope: Scope) -> Values:
        """A subscripted class or type form used as a value: an alias, or a generic class."""
        if isinstance(value, ClassValue) and value.cls.node.kind != "enum":
            return (value,)
        return (ExpressionValue(expr, scope),)

    def instance(self, expr: s.Expr, scope: Scope, receiver: ClassInfo | None = None) -> Values:
        """What a value annotated with ``expr`` can be."""
        key = ("type", expr, receiver)
        return self._evaluator.guarded(key, self._instance, expr, scope, receiver)

    def _instance(self, expr: s.Expr, scope: Scope, receiver: ClassInfo | None) -> Values:
        if isinstance(expr, s.Literal):
            if expr.kind == "string" and isinstance(expr.value, str):
                parsed = self._parse(expr.value, scope)
                return self.instance(parsed, scope, receiver) if parsed is not None else ()
            return ()
        if isinstance(expr, s.Name | s.Attribute):
            return self._named(expr, scope, receiver)
        if isinstance(expr, s.Subscript):
            return self._subscript(expr, scope, receiver)
        if isinstance(expr, s.Binary) and expr.op in ("|", "&"):
            return self._union((expr.left, expr.right), scope, receiver)
        if isinstance(expr, s.Mapping):
            self._types.add(expr)
            return (ObjectValue(expr, scope),)
        if isinstance(expr, s.Sequence):
            if expr.kind == "tuple":
                return self._places(expr.items, scope, receiver)
            return self._union(tuple(expr.items), scope, receiver)
        if isinstance(expr, s.Unary) and expr.op == "typeof":
            return self._evaluator.of(expr.value, scope)
        if isinstance(expr, s.FunctionExpr):
            returns = expr.function.returns
            return self._callable(returns, scope, receiver) if returns is not None else ()
        if isinstance(expr, s.Call):
            return self._evaluator.of(expr, scope)
        return ()

    def _parse(self, text: str, scope: Scope) -> s.Expr | None:
        if scope.module.language != "python" or not _TEXT.fullmatch(text):
            return None
        if text not in self._parsed:
            self._parsed[text] = parse_expression(text, (1, 1, 1, 1))
        return self._parsed[text]

    def _union(self, exprs: tuple[s.Expr, ...], scope: Scope, receiver: ClassInfo | None) -> Values:
        found: dict[Value, None] = {}
        for expr in exprs:
            for value in self.instance(expr, scope, receiver):
                found[value] = None
        return tuple(found)[:8]

    # --- names ---

    def _named(self, expr: s.Expr, scope: Scope, receiver: ClassInfo | None) -> Values:
        name = expr.id if isinstance(expr, s.Name) else ""
        if name in ("Self", "this") or (isinstance(expr, s.Attribute) and expr.name == "Self"):
            cls = receiver or scope.cls
            return (InstanceValue(cls),) if cls is not None else ()
        values = self._evaluator.of(expr, scope)
        if not values and name:
            return self._type_variable(name, scope, receiver)
        return self._instances(values, name, scope, receiver)

    def _instances(
        self, values: Values, name: str, scope: Scope, receiver: ClassInfo | None
    ) -> Values:
        found: dict[Value, None] = {}
        for value in values:
            for item in self._instance_of(value, name, scope, receiver):
                found[item] = None
        return tuple(found)[:8]

    def _instance_of(
        self, value: Value, name: str, scope: Scope, receiver: ClassInfo | None
    ) -> Values:
        if isinstance(value, ClassValue):
            return (InstanceValue(value.cls),)
        if isinstance(value, ExpressionValue):
            return self.instance(value.expr, value.scope, receiver)
        if isinstance(value, ObjectValue):
            return (value,) if self.is_type(value.mapping) else ()
        if isinstance(value, ExternalValue):
            path = value.path
            module, _, last = path.rpartition(".")
            if module in ("typing", "typing_extensions"):
                if last in ("TypeVar()", "ParamSpec()"):
                    return self._type_variable(name, scope, receiver)
                return ()
            if path.endswith("()"):
                return () if last == "NewType()" else (value,)
            return self._evaluator.external(path + "()")
        if isinstance(value, InstanceValue | FunctionValue | CollectionValue | TupleValue):
            return (value,) if scope.module.language != "python" else ()
        if isinstance(value, ConstantValue):
            if isinstance(value.value, str) and scope.module.language == "python":
                parsed = self._parse(value.value, scope)
                return self.instance(parsed, scope, receiver) if parsed is not None else ()
            return ()
        return ()

    # --- type variables ---

    def _type_variable(self, name: str, scope: Scope, receiver: ClassInfo | None) -> Values:
        """What a type variable of a generic base class stands for in ``receiver``."""
        if receiver is None or not name:
            return ()
        owner = scope.cls
        found = self._fixed(receiver, owner, name, 0)
        if found:
            return found
        return self._bound(name, scope)

    def _bound(self, name: str, scope: Scope) -> Values:
        for binding in self._evaluator.bindings(name, scope):
            node = binding.node
            if isinstance(node, s.Call):
                bound = node.argument(keyword="bound")
                if bound is not None:
                    return self.instance(bound, binding.scope)
        return ()

    def _fixed(self, cls: ClassInfo, owner: ClassInfo | None, name: str, depth: int) -> Values:
        """``name`` as the bases of ``cls`` fix it for the generic class ``owner``."""
        if depth > _MAX_DEPTH:
            return ()
        scope = self._evaluator.index.outer_scope[cls]
        for base in cls.node.bases:
            expr = base.value
            if base.keyword is not None:
                continue
            generic = expr.value if isinstance(expr, s.Subscript) else expr
            for value in self._evaluator.of(generic, scope):
                if not isinstance(value, ClassValue) or value.cls is cls:
                    continue
                arguments = _arguments(expr.index) if isinstance(expr, s.Subscript) else []
                parameters = self.parameters_of(value.cls)
                if (owner is None or value.cls is owner) and name in parameters:
                    position = parameters.index(name)
                    if position < len(arguments):
                        return self.instance(arguments[position], scope, None)
                inner = self._fixed(value.cls, owner, name, depth + 1)
                if inner:
                    return inner
                passed = self._passed_on(value.cls, owner, name, depth + 1)
                if passed in parameters and parameters.index(passed) < len(arguments):
                    return self.instance(arguments[parameters.index(passed)], scope, None)
        return ()

    def _passed_on(self, cls: ClassInfo, owner: ClassInfo | None, name: str, depth: int) -> str:
        """The type parameter of ``cls`` that it hands to ``owner`` as ``name``."""
        scope = self._evaluator.index.outer_scope[cls]
        for base in cls.node.bases:
            expr = base.value
            if not isinstance(expr, s.Subscript) or depth > _MAX_DEPTH:
                continue
            for value in self._evaluator.of(expr.value, scope):
                if isinstance(value, ClassValue) and (owner is None or value.cls is owner):
                    parameters = self.parameters_of(value.cls)
                    arguments = _arguments(expr.index)
                    if name in parameters and parameters.index(name) < len(arguments):
                        argument = arguments[parameters.index(name)]
                        return argument.id if isinstance(argument, s.Name) else ""
        return ""

    def parameters_of(self, cls: ClassInfo) -> list[str]:
        """The names of a generic class's type parameters, in order."""
        if cls.node.type_params:
            return list(cls.node.type_params)
        names: list[str] = []
        for base in cls.node.bases:
            expr = base.value
            if not isinstance(expr, s.Subscript):
                continue
            generic = _last_name(expr.value) in ("Generic", "Protocol")
            found = [item.id for item in _arguments(expr.index) if isinstance(item, s.Name)]
            if generic:
                return found
            names.extend(item for item in found if self._is_variable(item, cls))
        return names

    def _is_variable(self, name: str, cls: ClassInfo) -> bool:
        values = self._evaluator.lookup(name, self._evaluator.index.outer_scope[cls])
        return any(
            isinstance(value, ExternalValue) and value.path.endswith(".TypeVar()")
            for value in values
        )

    # --- generics ---

    def _subscript(self, expr: s.Subscript, scope: Scope, receiver: ClassInfo | None) -> Values:
        arguments = _arguments(expr.index)
        name = self._form(expr.value, scope)
        if name == "Annotated":
            return self._annotated(arguments, scope, receiver)
        if name in ("Optional", "Union", "Mapped"):
            return self._union(tuple(arguments), scope, receiver)
        if name in _WRAPPERS:
            return self._union(tuple(arguments[:1]), scope, receiver)
        if name in _LAST:
            return self._union(tuple(arguments[-1:]), scope, receiver)
        if name in _COLLECTIONS:
            return self._collected(arguments[:1], scope, receiver)
        if name in _MAPPINGS:
            return self._collected(arguments[-1:], scope, receiver)
        if name in _TUPLES:
            if len(arguments) == 2 and _is_ellipsis(arguments[1]):
                return self._collected(arguments[:1], scope, receiver)
            return self._places(arguments, scope, receiver)
        if name in _TYPES:
            return self._classes(arguments, scope, receiver)
        if name in _CALLABLES:
            return self._callable(arguments[-1], scope, receiver) if arguments else ()
        if name == "ReturnType":
            return self._results(arguments, scope)
        if name == "InstanceType":
            return self._constructed(arguments, scope)
        values = self._evaluator.of(expr.value, scope)
        found = self._instances(values, "", scope, receiver)
        return found or self._property_type(expr, scope, receiver)

    def _form(self, expr: s.Expr, scope: Scope) -> str:
        """The well-known generic that ``expr`` names, else ""."""
        name = _last_name(expr)
        if isinstance(expr, s.Name) and self._evaluator.find(name, scope) is None:
            return name
        for value in self._evaluator.of(expr, scope):
            if isinstance(value, ExternalValue):
                module, _, last = canonical(value.path).rpartition(".")
                if module in _LIBRARIES:
                    return last
        return ""

    def _property_type(self, expr: s.Subscript, scope: Scope, receiver: ClassInfo | None) -> Values:
        """TypeScript's ``Deps["db"]``."""
        if isinstance(expr.index, s.Literal) and isinstance(expr.index.value, str):
            base = self.instance(expr.value, scope, receiver)
            found: dict[Value, None] = {}
            for value in base:
                for item in self._evaluator.parts.attribute(value, expr.index.value):
                    found[item] = None
            return tuple(found)[:8]
        return ()

    def _annotated(
        self, arguments: list[s.Expr], scope: Scope, receiver: ClassInfo | None
    ) -> Values:
        if not arguments:
            return ()
        declared = self.instance(arguments[0], scope, receiver)
        if declared and not self._evaluator.classes.all_abstract(declared):
            return declared
        for extra in arguments[1:]:
            if isinstance(extra, s.Call):
                provided = self._evaluator.library_calls.dependency(extra, scope)
                if provided:
                    return provided
        return declared

    def metadata(self, expr: s.Expr, scope: Scope) -> list[tuple[s.Call, Scope]]:
        """The calls among the metadata of an ``Annotated`` type, through aliases."""
        for _ in range(_MAX_DEPTH):
            if isinstance(expr, s.Subscript):
                if self._form(expr.value, scope) != "Annotated":
                    return []
                items = _arguments(expr.index)
                return [(item, scope) for item in items if isinstance(item, s.Call)]
            if not isinstance(expr, s.Name | s.Attribute):
                return []
            alias = next(
                (
                    value
                    for value in self._evaluator.of(expr, scope)
                    if isinstance(value, ExpressionValue)
                ),
                None,
            )
            if alias is None:
                return []
            expr, scope = alias.expr, alias.scope
        return []

    def _collected(
        self, arguments: list[s.Expr], scope: Scope, receiver: ClassInfo | None
    ) -> Values:
        return tuple(
            CollectionValue(value) for value in self._union(tuple(arguments), scope, receiver)
        )

    def _places(self, arguments: list[s.Expr], scope: Scope, receiver: ClassInfo | None) -> Values:
        items = tuple(frozenset(self.instance(item, scope, receiver)) for item in arguments)
        return (TupleValue(items),) if any(items) else ()

    def _classes(self, arguments: list[s.Expr], scope: Scope, receiver: ClassInfo | None) -> Values:
        found: dict[Value, None] = {}
        for value in self._union(tuple(arguments), scope, receiver):
            if isinstance(value, InstanceValue):
                found[ClassValue(value.cls)] = None
            elif isinstance(value, ExternalValue) and value.path.endswith("()"):
                found[ExternalValue(value.path[:-2])] = None
        return tuple(found)

    def _callable(self, returns: s.Expr, scope: Scope, receiver: ClassInfo | None) -> Values:
        return tuple(CallableValue(value) for value in self.instance(returns, scope, receiver))

    def _results(self, arguments: list[s.Expr], scope: Scope) -> Values:
        found: dict[Value, None] = {}
        for argument in arguments[:1]:
            expr = argument.value if isinstance(argument, s.Unary) else argument
            for value in self._evaluator.of(expr, scope):
                for item in self._evaluator.call_result(value):
                    found[item] = None
        return tuple(found)[:8]

    def _constructed(self, arguments: list[s.Expr], scope: Scope) -> Values:
        return self._results(arguments, scope)


def _arguments(index: s.Expr) -> list[s.Expr]:
    if isinstance(index, s.Sequence) and index.kind == "tuple":
        return index.items
    return [index]


def _last_name(expr: s.Expr) -> str:
    if isinstance(expr, s.Name):
        return expr.id
    return expr.name if isinstance(expr, s.Attribute) else ""


def _is_ellipsis(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and expr.kind == "ellipsis"
