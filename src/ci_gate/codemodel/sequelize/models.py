"""The Sequelize models of a program, and which of them an expression stands for."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.sequelize.associations import associate
from ci_gate.codemodel.sequelize.columns import (
    Options,
    accessors_of,
    attributes_of,
    implied_attributes,
    table_of,
)
from ci_gate.codemodel.sequelize.decorators import decorated
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.instances import Instances
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.sequelize.queries import Queries
from ci_gate.codemodel.sequelize.references import References
from ci_gate.codemodel.sequelize.rows import RowFinder
from ci_gate.codemodel.sequelize.scopes import Scopes
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue, ModuleValue
from ci_gate.regex import regex

_BASES: Final = ("sequelize.Model", "sequelize-typescript.Model")
#: What ``define`` returns, whichever model it is: an object that a framework or a container hands
#: on has each under its own name.
_DEFINED: Final = {ExternalValue("sequelize.Sequelize().define()")}
_RECEIVER: Final = regex(r"^(?:sequelize|db|database|orm|connection|conn|instance|sql)$", re.I)
_SAME_MODEL: Final = frozenset({"scope", "unscoped", "schema", "withScope", "withoutScope"})
_WIRING: Final = regex(r"associat|relation", re.IGNORECASE)
_FOLDER_READERS: Final = ("readdirSync", "readdir", "sync", "globSync")
_MAX_DEPTH: Final = 16
_MAX_STEPS: Final = 1_000  # expressions looked at for one answer


class Models:
    """All models. Those of tests, seeds and migrations do not count."""

    def __init__(self, model: CodeModel) -> None:
        self.model = model
        self.origins = Origins(model)
        self.queries = Queries(self)
        self.rows = RowFinder(self)
        self.instances = Instances(model, self.origins)
        self.all: list[SequelizeModel] = []
        self._of_class: dict[ClassInfo, SequelizeModel] = {}
        self._of_call: dict[s.Node, SequelizeModel] = {}
        self._known: dict[tuple[s.Node, Scope], SequelizeModel | None] = {}
        self._depth = 0
        self._steps = 0
        self._find()
        self.by_name: dict[str, list[SequelizeModel]] = defaultdict(list)
        for item in self.all:
            if not item.abstract:
                self.by_name[item.name].append(item)
        self._registries = self._reading_folders() | self._calling_factories()
        associate(self)

    @cached_property
    def references(self) -> References:
        return References(self)

    @cached_property
    def scopes(self) -> Scopes:
        return Scopes(self)

    def of_class(self, cls: ClassInfo | None) -> SequelizeModel | None:
        return self._of_class.get(cls) if cls is not None else None

    def of_call(self, call: s.Node) -> SequelizeModel | None:
        """The model that a ``define`` call makes."""
        return self._of_call.get(call)

    def at(self, path: str, span: s.Span) -> SequelizeModel | None:
        return next((item for item in self.all if (item.path, item.span) == (path, span)), None)

    def named(self, name: str) -> SequelizeModel | None:
        """The only model of that name."""
        found = self.by_name.get(name, ())
        return found[0] if len(found) == 1 else None

    def _reading_folders(self) -> set[str]:
        """The modules that collect the models of their folder in a loop."""
        reads = {
            scope.module.path
            for name in _FOLDER_READERS
            for call, scope in self.model.calls_named(name)
            if isinstance(call.func, s.Attribute)
        }
        requires = {
            scope.module.path
            for name in ("require", "import")
            for call, scope in self.model.calls_named(name)
            if (
                name == "import"
                if isinstance(call.func, s.Attribute)
                else not all(isinstance(item.value, s.Literal) for item in call.args)
            )
        }
        return {path for path in reads & requires if self.model.modules[path].language != "python"}

    def _calling_factories(self) -> set[str]:
        """The modules that call the functions which make models (``require('./user')(sequelize,
        DataTypes)``), and hand the models on."""
        factories = {
            item.path
            for item in self.all
            if item.call is not None
            and isinstance(self.model.scope_of(item.call).function.node, s.Function)
        }
        return {
            edge.source
            for edge in self.model.import_edges
            if edge.target in factories and edge.source not in factories and not edge.type_only
        }

    # --- finding ---

    def _find(self) -> None:
        if not any(
            edge.package in ("sequelize", "sequelize-typescript")
            for edge in self.model.import_edges
        ):
            return
        for cls in self.model.classes.values():
            if cls.module.language != "python" and self._is_model(cls):
                self._class(cls)
        for call, scope in self.model.calls_named("init"):
            if isinstance(call.func, s.Attribute) and not is_outside(scope.module.path):
                self._init(call, scope)
        for call, scope in self.model.calls_named("define"):
            if isinstance(call.func, s.Attribute) and not is_outside(scope.module.path):
                self._define(call, scope)
        decorated(self)
        for item in self.all:
            if item.cls is not None and item.call is None and not item.attributes:
                item.known = False

    def _is_model(self, cls: ClassInfo) -> bool:
        return any(
            isinstance(base, ExternalValue) and base.path in _BASES
            for base in self.model.ancestors(cls)
        )

    def _class(self, cls: ClassInfo) -> None:
        if is_outside(cls.module.path):
            return
        found = SequelizeModel(cls.name, cls.module.path, cls.node.span, cls=cls)
        found.abstract = True  # until something maps it
        found.accessors |= set(accessors_of(found, Options(self.origins, None, _scope(cls, self))))
        for base in self.model.ancestors(cls):
            if isinstance(base, ClassValue):
                parent = SequelizeModel(base.cls.name, "", (1, 1, 1, 1), cls=base.cls)
                found.accessors |= set(
                    accessors_of(parent, Options(self.origins, None, _scope(cls, self)))
                )
        self._of_class[cls] = found
        self.all.append(found)

    def _init(self, call: s.Call, scope: Scope) -> None:
        assert isinstance(call.func, s.Attribute)
        base = call.func.value
        cls: ClassInfo | None = None
        if isinstance(base, s.Name) and base.id in ("super", "this"):
            cls = _owner(scope)
        else:
            for value in self.model.evaluate(base, scope):
                if isinstance(value, ClassValue):
                    cls = value.cls
        found = self.of_class(cls)
        attributes = call.argument(0)
        if found is None or attributes is None or found.call is not None:
            return
        if not (isinstance(base, s.Name) and base.id == "super") and _has_own_init(found):
            return  # its own init(sequelize), which calls super.init(…)
        inherited = found.cls is not None and self.model.subclasses(found.cls)
        if inherited and scope.method is not None and not _names_columns(attributes):
            return  # a method by which each subclass maps itself
        found.call, found.abstract = call, False
        options = self.options(call.argument(1), scope)
        name = options.text("modelName", self.origins)
        if options.has("modelName") and name is None:
            found.associated = found.known = False
        self._fill(found, name or found.name, attributes, scope, options)

    def _define(self, call: s.Call, scope: Scope) -> None:
        assert isinstance(call.func, s.Attribute)
        name, attributes = call.argument(0), call.argument(1)
        if name is None or attributes is None or not self._is_sequelize(call.func.value, scope):
            return
        origin = self.origins.one(name, scope)
        if origin is None or not isinstance(origin.expr, s.Literal):
            return
        found = SequelizeModel(str(origin.expr.value), scope.module.path, call.span, call)
        self.all.append(found)
        self._of_call[call] = found
        self._fill(found, found.name, attributes, scope, self.options(call.argument(2), scope))

    def _fill(
        self, found: SequelizeModel, name: str, attributes: s.Expr, scope: Scope, options: Options
    ) -> None:
        renamed = SequelizeModel(name, "", (1, 1, 1, 1))
        found.name, found.plural, found.singular = name, renamed.plural, renamed.singular
        names = options.get("name")
        if names is not None:
            own = Options(self.origins, *names)
            found.plural = own.text("plural", self.origins) or found.plural
            found.singular = own.text("singular", self.origins) or found.singular
        found.underscored = (
            options.flag("underscored", self.origins) is True if options.complete else None
        )
        attributes_of(attributes, scope, self.origins, found)
        implied_attributes(found, options, self.origins)
        found.table = table_of(found, options, self.origins)
        found.accessors |= set(accessors_of(found, options))

    def options(self, expr: s.Expr | None, scope: Scope) -> Options:
        """A model's options over those that the Sequelize instance has for all."""
        own = Options(self.origins, expr, scope)
        general = self.instances.define
        own.complete = own.complete and general.complete
        for name, value in general.values.items():
            own.values.setdefault(name, value)
        return own

    def _is_sequelize(self, expr: s.Expr, scope: Scope) -> bool:
        values = self.model.evaluate(expr, scope)
        if values:
            return any(
                isinstance(value, ExternalValue) and value.path == "sequelize.Sequelize()"
                for value in values
            )
        name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
        return _RECEIVER.match(name) is not None

    # --- what an expression stands for ---

    def of(self, expr: s.Expr, scope: Scope) -> SequelizeModel | None:
        """The one model that ``expr`` is; None where that is not sure."""
        if not self.all:
            return None
        key = (expr, scope)
        if key in self._known:
            return self._known[key]
        if self._depth == 0:
            self._steps = 0
        self._steps += 1
        if self._depth > _MAX_DEPTH or self._steps > _MAX_STEPS:
            return None
        self._depth += 1
        try:
            found = self._of(expr, scope)
        finally:
            self._depth -= 1
        if self._depth == 0 or found is not None:
            self._known[key] = found
        return found

    def _of(self, expr: s.Expr, scope: Scope) -> SequelizeModel | None:
        if expr in self._of_call:
            return self._of_call[expr]
        values = self.model.evaluate(expr, scope)
        if len(values) == 1 and isinstance(value := next(iter(values)), ClassValue):
            return self._of_class.get(value.cls)
        found = self._written(expr, scope)
        if found is None and values == _DEFINED:
            key = self._key(expr, scope)
            return self.named(key) if key is not None else None
        return found

    def _key(self, expr: s.Expr, scope: Scope) -> str | None:
        """The key under which an object has the value of ``expr``."""
        match expr:
            case s.Attribute(name=name) | s.Subscript(index=s.Literal(value=str(name))):
                return name
            case s.Name(id=name):
                keys = {b.path[-1] if b.path else None for b in self.model.bindings(name, scope)}
                match keys.pop() if len(keys) == 1 else None:
                    case ("key", str(key)):
                        return key
        return None

    def _written(self, expr: s.Expr, scope: Scope) -> SequelizeModel | None:
        match expr:
            case s.Name(id=name):
                return self._name(expr, name, scope)
            case s.Attribute(value=base, name=name):
                return self._member(base, name, scope)
            case s.Subscript(value=base, index=s.Literal(value=str(name))):
                return self._member(base, name, scope)
            case s.Call():
                return self._call(expr, scope)
            case s.Binary(op="or" | "??", right=right):
                return self.of(right, scope)
        return None

    def _name(self, expr: s.Name, name: str, scope: Scope) -> SequelizeModel | None:
        bindings = self.model.bindings(name, scope)
        found = {self._bound(expr, scope, binding) for binding in bindings
                 if not (isinstance(binding.node, s.Assign))}  # fmt: skip
        return found.pop() if len(found) == 1 else None

    def _bound(self, expr: s.Name, scope: Scope, binding: Binding) -> SequelizeModel | None:
        node, inner, path = binding.node, binding.scope, binding.path
        keys = [key for kind, key in path if kind == "key"]
        if len(keys) != len(path) or len(keys) > 1:
            return None
        if binding.kind == "param" and isinstance(node, s.Param):
            if keys:
                return self._parameter_member(node, inner, str(keys[0]))
            return self._argument(node, inner)
        if binding.kind == "value":
            value: s.Expr = node  # type: ignore[assignment]
            return self._member(value, str(keys[0]), inner) if keys else self.of(value, inner)
        if binding.kind == "import":
            written = self.model.definition(expr, scope)
            if written is not None:
                return self.of(*written)
            for item in self.model.provenance(expr, scope):
                found = self.of(item.expr, item.scope)
                if found is not None:
                    return found
            origin = self.origins.one(expr, scope)
            if origin is not None and not isinstance(origin.expr, s.Name | s.Attribute):
                return self.of(origin.expr, origin.scope)
            statement = binding.statement
            if statement is not None and isinstance(node, s.ImportedName):
                return self._collected(statement, node.name, inner)
        return None

    def _collected(self, statement: s.Import, name: str, scope: Scope) -> SequelizeModel | None:
        """A model that a module collects from its folder."""
        for edge in self.model.imports_of(scope.module.path):
            if edge.node is statement and edge.target in self._registries:
                return self.named(name)
        return None

    def _argument(self, param: s.Param, scope: Scope) -> SequelizeModel | None:
        found: set[SequelizeModel] = set()
        for item in self.model.provenance(s.Name(param.span, param.name), scope):
            model = self.of(item.expr, item.scope)
            if model is None:
                return None
            found.add(model)
        return found.pop() if len(found) == 1 else None

    def _parameter_member(self, param: s.Param, scope: Scope, name: str) -> SequelizeModel | None:
        if self._is_wiring(scope.function):
            return self.named(name)
        found: set[SequelizeModel | None] = set()
        function = scope.function
        if isinstance(function.node, s.Function) and param in function.node.params:
            position = function.node.params.index(param)
            for edge in self.model.callers(function):
                if isinstance(edge.node, s.Call) and (value := edge.node.argument(position)):
                    found.add(self._member(value, name, self.model.scope_of(edge.node)))
        return found.pop() if len(found) == 1 else None

    def _is_wiring(self, function: FunctionInfo) -> bool:
        """A function that models/index calls with all the models (``static associate(models)``)."""
        if _WIRING.search(function.name):
            return True
        for enclosing in self.origins.surroundings.of(function.module.path, function.node):
            if isinstance(enclosing.node, s.Assign):
                target = enclosing.node.targets[0]
                return isinstance(target, s.Attribute) and bool(_WIRING.search(target.name))
            if not isinstance(enclosing.node, s.FunctionExpr):
                return False
        return False

    def _member(self, base: s.Expr, name: str, scope: Scope) -> SequelizeModel | None:
        """``base.name``."""
        if isinstance(base, s.Attribute) and base.name == "models":
            return self.named(name)
        span = base.span
        for item in self.model.provenance(s.Attribute(span, base, name, span), scope):
            found = self.of(item.expr, item.scope)
            if found is not None:
                return found
        for value in self.model.evaluate(base, scope):
            if isinstance(value, ModuleValue) and value.path in self._registries:
                return self.named(name)
        if isinstance(base, s.Call) and self._requires_registry(base, scope):
            return self.named(name)
        if isinstance(base, s.Name):
            return self._member_of_name(base, name, scope)
        origin = self.origins.one(base, scope)
        if origin is not None and origin.expr is not base:
            return self._member_of(origin.expr, name, origin.scope)
        return None

    def _member_of(self, base: s.Expr, name: str, scope: Scope) -> SequelizeModel | None:
        if not isinstance(base, s.Mapping):
            return None
        found: SequelizeModel | None = None
        origin = self.origins.one(base, scope)
        for key, value, inner in self.origins.entries(origin) if origin is not None else ():
            if isinstance(key, s.Literal) and key.value == name:
                found = self.of(value, inner)
        return found

    def _member_of_name(self, base: s.Name, name: str, scope: Scope) -> SequelizeModel | None:
        for binding in self.model.bindings(base.id, scope):
            node = binding.node
            if binding.kind == "param" and isinstance(node, s.Param) and not binding.path:
                return self._parameter_member(node, binding.scope, name)
            if binding.kind == "import" and binding.statement is not None:
                return self._collected(binding.statement, name, binding.scope)
            if binding.kind == "value" and not isinstance(node, s.Assign):
                value: s.Expr = node  # type: ignore[assignment]
                if not binding.path:
                    if isinstance(value, s.Mapping):
                        if scope.module.path in self._registries and not value.entries:
                            return self.named(name)
                        return self._entry(base, name, scope)
                    return self._member(value, name, binding.scope)
                if binding.path == (("key", "models"),):
                    return self.named(name)
        return None

    def _entry(self, base: s.Name, name: str, scope: Scope) -> SequelizeModel | None:
        origin = self.origins.one(base, scope)
        if origin is None or not isinstance(origin.expr, s.Mapping):
            return None
        found: SequelizeModel | None = None
        for key, value, inner in self.origins.entries(origin):
            if isinstance(key, s.Literal) and key.value == name:
                found = self.of(value, inner)
        return found

    def _requires_registry(self, call: s.Call, scope: Scope) -> bool:
        if not (isinstance(call.func, s.Name) and call.func.id == "require" and call.args):
            return False
        given = call.args[0].value
        if not isinstance(given, s.Literal):
            return False
        return any(
            edge.target in self._registries and edge.node.specifier == given.value
            for edge in self.model.imports_of(scope.module.path)
        )

    def _call(self, call: s.Call, scope: Scope) -> SequelizeModel | None:
        func = call.func
        if isinstance(func, s.Attribute):
            if func.name in _SAME_MODEL:
                return self.of(func.value, scope)
            if func.name == "model" and (name := call.argument(0)) is not None:
                if isinstance(name, s.Literal) and self._is_sequelize(func.value, scope):
                    return self.named(str(name.value))
                return None
        found: set[SequelizeModel | None] = set()
        for value in self.model.evaluate(func, scope):
            if isinstance(value, FunctionValue):
                inner = self.model.function_scope(value.function)
                found |= {self.of(item, inner) for item in self.model.returned(value.function)}
        return found.pop() if len(found) == 1 else None


def _has_own_init(model: SequelizeModel) -> bool:
    assert model.cls is not None
    return any(
        isinstance(item, s.FunctionDef)
        and item.function.name == "init"
        and item.function.kind == "static"
        for item in model.cls.node.body
    )


def _names_columns(attributes: s.Expr) -> bool:
    return isinstance(attributes, s.Mapping) and any(item.key for item in attributes.entries)


def _owner(scope: Scope) -> ClassInfo | None:
    return scope.method.cls if scope.method is not None else scope.cls


def _scope(cls: ClassInfo, models: Models) -> Scope:
    return models.model.class_scope(cls)
