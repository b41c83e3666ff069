from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

#: Methods that throw where their options have no `where`.
_NEED_WHERE: Final = frozenset({"update", "destroy"})
_BY_OPTIONS: Final = frozenset({"findOne", "findAll", "findAndCountAll"})
#: What is there to change all rows, and says so.
_ALL: Final = regex(
    r"all|every|each|clear|reset|trunc|purge|wipe|flush|empty|clean|prune|seed|sync|rebuild|recalc"
    r"|migrat|teardown|drop|script|job",
    re.IGNORECASE,
)

_KEY: Final = regex(r"^(?:id|pk|uuid)$|[a-z]Id$")


class MisplacedArgument(Rule):
    """A method of a Sequelize model is not given what it is called for.

    `update` or `destroy` without `where`, or with one that is empty; `findByPk` with options in
    place of the key (`findByPk({ where: { id } })`); `findOne` or `findAll` with a key in place of
    options (`findOne(id)`).

    ## Why is this bad?
    Without `where`, Sequelize throws "Missing where attribute in the options parameter". With an
    empty one it changes or deletes every row of the table, and says nothing. `findByPk` takes no
    object for a key ("Argument passed to findByPk is invalid"), and `findOne` no key for options.

    ## Fix
    Name the rows: `Model.destroy({ where: { id } })`, `Model.findByPk(id)`,
    `Model.findOne({ where: { id } })`.

    ## Silent on
    Options and conditions that are not all visible or are added to later; `truncate`; functions
    whose name says that they change all rows (`clearAll`, `resetCounters`); tests, seeds, scripts.

    ## Source
    Sequelize, "Model.update", "Model.destroy", "Model.findByPk", "Model.findOne"
    (sequelize.org/api/v6/class/src/model.js~model).
    """

    id = "orm/misplaced-argument"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        for query in models.queries.all:
            for defect in (*_without_condition(models, query), *_misplaced(models, query)):
                yield defect.finding(self)


def _without_condition(models: Models, query: Query) -> Iterator[Defect]:
    if query.method not in _NEED_WHERE or _is_for_all(query.scope):
        return
    if any(item.star for item in query.call.args):
        return
    label = f"{query.model.name}.{query.method}()"
    options = query.options
    if options is None:
        written: s.Mapping | None = None
    else:
        found = models.origins.one(options, query.scope)
        if found is None or not isinstance(found.expr, s.Mapping):
            return
        written = found.expr
        if not _is_visible(models, written, found.scope) or _names(written) & {"truncate"}:
            return
    if written is None or "where" not in _names(written):
        name = (
            s.last_name(query.call.func.value) if isinstance(query.call.func, s.Attribute) else None
        )
        if name is None or not name[:1].isupper():
            return  # a row has methods of the same name
        yield Defect(
            query.path,
            spot(query.call),
            f"{label} is given no `where`.",
            "Sequelize throws 'Missing where attribute in the options parameter' each time.",
            "Name the rows that are meant: `{ where: { … } }`.",
            f"{label} without where",
        )
        return
    conditions = models.queries.option(query, "where")
    if len(conditions) != 1:
        return
    where, scope = conditions[0]
    origin = models.origins.one(where, scope)
    if origin is None or not isinstance(origin.expr, s.Mapping) or origin.expr.entries:
        return
    if _is_visible(models, origin.expr, origin.scope) and not _is_for_all(origin.scope):
        yield Defect(
            origin.scope.module.path if origin.expr is where else query.path,
            origin.expr if origin.expr is where else spot(query.call),
            f"The `where` of {label} is empty: it {_does(query)} every {query.model.name} row.",
            "The request of one user changes the rows of all others, and no error tells.",
            "Name the rows that are meant in `where`.",
            f"{label} with an empty where",
        )


def _does(query: Query) -> str:
    return "deletes" if query.method == "destroy" else "changes"


def _misplaced(models: Models, query: Query) -> Iterator[Defect]:
    first = query.call.argument(0)
    if first is None or query.named is not None:
        return
    if query.method == "findByPk" and isinstance(first, s.Mapping) and not first.entries[1:]:
        names = _names(first)
        if names:
            yield Defect(
                query.path,
                first,
                f"{query.model.name}.findByPk() is given an object where the key is due.",
                "Sequelize throws 'Argument passed to findByPk is invalid' each time.",
                f"Write `{query.model.name}.findByPk(key)`, or `findOne` with these options.",
                f"{query.model.name}.findByPk with options",
            )
    elif query.method in _BY_OPTIONS and _is_key(models, first, query.scope):
        yield Defect(
            query.path,
            first,
            f"{query.model.name}.{query.method}() is given a value where options are due.",
            "Sequelize throws 'The argument passed to findOne must be an options object, use "
            "findByPk if you wish to pass a single primary key value'.",
            f"Write `{query.model.name}.findByPk(…)`, or `{{ where: {{ … }} }}`.",
            f"{query.model.name}.{query.method} with a key",
        )


def _is_key(models: Models, expr: s.Expr, scope: Scope) -> bool:
    """Is it surely one value: text, a number, a part of a request's path?"""
    if isinstance(expr, s.Literal | s.Template):
        return not (isinstance(expr, s.Literal) and expr.value is None)
    if isinstance(expr, s.Call) and isinstance(expr.func, s.Name):
        return expr.func.id in ("Number", "parseInt", "String")
    if isinstance(expr, s.Attribute):
        return isinstance(expr.value, s.Attribute) and expr.value.name == "params"
    if isinstance(expr, s.Name) and _KEY.search(expr.id):
        bindings = models.model.bindings(expr.id, scope)
        if len(bindings) == 1 and bindings[0].kind == "param":
            return True
    origin = models.origins.one(expr, scope) if isinstance(expr, s.Name) else None
    return (
        origin is not None
        and origin.expr is not expr
        and not isinstance(origin.expr, s.Name)
        and _is_key(models, origin.expr, origin.scope)
    )


def _is_for_all(scope: Scope) -> bool:
    return any(_ALL.search(function.name) for function in scope.function.outward()) or (
        scope.cls is not None and _ALL.search(scope.cls.name) is not None
    )


def _names(mapping: s.Mapping) -> set[str]:
    return {str(item.key.value) for item in mapping.entries if isinstance(item.key, s.Literal)}


def _is_visible(models: Models, mapping: s.Mapping, scope: Scope) -> bool:
    """Are all entries of the object written in it, and none added to it later?"""
    if any(not isinstance(item.key, s.Literal) for item in mapping.entries):
        return False
    around = next(models.model.surroundings.of(scope.module.path, mapping), None)
    if around is None or not isinstance(around.node, s.Assign):
        return not isinstance(getattr(around, "node", None), s.Function)
    names = {item.id for item in around.node.targets if isinstance(item, s.Name)}
    uses = [
        node
        for node in s.walk(scope.function.node)
        if isinstance(node, s.Name) and node.id in names and node.span > around.node.span
    ]
    plain = {
        entry.value
        for node in s.walk(scope.function.node)
        if isinstance(node, s.Mapping)
        for entry in node.entries
    }
    return len(names) == 1 and all(node in plain for node in uses)
