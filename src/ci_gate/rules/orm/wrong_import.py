from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.associations import KINDS
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import OPTIONS
from ci_gate.codemodel.sequelize.version import Versions
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._unregistered import unregistered

_INSTANCE: Final = "sequelize.Sequelize()"
#: What `require('sequelize')` has, and an instance made with `new` has not.
_OF_PACKAGE: Final = frozenset({"DataTypes", "Op", "Model"})
_NO_INSTANCE: Final = frozenset({"sequelize", "sequelize.Sequelize", "sequelize.DataTypes"})
_MAJOR: Final = 6


class WrongImport(Rule):
    """What a Sequelize module is given or imports is not what it uses it for.

    `DataTypes`, `Op` or `Model` taken from an instance, which has none; a file's model factory used
    as if it were the model; a factory that is called with its arguments in the wrong order or with
    one too few; a class that extends `Model` and that `init()` never maps, or, with
    sequelize-typescript, that no list of `models` names.

    ## Why is this bad?
    The name is undefined, or a function stands where a model is due: the first use is a TypeError,
    mostly while the modules are loaded, and the service does not start. A class without `init()`
    fails at its first query.

    ## Fix
    Take `DataTypes` and `Op` from `require('sequelize')`; call the factory once, with
    `(sequelize, DataTypes)`, and export what it returns; call `init()` before the class is used;
    add the class to `models`.

    ## Silent on
    Versions of Sequelize other than 6 for what an instance lacks; names that the project itself
    puts on the instance; factories and classes that several ways may lead to; lists of models that
    hold paths or are put together elsewhere.

    ## Source
    Sequelize, "Model Basics" (sequelize.org/docs/v6/core-concepts/model-basics); constraint decay,
    arXiv 2605.06445.
    """

    id = "orm/wrong-import"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        if not models.all:
            return
        yield from self._taken_from_instance(models)
        factories = _factories(models)
        yield from self._factory_as_model(models, factories)
        for function, position, call in _given(models, factories):
            yield from self._arguments(models, function, position, call)
        yield from self._never_mapped(models)
        for defect in unregistered(models):
            yield defect.finding(self)

    # --- names of the package ---

    def _taken_from_instance(self, models: Models) -> Iterator[Finding]:
        versions = Versions(models.model)
        for path, module in sorted(models.model.modules.items()):
            if module.language == "python" or is_outside(path):
                continue
            if versions.major(path) != _MAJOR:
                continue
            attributes = models.model.nodes_of(module, s.Attribute)
            nodes: list[s.Node] = [item for item in attributes if item.name in _OF_PACKAGE]
            nodes += models.model.nodes_of(module, s.Assign)
            for node in dict.fromkeys(nodes):
                for name, base, place in _taken(node):
                    if name in _OF_PACKAGE and self._is_instance(models, base, name):
                        yield self._lacking(models, path, place, name)

    def _is_instance(self, models: Models, base: s.Expr, name: str) -> bool:
        values = models.model.evaluate(base)
        return not models.model.stores(name) and bool(values) and all(
            isinstance(item, ExternalValue) and item.path == _INSTANCE for item in values
        )  # fmt: skip

    def _lacking(self, models: Models, path: str, node: s.Node, name: str) -> Finding:
        return self.finding(
            path,
            node,
            message=f"`{name}` is taken from a Sequelize instance, which has no `{name}`.",
            why=(
                f"`{name}` is undefined there: reading from it is a TypeError as soon as the line "
                "runs."
            ),
            fix=f"Write `const {{ {name} }} = require('sequelize')`.",
            subject=f"{name} of the instance",
            related=[
                Related(item.scope.module.path, item.call.line, "the instance is made here")
                for item in models.instances.all[:1]
            ],
        )

    # --- factories ---

    def _factory_as_model(
        self, models: Models, factories: dict[FunctionInfo, str]
    ) -> Iterator[Finding]:
        seen: set[tuple[str, FunctionInfo]] = set()
        for method in (*OPTIONS, *KINDS):
            for call, scope in models.model.calls_named(method):
                if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
                    continue
                values = models.model.evaluate(call.func.value, scope)
                only = next(iter(values)) if len(values) == 1 else None
                if not isinstance(only, FunctionValue) or only.function not in factories:
                    continue
                key = scope.module.path, only.function
                if key in seen or models.model.stores(method):
                    continue
                seen.add(key)
                name, function = factories[only.function], only.function
                yield self.finding(
                    scope.module.path,
                    call.func,
                    message=(
                        f"`{method}()` is called on the function that makes the model {name}, not "
                        "on the model."
                    ),
                    why=f"TypeError: {method} is not a function; the factory has not been called.",
                    fix="Call the factory once, with `(sequelize, DataTypes)`, and use its result.",
                    subject=f"factory of {name}",
                    related=[Related(function.module.path, function.node.line, "the factory")],
                )

    def _arguments(
        self, models: Models, function: FunctionInfo, position: dict[str, int], call: s.Call
    ) -> Iterator[Finding]:
        """``require('./user')(DataTypes, sequelize)``."""
        if any(item.star for item in call.args):
            return
        scope = models.model.scope_of(call)
        path, related = scope.module.path, [
            Related(function.module.path, function.node.line, "the factory")
        ]  # fmt: skip
        holder = call.argument(position["define"])
        values = models.model.evaluate(holder, scope) if holder is not None else frozenset()
        if values and all(
            isinstance(item, ExternalValue) and item.path in _NO_INSTANCE for item in values
        ):
            yield self.finding(
                path,
                call,
                message=(
                    "A model factory is given what is no Sequelize instance in the place where it "
                    "calls `define()`."
                ),
                why="TypeError: define is not a function, when the module is loaded.",
                fix="Give the instance that `new Sequelize(…)` makes first, then `DataTypes`.",
                subject="factory given no instance",
                related=related,
            )
            return
        types = position.get("types")
        if types is not None and len(call.args) <= types:
            assert isinstance(function.node, s.Function)
            name = function.node.params[types].name
            yield self.finding(
                path,
                call,
                message=f"A model factory is called without its argument `{name}`.",
                why=f"{name} is undefined in it: reading a type from it is a TypeError, and the "
                "service does not start.",
                fix="Call it with `(sequelize, DataTypes)`.",
                subject="factory without types",
                related=related,
            )

    # --- classes ---

    def _never_mapped(self, models: Models) -> Iterator[Finding]:
        if _maps_unseen(models):
            return
        seen: set[object] = set()
        for method in OPTIONS:
            for call, scope in models.model.calls_named(method):
                if not isinstance(call.func, s.Attribute) or is_outside(scope.module.path):
                    continue
                values = models.model.evaluate(call.func.value, scope)
                only = next(iter(values)) if len(values) == 1 else None
                if not isinstance(only, ClassValue) or only.cls in seen:
                    continue
                found = models.of_class(only.cls)
                if found is None or not found.abstract or found.call is not None:
                    continue
                bases = list(models.model.bases(only.cls))
                plain = [item for item in bases if isinstance(item, ExternalValue)]
                if len(bases) != 1 or [item.path for item in plain] != ["sequelize.Model"]:
                    continue
                if method in found.accessors or only.cls.node.decorators:
                    continue
                if models.model.subclasses(only.cls):
                    continue  # `this` of a base class: each subclass is mapped, or is not
                seen.add(only.cls)
                yield self.finding(
                    scope.module.path,
                    call.func,
                    message=(
                        f"`{only.cls.name}.{method}()` is called, and nothing maps the class: "
                        f"`{only.cls.name}.init()` is never called."
                    ),
                    why=(
                        "Sequelize throws 'Model not initialized', or a TypeError, at the first "
                        "query; the model has no attributes and no table."
                    ),
                    fix=f"Call `{only.cls.name}.init({{ … }}, {{ sequelize }})` where it is "
                    "defined.",
                    subject=f"{only.cls.name} never mapped",
                    related=[Related(only.cls.module.path, only.cls.node.line, "the class")],
                )


