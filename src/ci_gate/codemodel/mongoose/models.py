"""The schemas and models of Mongoose: which paths a document has, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import constant
from ci_gate.codemodel.sequelize.origins import Origin, Origins
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass

_SCHEMAS: Final = frozenset({"mongoose.Schema", "mongoose.Mongoose().Schema"})
#: What every document has.
_ALWAYS: Final = frozenset({"_id", "id", "__v", "__t"})
#: Plugins that add no paths.
_PLAIN_PLUGINS: Final = frozenset({
    "mongoose-unique-validator", "mongoose-paginate", "mongoose-paginate-v2",
    "mongoose-aggregate-paginate-v2", "mongoose-autopopulate", "mongoose-lean-virtuals",
    "mongoose-lean-getters", "mongoose-lean-defaults", "mongoose-beautiful-unique-validation",
})  # fmt: skip
_MAX_DEPTH: Final = 6


@dataclass(slots=True, eq=False)
class MongooseSchema:
    """``paths`` maps each path to the model that its ``ref`` names (None: no reference);
    ``open_below`` are paths with anything below them. ``known`` is false where it may have more."""

    path: str
    call: s.Call
    scope: Scope
    paths: dict[str, str | None] = field(default_factory=dict)
    places: dict[str, s.Expr] = field(default_factory=dict)
    open_below: set[str] = field(default_factory=set)
    virtuals: set[str] = field(default_factory=set)
    known: bool = True

    def has(self, name: str) -> bool:
        """May a document have something at that path?"""
        name = ".".join(part for part in name.split(".") if not part.isdigit() and part != "$")
        if name in self.paths or name.split(".")[0] in _ALWAYS:
            return True
        if any(name.startswith(f"{item}.") for item in self.open_below):
            return True
        return any(item.startswith(f"{name}.") for item in self.paths)

    def top(self) -> list[str]:
        return sorted({name.split(".")[0] for name in self.paths})


@dataclass(frozen=True, slots=True, eq=False)
class MongooseModel:
    name: str
    schema: MongooseSchema
    path: str
    call: s.Call


class MongooseModels:
    """Answers for one program."""

    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self.model = model
        self.origins = origins

    @cached_property
    def present(self) -> bool:
        return any(edge.package == "mongoose" for edge in self.model.import_edges)

    @cached_property
    def all(self) -> tuple[MongooseModel, ...]:
        return tuple(self._found()) if self.present else ()

    @cached_property
    def names(self) -> frozenset[str] | None:
        """The names of all models; None where some are not known."""
        found: set[str] = set()
        for word in ("model", "discriminator"):
            for call, scope in self.model.calls_named(word):
                if scope.module.language == "python" or not call.args:
                    continue
                name = constant(call.args[0].value, scope, self.origins)
                if isinstance(name, str):
                    found.add(name)
                elif len(call.args) > 1:
                    return None
        if any(edge.package in ("@nestjs/mongoose", "@typegoose/typegoose")
               for edge in self.model.import_edges):  # fmt: skip
            return None
        return frozenset(found)

    @cached_property
    def _of_call(self) -> dict[s.Node, MongooseModel]:
        return {item.call: item for item in self.all}

    def of(self, expr: s.Expr, scope: Scope) -> MongooseModel | None:
        """The model that an expression surely is."""
        values = self.model.evaluate(expr, scope)
        if not values or any(
            not isinstance(item, ExternalValue) or not item.path.startswith("mongoose.model(")
            for item in values
        ):
            return None
        origin = self.origins.one(expr, scope)
        if origin is None or not isinstance(origin.expr, s.Call):
            return self._called(expr)
        made = self._of_call.get(origin.expr)
        if made is not None:
            return made
        if getattr(origin.expr.func, "id", "") == "require":
            return self._required(origin) or self._called(expr)
        if len(origin.expr.args) != 1:
            return self._called(expr)
        return self._named(constant(origin.expr.args[0].value, origin.scope, self.origins))

    def _required(self, origin: Origin) -> MongooseModel | None:
        """The only model of the file that ``require("./user")`` names."""
        given = origin.expr.args[0].value if isinstance(origin.expr, s.Call) else None
        specifier = given.value if isinstance(given, s.Literal) else None
        for edge in self.model.imports_of(origin.scope.module.path):
            if edge.node.specifier == specifier:
                found = [item for item in self.all if item.path == edge.target]
                return found[0] if len(found) == 1 else None
        return None

    def _called(self, expr: s.Expr) -> MongooseModel | None:
        """Where it is a model for sure, and not seen which: the one that goes by the same name."""
        name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
        return self._named(name) or self._named(name.removesuffix("Model"))

    def _named(self, name: object) -> MongooseModel | None:
        found = [item for item in self.all if item.name == name]
        return found[0] if len(found) == 1 else None

    def _found(self) -> Iterator[MongooseModel]:
        for call, scope in self.model.calls_named("model"):
            path = scope.module.path
            if scope.module.language == "python" or is_outside(path) or len(call.args) < 2:
                continue
            name = constant(call.args[0].value, scope, self.origins)
            origin = self.origins.one(call.args[1].value, scope)
            if not isinstance(name, str) or origin is None:
                continue
            schema = self._schema(origin)
            if schema is not None:
                schema.known = schema.known and not self._adds_everywhere
                yield MongooseModel(name, schema, path, call)

    @cached_property
    def _adds_everywhere(self) -> bool:
        """May something add paths to every schema: a global plugin, or a discriminator?"""
        for word in ("discriminator", "plugin"):
            for call, scope in self.model.calls_named(word):
                func = call.func
                if scope.module.language == "python" or not isinstance(func, s.Attribute):
                    continue
                if word == "discriminator":
                    return True
                values = self.model.evaluate(func.value, scope)
                everywhere = any(
                    isinstance(v, ExternalValue) and v.path == "mongoose" for v in values
                )
                if everywhere and not self._is_plain_plugin(call.argument(0), scope):
                    return True
        return False

    # --- schemas ---

    def _schema(self, origin: Origin) -> MongooseSchema | None:
        call, scope = origin.expr, origin.scope
        if not isinstance(call, s.Call):
            return None
        values = self.model.evaluate(call.func, scope)
        if not any(isinstance(v, ExternalValue) and v.path in _SCHEMAS for v in values):
            return None
        schema = MongooseSchema(scope.module.path, call, scope)
        paths, options = call.argument(0), call.argument(1)
        if paths is None:
            schema.known = False
        else:
            self._paths(schema, paths, scope, "", 0)
        self._options(schema, options, scope)
        for name, inner in origin.names:
            self._changes(schema, name, inner)
        return schema

    def _paths(
        self, schema: MongooseSchema, expr: s.Expr, scope: Scope, prefix: str, depth: int
    ) -> None:
        origin = self.origins.one(expr, scope)
        if origin is None or not isinstance(origin.expr, s.Mapping) or depth > _MAX_DEPTH:
            schema.known = False
            return
        for key, value, inner in self.origins.entries(origin):
            if key is None:
                self._paths(schema, value, inner, prefix, depth + 1)
            elif isinstance(key, s.Literal) and isinstance(key.value, str):
                self._path(schema, prefix + key.value, value, inner, depth)
            else:
                schema.known = False

    def _path(
        self, schema: MongooseSchema, name: str, value: s.Expr, scope: Scope, depth: int
    ) -> None:
        schema.paths[name] = None
        schema.places[name] = value
        if isinstance(value, s.Sequence):
            if len(value.items) != 1:
                schema.open_below.add(name)
                return
            value = value.items[0]
        if not isinstance(value, s.Mapping):
            if not _is_plain(value):
                schema.open_below.add(name)
            return
        kind = value.get("type")
        if kind is None or (isinstance(kind, s.Mapping) and kind.get("type") is not None):
            self._paths(schema, value, scope, f"{name}.", depth + 1)
            return
        ref = value.get("ref")
        if isinstance(kind, s.Sequence) and len(kind.items) == 1:
            inner = kind.items[0]
            if isinstance(inner, s.Mapping) and inner.get("ref") is not None:
                ref = inner.get("ref")
            kind = inner
        if ref is not None:
            text = constant(ref, scope, self.origins)
            schema.paths[name] = text if isinstance(text, str) else "?"
        elif value.get("refPath") is not None:
            schema.paths[name] = "?"
        if not _is_plain(kind):
            schema.open_below.add(name)

    def _options(self, schema: MongooseSchema, options: s.Expr | None, scope: Scope) -> None:
        if options is None:
            return
        origin = self.origins.one(options, scope)
        if origin is None or not isinstance(origin.expr, s.Mapping):
            schema.known = False
            return
        for key, value, _ in self.origins.entries(origin):
            name = key.value if isinstance(key, s.Literal) else None
            if name == "timestamps":
                if isinstance(value, s.Mapping):
                    texts = [item.value for item in value.entries]
                    named = [t.value for t in texts if isinstance(t, s.Literal)]
                    schema.paths.update({n: None for n in named if isinstance(n, str)})
                schema.paths.update({"createdAt": None, "updatedAt": None})
            elif name in ("strict", "discriminatorKey", None):
                schema.known = False

    def _changes(self, schema: MongooseSchema, name: str, scope: Scope) -> None:
        """What is done to the schema behind its definition."""
        for node in s.walk(scope.function.node):
            match node:
                case s.Call(func=s.Attribute(value=s.Name(id=base), name=method)) if base == name:
                    given = node.argument(0)
                    if method == "virtual" and isinstance(given, s.Literal):
                        schema.virtuals.add(str(given.value))
                    elif (
                        method in ("add", "discriminator", "set", "loadClass")
                        or (method == "plugin" and not self._is_plain_plugin(given, scope))
                        or method == "virtual"
                    ):
                        schema.known = False

    def _is_plain_plugin(self, expr: s.Expr | None, scope: Scope) -> bool:
        values = self.model.evaluate(expr, scope) if expr is not None else frozenset()
        if not values:
            return False
        for value in values:
            if isinstance(value, ExternalValue):
                if value.path.partition(".")[0] not in _PLAIN_PLUGINS:
                    return False
            elif isinstance(value, FunctionValue):
                if any(
                    isinstance(node, s.Attribute) and node.name == "add"
                    for node in s.walk(value.function.node)
                ):
                    return False
            else:
                return False
        return True


def _is_plain(expr: s.Expr) -> bool:
    """A type without anything below it."""
    name = expr.id if isinstance(expr, s.Name) else getattr(expr, "name", "")
    return name in (
        "String", "Number", "Boolean", "Date", "ObjectId", "Buffer", "Decimal128", "UUID", "BigInt",
    )  # fmt: skip
