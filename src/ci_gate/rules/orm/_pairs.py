"""A pair that a call gives (`get_or_create`, `findOrCreate`), taken for the object in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._coroutines import Parents
from ci_gate.rules.orm._node_results import ARRAY_MEMBERS

_SEQUELIZE: Final = frozenset({"findOrCreate", "findOrBuild", "findCreateFind"})
_PYTHON: Final = ("get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create")
#: Options that leave the form of a raw query's result as it is.
_PLAIN_OPTIONS: Final = frozenset({
    "replacements", "bind", "transaction", "logging", "benchmark", "retry", "useMaster",
})  # fmt: skip
_EACH: Final = frozenset({"map", "forEach", "filter", "find", "some", "every", "flatMap"})
_TUPLE: Final = frozenset({"count", "index"})
_ADDS: Final = frozenset({"append", "push"})
_WRITES: Final = frozenset({"set", "add", "remove", "aset", "aadd", "aremove"})
#: Calls that ask what a value is.
_ASKS: Final = frozenset({"isinstance", "isArray", "len", "type", "getattr", "hasattr"})


def of_sequelize(models: Models) -> Iterator[Defect]:
    """``const tag = await Tag.findOrCreate(…)``, then ``tag.id`` or ``article.setTags([tag])``."""
    for query in models.queries.all:
        if query.method not in _SEQUELIZE:
            continue
        accessors = {
            name
            for model in models.all
            for item in model.associations
            if item.target is query.model
            for name in item.accessors()
            if name.startswith(("set", "add", "remove"))
        }
        found = _mistaken(query.call, query.scope, ARRAY_MEMBERS, accessors, awaited=True)
        if found is not None:
            yield _of_query(query, found)


def _of_query(query: Query, found: s.Node) -> Defect:
    what = f"{query.model.name}.{query.method}()"
    return Defect(
        query.path,
        spot(query.call),
        f"The result of {what} is used as the {query.model.name}; it is an array, with the "
        f"{query.model.name} as its first item.",
        "Its attributes are undefined, and an association that is given the array fails or stores "
        "a wrong key.",
        "Take the object out of it: `const [row] = await …`.",
        f"{what} in {query.scope.function.name}",
        (Related(query.path, found.line, "used as the object here"),),
    )


def of_python(facts: Facts) -> Iterator[Defect]:
    """``tag = Tag.objects.get_or_create(…)``, then ``tag.id`` or ``article.tags.add(tag)``."""
    models = {
        (entity.name if entity.kind == "tortoise" else f"{entity.name}.objects"): entity.name
        for entity in facts.entities
        if entity.kind in ("django", "tortoise")
    }
    relations = {
        name
        for entity in facts.entities
        if entity.kind in ("django", "tortoise")
        for name, relation in entity.relations.items()
        if relation.many
    }
    for method in _PYTHON:
        if not models or facts.model.stores(method) or _defines(facts, method):
            continue
        for call, scope in facts.model.calls_named(method):
            owner = s.dotted(call.func.value) if isinstance(call.func, s.Attribute) else ""
            if owner not in models or is_outside(scope.module.path):
                continue
            awaited = method.startswith("a") or "." not in owner
            found = _mistaken(call, scope, _TUPLE, (), relations, awaited=awaited)
            if found is not None:
                yield _of_method(models[owner], method, call, scope, found)


def _defines(facts: Facts, method: str) -> bool:
    """A manager of the project may give something else."""
    return any(function.name == method for function in facts.model.functions.values())


def _of_method(name: str, method: str, call: s.Call, scope: Scope, found: s.Node) -> Defect:
    what = f"{name}.{method}()"
    path = scope.module.path
    return Defect(
        path,
        spot(call),
        f"The result of {what} is used as the {name}; it is a tuple of the {name} and whether it "
        "was created.",
        f"{path}:{found.line} fails with AttributeError or TypeError, and the request ends in a "
        "500.",
        f"Take the object out of it: `row, _ = {name}…`.",
        f"{what} in {scope.function.name}",
        (Related(path, found.line, "used as the object here"),),
    )


def _mistaken(
    call: s.Call,
    scope: Scope,
    members: frozenset[str],
    accessors: Iterable[str],
    relations: Iterable[str] = (),
    *,
    awaited: bool,
) -> s.Node | None:
    """Where the function uses the pair as the object. None where it takes it apart anywhere."""
    parents = Parents(scope.function)
    value: s.Node = call
    if isinstance(parents.of.get(value), s.Await):
        value = parents.of[value]
    elif awaited:
        return None
    statement = parents.of.get(value)
    match statement:
        case s.Assign(targets=[s.Name(id=name) as target], op=None):
            pass
        case _:
            return None
    names = [node for node in parents.nodes if isinstance(node, s.Name) and node.id == name]
    around_it = scope.function.node
    if isinstance(around_it, s.Function) and any(p.name == name for p in around_it.params):
        return None
    uses = [node for node in names if node is not target]
    found: s.Node | None = None
    for use in sorted(uses, key=lambda node: node.span):
        around = parents.of.get(use)
        match around:
            case s.Attribute(name=attribute):
                if attribute in members:
                    return None
                found = found or around
            case s.Argument():
                outer = parents.of.get(around)
                if isinstance(outer, s.Call):
                    last = s.dotted(outer.func).rpartition(".")[2]
                    if last in _ASKS:
                        return None
                    if _is_relation_write(outer, accessors, relations) or (
                        last in _ADDS and _is_given(parents, outer, accessors, relations)
                    ):
                        found = found or outer
            case s.Subscript() | s.Assign() | s.For() | s.Starred():
                return None
    return found


def _is_given(
    parents: Parents, call: s.Call, accessors: Iterable[str], relations: Iterable[str]
) -> bool:
    """Is the list that the call adds to given to a relation?"""
    holder = s.dotted(call.func.value) if isinstance(call.func, s.Attribute) else ""
    return bool(holder) and any(
        _is_relation_write(other, accessors, relations)
        and any(s.dotted(_bare(item.value)) == holder for item in other.args[:1])
        for other in parents.calls()
    )


def _bare(expr: s.Expr) -> s.Expr:
    return expr.value if isinstance(expr, s.Starred) else expr


def _is_relation_write(call: s.Call, accessors: Iterable[str], relations: Iterable[str]) -> bool:
    """``article.setTags(x)``, ``article.tags.add(x)``."""
    match call.func:
        case s.Attribute(name=name) if name in accessors:
            return True
        case s.Attribute(name=name, value=s.Attribute(name=relation)):
            return name in _WRITES and relation in relations
    return False


def of_raw_queries(models: Models) -> Iterator[Defect]:
    """``const rows = await sequelize.query(…)``, then ``rows[0].id``."""
    for call, scope in models.model.calls_named("query"):
        if scope.module.language == "python" or is_outside(scope.module.path):
            continue
        if _is_sequelize(models, call, scope) and _is_plain(call.argument(1)):
            found = _misread(call, scope)
            if found is not None:
                yield _of_raw_query(call, scope, found)


def _is_sequelize(models: Models, call: s.Call, scope: Scope) -> bool:
    if not isinstance(call.func, s.Attribute):
        return False
    values = models.model.evaluate(call.func.value, scope)
    return bool(values) and all(
        isinstance(item, ExternalValue) and item.path == "sequelize.Sequelize()" for item in values
    )


def _is_plain(options: s.Expr | None) -> bool:
    """Options with which a query gives a pair."""
    return options is None or (
        isinstance(options, s.Mapping)
        and all(
            isinstance(entry.key, s.Literal) and entry.key.value in _PLAIN_OPTIONS
            for entry in options.entries
        )
    )


def _misread(call: s.Call, scope: Scope) -> s.Node | None:
    """Where the function reads the pair as the rows. None where it takes it apart anywhere."""
    parents = Parents(scope.function)
    waited = parents.of.get(call)
    statement = parents.of.get(waited) if isinstance(waited, s.Await) else None
    match statement:
        case s.Assign(targets=[s.Name(id=name) as target], declaration="const"):
            pass
        case _:
            return None
    found: s.Node | None = None
    for use in parents.nodes:
        if not isinstance(use, s.Name) or use.id != name or use is target:
            continue
        around = parents.of.get(use)
        outer = parents.of.get(around) if around is not None else None
        wrong = _wrong_part(use, around, outer)
        if wrong is None:
            return None
        found = found or wrong
    return found


def _wrong_part(use: s.Name, around: s.Node | None, outer: s.Node | None) -> s.Node | None:
    """What is read of the rows or of the metadata that only a row can have."""
    match around:
        case s.Attribute(name=method, value=value) if value is use and method in _EACH:
            match outer:
                case s.Call(func=func, args=[s.Argument(value=s.FunctionExpr(function=inner)), *_]):
                    return around if func is around and _reads_row(inner) else None
        case s.Subscript(value=value, index=s.Literal(value=0)) if value is use:
            if isinstance(outer, s.Attribute) and outer.name not in ARRAY_MEMBERS:
                return outer
    return None


def _reads_row(function: s.Function) -> bool:
    """``(row) => row.name``"""
    name = function.params[0].name if function.params else None
    return bool(name) and any(
        isinstance(node, s.Attribute)
        and isinstance(node.value, s.Name)
        and node.value.id == name
        and node.name not in ARRAY_MEMBERS
        for statement in function.body
        for node in s.walk(statement)
    )


def _of_raw_query(call: s.Call, scope: Scope, found: s.Node) -> Defect:
    path = scope.module.path
    return Defect(
        path,
        spot(call),
        "The result of sequelize.query() is read as the rows; without `type` it is an array of the "
        "rows and the metadata.",
        "The first item is the list of all rows, the second one the metadata: the columns that are "
        "read are undefined.",
        "Write `const [rows] = await …`, or add `type: QueryTypes.SELECT` to the options.",
        f"sequelize.query in {scope.function.name}",
        (Related(path, found.line, "read as the rows here"),),
    )
