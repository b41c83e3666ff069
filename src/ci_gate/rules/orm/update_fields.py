from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Wrote
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._coroutines import Parents
from ci_gate.rules.orm._reads import service_functions

_SAVES: Final = frozenset({"save", "asave"})
_KEYS: Final = frozenset({"list", "tuple", "set", "sorted"})


class UpdateFields(Rule):
    """`save(update_fields=…)` leaves out a field that was changed.

    A field that the lines before have set; or, where the list is what a request names
    (`update_fields=list(changes)`), the model's `auto_now` field.

    ## Why is this bad?
    `save()` writes the columns named and no others, without a word: the new value is on the object,
    and so in the answer, but not in the table. An `auto_now` field is renewed only if it is named:
    `updated_at` stays what it was.

    ## Fix
    Name the field too, or call `save()` without `update_fields`.

    ## Silent on
    Lists that are not written out; fields that are saved by a later `save()`; `auto_now` fields
    that a written list leaves out (a log-in is no change of the profile); models with a `save()` of
    their own.

    ## Source
    Django, "Specifying which fields to save" and "DateField.auto_now".
    """

    id = "orm/update-fields"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django-orm",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        calls: dict[FunctionInfo, list[s.Call]] = {}
        for name in _SAVES:
            for call, scope in facts.model.calls_named(name):
                if any(item.keyword == "update_fields" for item in call.args):
                    calls.setdefault(scope.function, []).append(call)
        if not calls:
            return
        saved = _saved(facts)
        for function in service_functions(facts.model):
            for call in calls.get(function, ()):
                if call in saved:
                    yield from self._of_call(facts, function, call, saved[call])

    def _of_call(
        self, facts: Facts, function: FunctionInfo, call: s.Call, entity: Entity
    ) -> Iterator[Finding]:
        given = call.argument(keyword="update_fields")
        holder = s.dotted(call.func.value) if isinstance(call.func, s.Attribute) else ""
        if not holder:
            return
        named = _written(given)
        if named is not None:
            for target in _unsaved(function, call, holder):
                if _is_left_out(entity, target.name, named):
                    yield self._left_out(function, call, target, entity)
        elif _is_keys(given, function):
            renewed = _renewed(facts, entity)
            text = {
                node.value
                for node in Parents(function).nodes
                if isinstance(node, s.Literal) and node.line <= call.span[2]
            }
            if renewed is not None and renewed not in text:
                yield self._not_renewed(function, call, entity, renewed)

    def _left_out(
        self, function: FunctionInfo, call: s.Call, target: s.Attribute, entity: Entity
    ) -> Finding:
        column = entity.columns.get(target.name) or entity.relations[target.name]
        path = function.module.path
        return self.finding(
            path,
            call,
            message=f"`{entity.name}.{target.name}` is set, and `update_fields` leaves it out",
            why="save() writes the fields named and no others: the new value is lost.",
            fix=f'Add "{target.name}" to `update_fields`.',
            subject=f"{function.name} does not save {entity.name}.{target.name}",
            related=[
                Related(path, target.line, "it is set here"),
                Related(column.path, column.span[0], "the field"),
            ],
        )

    def _not_renewed(
        self, function: FunctionInfo, call: s.Call, entity: Entity, name: str
    ) -> Finding:
        column = entity.columns[name]
        return self.finding(
            function.module.path,
            call,
            message=f"`update_fields` names what is changed, and not `{entity.name}.{name}`",
            why=f"auto_now takes effect for named fields only: `{name}` stays what it was.",
            fix=f'Add "{name}": `update_fields=[*changes, "{name}"]`.',
            subject=f"{function.name} does not renew {entity.name}.{name}",
            related=[Related(column.path, column.span[0], "auto_now is set here")],
        )


