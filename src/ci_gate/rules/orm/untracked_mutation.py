from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.dataflow.events import Attribute
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.entities.declarations import declarations
from ci_gate.codemodel.entities.sqlalchemy_columns import last
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.values import ClassValue
from ci_gate.findings import Finding, Related, Severity
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._changed_json import changed_in_place
from ci_gate.rules.orm._reads import service_functions

_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel"})
_TYPES: Final = frozenset({"JSON", "JSONB", "ARRAY"})
_CHANGES: Final = frozenset({
    "append", "extend", "insert", "remove", "update", "pop", "popitem", "setdefault", "clear",
    "sort", "reverse", "add", "discard",
})  # fmt: skip
#: What makes SQLAlchemy look at such a value again.
_TOLD: Final = frozenset({"flag_modified", "changed"})
_TRACKING: Final = frozenset({"associate_with", "associate_with_attribute"})


class UntrackedMutation(Rule):
    """A JSON or array value of a stored object is changed in place, which the ORM does not see.

    ## Why is this bad?
    SQLAlchemy compares such a column by the object that it holds. Changed in place, the object is
    the same, so the next commit writes nothing and the change is gone with the session. Sequelize
    saves what was assigned: after `row.settings.theme = …` its `save()` writes nothing.

    ## Fix
    Assign a new value (`user.settings = {**user.settings, "theme": theme}`), map the column with
    `MutableDict.as_mutable(JSON)`, or call `flag_modified(user, "settings")`. In
    Sequelize assign a new value, or call `row.changed('settings', true)`.

    ## Silent on
    Columns mapped with a mutable type or a type of the project's own, functions that also assign
    the attribute or call `flag_modified`, new objects.

    ## Source
    SQLAlchemy, "Mutation Tracking"; constraint decay, arXiv 2605.06445: untracked changes of lists.
    """

    id = "orm/untracked-mutation"
    group = "orm"
    follows = True
    severity = Severity.WARNING

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in changed_in_place(facts.entities.sequelize):
            yield defect.finding(self)
        yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        columns = _untracked(facts)
        if not columns:
            return
        certain = facts.doubting
        read = _read_in_flow(facts)
        for function in service_functions(facts.model):
            nodes = facts.model.own_nodes(function)
            quiet = _assigned(nodes)
            if quiet is None:
                continue
            for node, holder in _changed(nodes):
                if holder.name in quiet:
                    continue
                if _is_made_here(facts, function, holder):
                    continue
                entity = read.get(holder) or _entity_of(facts, certain, holder)
                column = entity.columns.get(holder.name) if entity is not None else None
                if entity is None or column is None or (column.path, column.span) not in columns:
                    continue
                yield self._finding(function, node, holder, entity, column)

    def _finding(
        self,
        function: FunctionInfo,
        node: s.Node,
        holder: s.Attribute,
        entity: Entity,
        column: Column,
    ) -> Finding:
        name = s.dotted(holder) or column.name
        kind = "MutableList" if column.type == "array" else "MutableDict"
        owner = s.dotted(holder.value) or "the object"
        return self.finding(
            function.module.path,
            node,
            message=f"`{name}` is changed in place; `{entity.name}.{column.name}` does not track "
                    "such changes.",
            why="The commit writes nothing: SQLAlchemy sees the same object as before.",
            fix=f"Assign a new value to `{name}`, map the column with `{kind}.as_mutable(…)`, or "
                f"call `flag_modified({owner}, \"{column.name}\")`.",
            subject=f"{function.name} changes {entity.name}.{column.name}",
            related=[Related(column.path, column.span[0], f"`{column.name}` is mapped here")],
        )  # fmt: skip


def _untracked(facts: Facts) -> set[tuple[str, s.Span]]:
    """The JSON and array columns of plain types, by place."""
    for function in facts.model.functions.values():
        for call in facts.model.calls_in(function):
            if isinstance(call.func, s.Attribute) and call.func.name in _TRACKING:
                return set()
    found: set[tuple[str, s.Span]] = set()
    for entity in facts.entities:
        if entity.kind not in _KINDS or entity.cls is None:
            continue
        for owner in (ClassValue(entity.cls), *facts.model.ancestors(entity.cls)):
            if not isinstance(owner, ClassValue):
                continue
            for item in declarations(owner.cls, facts.model):
                column = entity.columns.get(item.name)
                if column is not None and column.type in ("json", "array"):
                    types = [
                        last(facts.model, node.func if isinstance(node, s.Call) else node,
                             item.scope)
                        for node in s.walk(item.value or s.Unknown(item.node.span))
                        if isinstance(node, s.Name | s.Attribute | s.Call)
                    ]  # fmt: skip
                    if _TYPES & set(types) and "as_mutable" not in types:
                        found.add((column.path, column.span))
    return found


def _read_in_flow(facts: Facts) -> dict[s.Node, Entity]:
    return {
        event.place.node: event.entity
        for _, event in facts.flows.events()
        if isinstance(event, Attribute)
        and event.how == "instance"
        and event.certain
        and isinstance(event.entity, Entity)
    }


def _entity_of(facts: Facts, certain: Certain, holder: s.Attribute) -> Entity | None:
    classes = certain.objects(holder.value)
    if classes is None or len(classes) != 1:
        return None
    return facts.entities.of_class(next(iter(classes)))


def _is_made_here(facts: Facts, function: FunctionInfo, holder: s.Attribute) -> bool:
    """The object is a new one, which is stored as it stands at the commit."""
    if not isinstance(holder.value, s.Name):
        return False
    bindings = facts.model.bindings(holder.value.id, facts.model.scope_in(function))
    return any(
        isinstance(binding.node, s.Call)
        and any(isinstance(value, ClassValue) for value in facts.model.evaluate(binding.node.func))
        for binding in bindings
    )


def _assigned(nodes: Sequence[s.Node]) -> set[str] | None:
    """The attributes that the function assigns; None where it tells the ORM of changes."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, s.Assign):
            names.update(t.name for t in node.targets if isinstance(t, s.Attribute))
        elif isinstance(node, s.Call):
            func = node.func
            name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
            if name in _TOLD:
                return None
    return names


def _changed(nodes: Sequence[s.Node]) -> Iterator[tuple[s.Node, s.Attribute]]:
    """The statements that change something in place, with the attribute that holds it."""
    for node in nodes:
        targets: list[s.Expr] = []
        if isinstance(node, s.Assign):
            targets = [t for t in node.targets if isinstance(t, s.Subscript)]
        elif isinstance(node, s.ExprStmt) and isinstance(node.value, s.Call):
            func = node.value.func
            if isinstance(func, s.Attribute) and func.name in _CHANGES:
                targets = [func.value]
        for target in targets:
            root = target
            while isinstance(root, s.Subscript):
                root = root.value
            if isinstance(root, s.Attribute):
                yield node, root
