from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._coroutines import Parents
from ci_gate.rules.orm._paths import Surroundings

_CALLS: Final = ("bulk_create", "abulk_create")
_RELATED: Final = frozenset({"add", "set", "aadd", "aset"})
_KEYS: Final = frozenset({"pk", "id"})


class MissingKeys(Rule):
    """Objects of `bulk_create(…, ignore_conflicts=True)` are used as if they had their keys.

    ## Why is this bad?
    With `ignore_conflicts` the database does not say which rows it has stored, and Django leaves
    the keys of all objects None. `article.tags.set(tags)` raises ValueError (the object is not
    saved), `tag.pk` is None, and a foreign key to it cannot be stored.

    ## Fix
    Load the rows after the insert: `Tag.objects.filter(name__in=names)`. Or use
    `update_conflicts=True` with `unique_fields`, which gives the keys back.

    ## Silent on
    Models whose key is made in Python (a UUID, a code), objects that are made with a key, results
    that are only counted.

    ## Source
    Django, "bulk_create()": enabling ignore_conflicts disables setting the primary key on each
    model instance.
    """

    id = "orm/missing-keys"
    group = "orm"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django-orm",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        surroundings = Surroundings()
        for name in _CALLS:
            for call, scope in facts.model.calls_named(name):
                if scope.module.language != "python" or is_outside(scope.module.path):
                    continue
                entity = _ignoring(facts, call, scope)
                if entity is None:
                    continue
                for function, node, how in _uses(facts, surroundings, call, scope.function):
                    yield self._finding(scope, call, entity, function, node, how)
                    break

    def _finding(
        self, scope: Scope, call: s.Call, entity: Entity, function: FunctionInfo, node: s.Node,
        how: str,
    ) -> Finding:  # fmt: skip
        return self.finding(
            scope.module.path,
            call,
            message=f"{function.name} {how} {entity.name} objects that"
            " `bulk_create(ignore_conflicts=True)` leaves without keys",
            why="Their keys are None: relations refuse the objects (ValueError), and what is looked"
            " up by the key is not found.",
            fix="Load the rows after the insert, by the fields that are unique.",
            subject=f"{function.name} uses {entity.name} without keys",
            related=[Related(function.module.path, node.line, "the key is needed here")],
        )


def _ignoring(facts: Facts, call: s.Call, scope: Scope) -> Entity | None:
    """The model whose rows are inserted, where none of their keys is known afterwards."""
    ignores = call.argument(keyword="ignore_conflicts")
    if not (isinstance(ignores, s.Literal) and ignores.value is True):
        return None
    func = call.func
    if not isinstance(func, s.Attribute) or not isinstance(func.value, s.Attribute):
        return None
    values = facts.model.evaluate(func.value.value, scope)
    classes = [value.cls for value in values if isinstance(value, ClassValue)]
    if len(classes) != 1 or len(values) != 1:
        return None
    entity = facts.entities.of_class(classes[0])
    if entity is None or entity.kind != "django":
        return None
    keys = entity.primary_key()
    if len(keys) != 1 or keys[0].type != "integer" or keys[0].name != "id":
        return None
    given = any(
        isinstance(value, ClassValue) and value.cls is classes[0]
        for node in Parents(scope.function).nodes
        if isinstance(node, s.Call) and any(item.keyword in _KEYS for item in node.args)
        for value in facts.model.evaluate(node.func, scope)
    )
    return None if given else entity


def _uses(
    facts: Facts, surroundings: Surroundings, call: s.Call, function: FunctionInfo
) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
    """Where the objects are used by their keys."""
    yield from _of(surroundings, call, function, call.span)
    given = call.argument(0)
    if isinstance(given, s.Name):
        yield from _of_name(surroundings, given.id, function, call.span)
    statement = next((around for around, _ in surroundings.around(call, function)
                      if isinstance(around, s.Return)), None)  # fmt: skip
    value = statement.value if statement is not None else None
    if isinstance(value, s.Await):
        value = value.value
    if value is call:
        for edge in facts.model.callers(function):
            if edge.reason == "call" and not is_outside(edge.caller.module.path):
                yield from _of(surroundings, edge.node, edge.caller, edge.node.span)


def _of(
    surroundings: Surroundings, made: s.Node, function: FunctionInfo, after: s.Span
) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
    """The uses of what an expression gives."""
    of = surroundings.parents(function).of
    node, around = made, of.get(made)
    while isinstance(around, s.Await):
        node, around = around, of.get(around)
    if isinstance(around, s.Assign) and len(around.targets) == 1 and around.value is node:
        target = around.targets[0]
        if isinstance(target, s.Name):
            yield from _of_name(surroundings, target.id, function, after)
    found = _used(of, node)
    if found is not None:
        yield function, found[0], found[1]


def _of_name(
    surroundings: Surroundings, name: str, function: FunctionInfo, after: s.Span
) -> Iterator[tuple[FunctionInfo, s.Node, str]]:
    parents = surroundings.parents(function)
    bound = [
        node
        for node in parents.nodes
        if isinstance(node, s.Assign)
        and node.span[:2] > after[:2]
        and any(isinstance(target, s.Name) and target.id == name for target in node.targets)
    ]
    end = min((node.span for node in bound), default=None)
    for node in parents.nodes:
        if isinstance(node, s.Name) and node.id == name and node.span[:2] > after[2:]:
            found = _used(parents.of, node)
            if found is not None and (end is None or node.span < end):
                yield function, found[0], found[1]


def _used(of: dict[s.Node, s.Node], node: s.Node) -> tuple[s.Node, str] | None:
    """How a list of objects is used by their keys."""
    around = of.get(node)
    if isinstance(around, s.Starred):
        node, around = around, of.get(around)
    if isinstance(around, s.Argument):
        call = of.get(around)
        if isinstance(call, s.Call) and isinstance(call.func, s.Attribute):
            related = isinstance(call.func.value, s.Attribute) and call.func.name in _RELATED
            if related and (around.star == "*") == (call.func.name.endswith("add")):
                return call, "relates something to"
    if isinstance(around, s.Subscript) and around.value is node:
        read = of.get(around)
        if isinstance(read, s.Attribute) and read.name in _KEYS:
            return read, "reads the key of"
    if isinstance(around, s.Generator) and around.iter is node:
        made = of.get(around)
        if isinstance(made, s.Comprehension) and isinstance(around.target, s.Name):
            return _key_of(made.element, around.target.id)
    if isinstance(around, s.For) and around.iter is node and isinstance(around.target, s.Name):
        for part in around.body:
            found = _key_of(part, around.target.id)
            if found is not None:
                return found
    return None


def _key_of(part: s.Node, name: str) -> tuple[s.Node, str] | None:
    for node in s.walk(part):
        if (
            isinstance(node, s.Attribute)
            and node.name in _KEYS
            and isinstance(node.value, s.Name)
            and node.value.id == name
        ):
            return node, "reads the key of"
    return None
