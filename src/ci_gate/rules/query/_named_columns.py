"""Sequelize: names in order, attributes, groups and ``$alias.column$`` that nothing has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.sequelize.columns import column_of
from ci_gate.codemodel.sequelize.facts import Association, SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.origins import nodes_of
from ci_gate.codemodel.sequelize.queries import Include, Query
from ci_gate.codemodel.sequelize.references import DIRECTIONS, Reference
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules.orm._words import listed, nearest

_READS: Final = frozenset({"findAll", "findAndCountAll", "findOne", "findByPk", "count"})
_NAMED: Final = regex(r"\bas\s+[\"'`\[]?(\w+)", re.IGNORECASE)
#: Names that stand for a row or all columns in some database.
_SPECIAL: Final = frozenset({"*", "rowid", "oid", "ctid", "random"})


def unnamed_columns(models: Models) -> Iterator[Defect]:
    references = models.references
    aliases: dict[str, set[str]] = {}
    seen: set[tuple[s.Node, str]] = set()
    scoped = [item.query for item in models.scopes.used()]
    for query in (*models.queries.all, *scoped):
        if query.method not in _READS:
            continue
        finder = _Finder(models, query, aliases)
        for reference in references.of(query):
            key = reference.node, query.model.name
            found = finder.defect(reference) if key not in seen else None
            if found is not None:
                seen.add(key)
                yield found
        yield from _of_includes(models, query, seen)


def _of_includes(models: Models, query: Query, seen: set[tuple[s.Node, str]]) -> Iterator[Defect]:
    """The attributes that an include asks for."""
    for include in models.queries.includes(query):
        association = include.association
        if association is None or not include.certain or include.options is None:
            continue
        target = association.target
        inner = Query("findAll", target, query.call, include.scope, include.options.expr)
        for reference in models.references.attributes(inner):
            if reference.how != "plain":
                continue
            key = reference.node, target.name
            if key not in seen and _is_lacking(models, target, reference.column):
                seen.add(key)
                yield _lacking(reference, target, query)


class _Finder:
    """Asked for one query."""

    def __init__(self, models: Models, query: Query, aliases: dict[str, set[str]]) -> None:
        self._models = models
        self._query = query
        self._of_module = aliases
        self._tops = [i for i in models.queries.includes(query) if i.parent is None]
        self._aliases = self._named_here()

    def _named_here(self) -> frozenset[str] | None:
        """The aliases that the attributes make; None where they are not all seen."""
        found: set[str] = set()
        origins = self._models.origins
        for value, scope in self._models.queries.option(self._query, "attributes"):
            whole = origins.of(value, scope)
            if not whole.complete:
                return None
            for origin in whole.origins:
                for node in s.walk(origin.expr):
                    if isinstance(node, s.Literal) and isinstance(node.value, str):
                        found.add(node.value)
                    elif isinstance(node, s.Starred | s.Template) or _is_variable(node):
                        return None
        return frozenset(found)

    def _is_alias(self, reference: Reference) -> bool:
        """Does the module that names it, or that queries, call something by that name?"""
        if self._aliases is None or reference.column in self._aliases:
            return True
        for path in (reference.path, self._query.path):
            if path not in self._of_module:
                self._of_module[path] = _aliases_in(self._models, path)
            if reference.column in self._of_module[path]:
                return True
        return False

    def defect(self, reference: Reference) -> Defect | None:
        if reference.how == "plain":
            return self._plain(reference)
        if reference.how == "path":
            return self._path(reference)
        if len(reference.steps) == 1:
            return self._qualified(reference)
        return None

    # --- the model's own ---

    def _plain(self, reference: Reference) -> Defect | None:
        model, name = self._query.model, reference.column
        if reference.clause == "order" and name.upper() in DIRECTIONS:
            return self._bare_direction(reference)
        if not _is_lacking(self._models, model, name) or self._is_of_scope(reference):
            return None
        if reference.clause != "attributes" and self._is_alias(reference):
            return None
        return _lacking(reference, model, None)

    def _is_of_scope(self, reference: Reference) -> bool:
        """A scope of the model may define the alias."""
        if reference.clause == "attributes":
            return False
        func = self._query.call.func
        chained = isinstance(func, s.Attribute) and isinstance(func.value, s.Call)
        return chained or self._models.scopes.default(self._query.model) is not None

    def _bare_direction(self, reference: Reference) -> Defect:
        """``order: ['createdAt', 'DESC']``."""
        model, word = self._query.model.name, reference.column
        return Defect(
            reference.path,
            reference.node,
            f"`order` of {self._query.title.removeprefix('The ')} is a flat list, so "
            f"'{word}' is taken for a second column of {model}.",
            f"The database answers that there is no column `{model}.{word}`: the request ends in "
            "a 500.",
            f"Write each column with its direction: `[['column', '{word}']]`.",
            f"{model} ordered by {word}",
        )

    # --- by an association ---

    def _qualified(self, reference: Reference) -> Defect | None:
        """``$alias.column$`` and ``col('alias.column')``."""
        name, model = reference.steps[0].name, self._query.model
        if name is None or name.lower() == model.name.lower() or "->" in name:
            return None
        include = next((i for i in self._tops if i.association and i.association.name == name),
                       None)  # fmt: skip
        if include is not None and include.association is not None:
            target = include.association.target
            if include.certain and _is_lacking(self._models, target, reference.column):
                return _lacking(reference, target, self._query)
            return None
        return self._not_included(reference, name)

    def _not_included(self, reference: Reference, name: str) -> Defect | None:
        model = self._query.model
        if reference.how == "col" and reference.clause in ("attributes", "group"):
            meant = model.alias(name) is not None
        else:
            meant = True
        if not meant or not self._all_included() or not name.isidentifier():
            return None
        if name in (model.table, model.plural) and reference.how == "col":
            return None
        association = model.alias(name)
        there = [i.association.name for i in self._tops if i.association]
        if name.lower() in (item.lower() for item in there):
            return None  # most databases do not mind the case
        shown = f"includes {listed(there)}" if there else "includes nothing"
        near = nearest(name, there)
        of_target = [
            item.association.name for item in self._tops
            if item.association
            and name in (item.association.target.name, item.association.target.table)
        ]  # fmt: skip
        if of_target:
            fix = f"Write `{of_target[0]}.{reference.column}`: the include's alias names its table."
        elif association is not None:
            fix = f"Include `{name}` in the query."
        else:
            fix = f"Write `{near}`." if near else "Name an association that the query includes."
        related = [Related(self._query.path, self._query.call.line, "the query")]
        if association is not None:
            related.append(
                Related(association.path, association.node.line, f"`{name}` is associated here")
            )
        return Defect(
            reference.path,
            reference.node,
            f"{self._query.title} names `{reference.written}` in `{reference.clause}` and {shown}.",
            f"The statement joins no table under the name `{name}`: the database answers that "
            f"there is no column `{reference.written}`, and the request ends in a 500.",
            fix,
            f"{model.name} {reference.written} not included",
            tuple(related),
        )

    def _all_included(self) -> bool:
        query = self._query
        if query.named is not None or not query.model.associated:
            return False
        func = query.call.func
        if isinstance(func, s.Attribute) and isinstance(func.value, s.Call):
            return False
        if self._models.scopes.default(query.model) is not None:
            return False
        return self._models.queries.all_included(query)

    # --- an order's path ---

    def _path(self, reference: Reference) -> Defect | None:
        """``[{ model: User, as: 'author' }, 'username']``."""
        model = self._query.model
        level: list[Include] | None = self._tops
        for step in reference.steps:
            association = _followed(model, step.name, step.model)
            if association is None or level is None:
                return None
            include = next((i for i in level if i.association is association), None)
            if include is None:
                if model is self._query.model and step.name is not None:
                    return self._not_included(reference, step.name)
                return None
            model = association.target
            level = [i for i in self._models.queries.includes(self._query)
                     if i.parent is not None and i.parent.node is include.node]  # fmt: skip
        if _is_lacking(self._models, model, reference.column):
            return _lacking(reference, model, self._query)
        return None


def _followed(
    model: SequelizeModel, name: str | None, target: SequelizeModel | None
) -> Association | None:
    if name is not None:
        return model.alias(name)
    found = [item for item in model.associations if item.target is target]
    return found[0] if len(found) == 1 else None


def _is_lacking(models: Models, model: SequelizeModel, name: str) -> bool:
    if not model.known or model.underscored is None or not name.isidentifier():
        return False
    if name in _SPECIAL or name in model.accessors:
        return False
    names = {*model.attributes, *(column_of(model, item) for item in model.attributes.values())}
    if models.instances.dialect != "postgres":  # the others do not mind the case
        return name.lower() not in {item.lower() for item in names if item is not None}
    return name not in names


def _lacking(reference: Reference, model: SequelizeModel, query: Query | None) -> Defect:
    near = nearest(reference.column, model.attributes)
    related = [Related(model.path, model.span[0], f"{model.name} is defined here")]
    if reference.node.line != reference.query.call.line or reference.path != reference.query.path:
        call = (query or reference.query).call
        related.append(Related((query or reference.query).path, call.line, "the query"))
    asked = (query or reference.query).title
    return Defect(
        reference.path,
        reference.node,
        f"{asked} names `{reference.column}` of {model.name} in `{reference.clause}`, and "
        f"{model.name} has {listed(model.attributes)}.",
        "Sequelize puts the name into the statement as it is: the database answers that there is "
        f"no column `{reference.column}`, and the request ends in a 500.",
        f"Write `{near}`." if near else f"Name an attribute of {model.name}.",
        f"{model.name}.{reference.column} in {reference.clause}",
        tuple(related),
    )


def _is_variable(node: s.Node) -> bool:
    """A name that does not merely lead to Sequelize's functions."""
    return isinstance(node, s.Name) and node.id not in (
        "fn", "col", "literal", "Sequelize", "sequelize", "cast", "db", "models", "json",
    )  # fmt: skip


def _aliases_in(models: Models, path: str) -> set[str]:
    """The names that ``[what, 'name']`` and SQL text of a module give to columns."""
    module = models.model.modules.get(path)
    found: set[str] = set()
    for node in nodes_of(module) if module is not None else ():
        if isinstance(node, s.Sequence) and len(node.items) == 2:
            first, last = node.items
            if isinstance(last, s.Literal) and not isinstance(first, s.Literal):
                found.add(str(last.value))
        elif isinstance(node, s.Literal) and isinstance(node.value, str):
            found.update(_NAMED.findall(node.value))
    return found