def _taken(node: s.Node) -> Iterator[tuple[str, s.Expr, s.Node]]:
    """Name, object and place of ``sequelize.DataTypes`` and ``const { DataTypes } = sequelize``."""
    match node:
        case s.Attribute(value=base, name=name):
            yield name, base, node
        case s.Assign(targets=[s.Mapping(entries=entries)], value=value) if value is not None:
            for entry in entries:
                key, has_default = entry.key, isinstance(entry.value, s.AssignExpr)
                if isinstance(key, s.Literal) and isinstance(key.value, str) and not has_default:
                    yield key.value, value, entry


def _factories(models: Models) -> dict[FunctionInfo, str]:
    """The functions that make one model, by the model's name, and give it back."""
    made = [(model.call, model.name) for model in models.all if model.call is not None]
    # one that is given something else instead of the instance makes no model
    made += [
        (call, first.value)
        for call, scope in models.model.calls_named("define")
        if isinstance(call.func, s.Attribute)
        and isinstance(call.func.value, s.Name)
        and isinstance(scope.function.node, s.Function)
        and call.func.value.id in [item.name for item in scope.function.node.params]
        and isinstance(first := call.argument(0), s.Literal)
        and isinstance(first.value, str)
        and not is_outside(scope.module.path)
    ]
    found: dict[FunctionInfo, str] = {}
    for call, name in made:
        function = models.model.scope_of(call).function
        node = function.node
        if not isinstance(node, s.Function) or not node.params or function in found:
            continue
        if any(item.value is not None for item in s.returns_in(node)):
            found[function] = name
    return found


def _given(
    models: Models, factories: dict[FunctionInfo, str]
) -> Iterator[tuple[FunctionInfo, dict[str, int], s.Call]]:
    """The calls of factories, with the positions of the instance and of the types."""
    for function in factories:
        assert isinstance(function.node, s.Function)
        names = [item.name for item in function.node.params]
        position: dict[str, int] = {}
        for node in s.walk(function.node):
            match node:
                case s.Call(func=s.Attribute(value=s.Name(id=name), name="define")):
                    if name in names:
                        position["define"] = names.index(name)
                case s.Attribute(value=s.Name(id=name), name="STRING" | "INTEGER" | "UUID"):
                    if name in names and function.node.params[names.index(name)].default is None:
                        position["types"] = names.index(name)
        if "define" not in position:
            continue
        for edge in models.model.callers(function):
            if edge.reason != "call" or is_outside(edge.caller.module.path):
                continue
            if isinstance(edge.node, s.Call):
                yield function, position, edge.node


def _maps_unseen(models: Models) -> bool:
    """Is ``init`` called on something that is not known?"""
    for call, scope in models.model.calls_named("init"):
        if not isinstance(call.func, s.Attribute) or scope.module.language == "python":
            continue
        base = call.func.value
        if isinstance(base, s.Name) and base.id in ("super", "this"):
            continue
        if not models.model.evaluate(base, scope):
            return True
    return any(models.model.calls_named(name) for name in ("addModels", "initModels"))