def _saved(facts: Facts) -> dict[s.Node, Entity]:
    """The calls that save an object by Django's own method, with the one model it may be of."""
    found: dict[s.Node, set[str]] = {}
    for _, event in facts.flows.events():
        if isinstance(event, Wrote) and event.what.endswith((".save", ".asave")):
            found.setdefault(event.place.node, set()).add(event.what.rpartition(".")[0])
    entities: dict[str, list[Entity]] = {}
    for entity in facts.entities:
        entities.setdefault(entity.name, []).append(entity)
    saved: dict[s.Node, Entity] = {}
    for node, names in found.items():
        alike = entities.get(names.pop(), [])
        if not names and len(alike) == 1 and alike[0].kind == "django":
            cls = alike[0].cls
            if cls is not None and facts.model.method(cls, "save") is None:
                saved[node] = alike[0]
    return saved


def _written(given: s.Expr | None) -> frozenset[str] | None:
    """The names of a list that is written out."""
    if not isinstance(given, s.Sequence) or not given.items:
        return None
    names = [item.value for item in given.items if isinstance(item, s.Literal)]
    if len(names) < len(given.items):
        return None
    return frozenset(name for name in names if isinstance(name, str))


def _is_keys(given: s.Expr | None, function: FunctionInfo) -> bool:
    """``list(changes)``, ``changes.keys()`` of what the function goes through by its entries."""
    match given:
        case s.Call(func=s.Name(id=name), args=[s.Argument(value=inner)]) if name in _KEYS:
            return _is_mapping(inner, function) or _is_keys(inner, function)
        case s.Call(func=s.Attribute(name="keys", value=inner), args=[]):
            return _is_mapping(inner, function)
        case s.Sequence(items=[s.Starred(value=inner)]):
            return _is_mapping(inner, function)
    return False


def _is_mapping(expr: s.Expr, function: FunctionInfo) -> bool:
    name = s.dotted(expr)
    return bool(name) and any(
        isinstance(node, s.Attribute) and node.name == "items" and s.dotted(node.value) == name
        for node in Parents(function).nodes
    )


def _unsaved(function: FunctionInfo, call: s.Call, holder: str) -> Iterator[s.Attribute]:
    """The attributes that the block sets before the call, and that no other call may save."""
    parents = Parents(function)
    saves = [node for node in parents.nodes if _may_save(node, holder, call)]
    if saves:
        return
    statement: s.Node = call
    while statement in parents.of and not isinstance(statement, s.ExprStmt):
        statement = parents.of[statement]
    around = parents.of.get(statement, function.node)
    for name in ("body", "orelse", "final"):
        block = getattr(around, name, None)
        if not isinstance(block, list) or statement not in block:
            continue
        for part in block[: block.index(statement)]:
            if isinstance(part, s.Assign) and part.op is None and len(part.targets) == 1:
                target = part.targets[0]
                if isinstance(target, s.Attribute) and s.dotted(target.value) == holder:
                    yield target


def _may_save(node: s.Node, holder: str, call: s.Call) -> bool:
    """Another call that is given the object, or saves it."""
    if not isinstance(node, s.Call) or node is call:
        return False
    if any(s.dotted(item.value) == holder for item in node.args):
        return True
    return (
        isinstance(node.func, s.Attribute)
        and s.dotted(node.func.value) == holder
        and node.func.name in (*_SAVES, "refresh_from_db", "arefresh_from_db")
    )


def _is_left_out(entity: Entity, name: str, named: frozenset[str]) -> bool:
    relation = entity.relations.get(name)
    column = entity.columns.get(name)
    if relation is None and column is None:
        return False
    if relation is not None and (relation.many is not False or relation.implied):
        return False
    if column is not None and column.primary_key:
        return False
    return not named & {name, f"{name}_id", name.removesuffix("_id")}


def _renewed(facts: Facts, entity: Entity) -> str | None:
    """The field that Django sets to the time of each save."""
    for column in entity.columns.values():
        module = facts.model.modules.get(column.path)
        for node in s.walk(module) if module is not None else ():
            if isinstance(node, s.Call) and node.span[0] == column.span[0] and any(
                item.keyword == "auto_now" and isinstance(item.value, s.Literal)
                and item.value.value is True
                for item in node.args
            ):  # fmt: skip
                return column.name
    return None
