"""Sequelize: the shape of a result, read as another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass

_QUERY: Final = frozenset({ExternalValue("sequelize.Sequelize().query")})
_EACH: Final = frozenset({
    "map", "forEach", "filter", "reduce", "flatMap", "some", "every", "find", "sort",
})  # fmt: skip
_TYPE_ERROR: Final = "It raises TypeError each time the line runs, and the request answers 500."


@dataclass(frozen=True, slots=True)
class Misread:
    """``use`` reads what ``call`` gave as something else."""

    path: str
    call: s.Call
    use: s.Node
    message: str
    why: str
    fix: str
    subject: str


def misread_shapes(models: Models) -> Iterator[Misread]:
    for query in models.queries.all:
        if query.method != "findAndCountAll":
            continue
        kept = _kept(models, query.call, query.scope)
        use = _each(models, query.scope, kept) if isinstance(kept, s.Name) else None
        if isinstance(kept, s.Name) and use is not None:
            name = f"{query.model.name}.{query.method}"
            yield Misread(
                query.path, query.call, use,
                f"{name}() gives an object with `rows` and `count`, and `{kept.id}.{use.name}` is "
                "read from it as if it were the rows",
                _TYPE_ERROR,
                f"Take it apart: `const {{ rows, count }} = await {name}(…)`.",
                f"{name} in {query.scope.function.name}",
            )  # fmt: skip
    yield from _raw(models)


def _raw(models: Models) -> Iterator[Misread]:
    """``const [rows] = await sequelize.query(…, { type: QueryTypes.SELECT })``."""
    if not models.all:
        return
    for call, scope in models.model.calls_named("query"):
        path = scope.module.path
        if is_outside(path) or models.model.evaluate(call.func, scope) != _QUERY:
            continue
        kept = _kept(models, call, scope)
        function = scope.function.name
        match kept:
            case s.Sequence(items=[s.Name() as first, *_]) if _selects(call):
                use = _each(models, scope, first)
                if use is not None:
                    yield Misread(
                        path, call, use,
                        f"query() with `type: QueryTypes.SELECT` gives the rows, so that "
                        f"`[{first.id}]` is the first row, and `{use.name}` is called on it",
                        _TYPE_ERROR,
                        f"Take the list as it comes: `const {first.id} = await …`.",
                        f"query in {function}",
                    )  # fmt: skip


def _selects(call: s.Call) -> bool:
    """Does the call ask for rows alone?"""
    options = call.argument(1)
    if not isinstance(options, s.Mapping):
        return False
    keys = [entry.key.value if isinstance(entry.key, s.Literal) else None
            for entry in options.entries]  # fmt: skip
    if None in keys or not {"plain", "nest", "model", "mapToModel"}.isdisjoint(keys):
        return False
    kind = options.get("type")
    if kind is None:
        return False
    written = s.dotted(kind) or (kind.value if isinstance(kind, s.Literal) else "")
    return isinstance(written, str) and written.rpartition(".")[2] == "SELECT"


def _kept(models: Models, call: s.Call, scope: Scope) -> s.Expr | None:
    """What ``const … = await call`` puts the result into."""
    around = models.origins.surroundings.of(scope.module.path, call)
    first, second = next(around, None), next(around, None)
    if first is None or second is None or not isinstance(first.node, s.Await):
        return None
    match second.node:
        case s.Assign(targets=[target], declaration="const") if second.branch == "value":
            return target
    return None


def _uses(models: Models, scope: Scope, name: s.Name) -> Iterator[s.Attribute]:
    """The members that are read of the variable, unless it is asked what it is."""
    function: FunctionInfo = scope.function
    found: list[s.Attribute] = []
    for node in s.walk(function.node):
        if not isinstance(node, s.Name) or node.id != name.id or node is name:
            continue
        bindings = models.model.bindings(node.id, models.model.scope_of(node))
        if len(bindings) != 1:
            return
        around = next(models.origins.surroundings.of(scope.module.path, node), None)
        if around is not None and isinstance(around.node, s.Argument | s.Binary | s.Unary):
            return
        if around is not None and isinstance(around.node, s.Attribute) and around.branch == "value":
            found.append(around.node)
    yield from sorted(found, key=lambda item: item.span)


def _each(models: Models, scope: Scope, name: s.Name) -> s.Attribute | None:
    """Where the variable is gone through as a list."""
    for use in _uses(models, scope, name):
        around = next(models.origins.surroundings.of(scope.module.path, use), None)
        called = around is not None and isinstance(around.node, s.Call) and around.branch == "func"
        if called and use.name in _EACH:
            return use
    return None
