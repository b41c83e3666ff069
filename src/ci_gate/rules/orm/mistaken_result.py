from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.sequelize.queries import Query
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._handed_results import handed_on
from ci_gate.rules.orm._pairs import of_python, of_raw_queries, of_sequelize
from ci_gate.rules.orm._result_shapes import misread_shapes

#: Dialects that give the rows that were changed.
_RETURNING: Final = frozenset({"postgres", "mssql"})
_NUMBERS: Final = frozenset(
    {"<", ">", "<=", ">=", "===", "==", "!==", "!=", "+", "-", "*", "/", "%"}
)


class MistakenResult(Rule):
    """What a query gives is taken for something else.

    Sequelize: the changed rows of `const [count, rows] = await Model.update(…)` without
    `returning: true`, or on a database that gives none back; the result of `count` with `group`,
    which is a list of groups, taken for a number; the object of `findAndCountAll` taken for the
    rows; the rows of `sequelize.query(…)` taken for the pair of rows and metadata that it gives
    without `type`, or the reverse. An attribute is read of the list that `findAll` gives, or of the
    number that `update` and `destroy` give, in another module as well.

    SQLAlchemy: `session.execute(select(User))` gives rows that hold a user, and an attribute of the
    user is read of the row, or of the list that `.all()` gives.

    `findOrCreate` and Django's and Tortoise's `get_or_create` give the object and whether it is
    new; the pair is used as the object (`tag.id`, `article.tags.add(tag)`).

    ## Why is this bad?
    `rows` is undefined, so that reading it raises TypeError after the update was made. A list in
    place of a number gives `NaN`, or a comparison that never holds. A pair has none of the object's
    attributes: AttributeError in Python, `undefined` in JavaScript, and a relation refuses it.

    ## Fix
    Ask for the rows (`returning: true`, PostgreSQL and SQL Server), else read them again. Count the
    groups with `length`, or leave `group` out. Take the result apart as it comes: `tag, created =
    …`, `const [tag] = …`.

    ## Silent on
    Options that could not be read, results that are checked before they are used, pairs that any
    line takes apart, managers that define `get_or_create` themselves.

    ## Source
    Sequelize, "Model.update", "Model.count", "Finders" and "Raw Queries"
    (sequelize.org/docs/v6); SQLAlchemy, "Selecting ORM Entities"; Django, "get_or_create()".
    """

    id = "orm/mistaken-result"
    group = "orm"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        found = list(self._where_it_is_given(facts))
        yield from found
        told = {(item.path, item.start.line) for item in found}
        told.update((part.path, part.line) for item in found for part in item.related)
        for defect in handed_on(facts):
            places = {(part.path, part.line) for part in defect.related}
            if not told & (places | {(defect.path, defect.node.line)}):
                yield defect.finding(self)

    def _where_it_is_given(self, facts: Facts) -> Iterator[Finding]:
        """Results that are mistaken in the function that has the query."""
        models = facts.entities.sequelize
        for defect in (*of_python(facts), *of_sequelize(models), *of_raw_queries(models)):
            yield defect.finding(self)
        for query in models.queries.all:
            if query.method == "update":
                yield from self._updated(models, query)
            elif query.method == "count":
                yield from self._grouped(models, query)
        for misread in misread_shapes(models):
            yield self.finding(
                misread.path,
                spot(misread.use),
                message=f"{misread.message}.",
                why=misread.why,
                fix=misread.fix,
                subject=misread.subject,
                related=[Related(misread.path, misread.call.line, "the query")]
                if misread.call.line != misread.use.line
                else [],
            )

    def _updated(self, models: Models, query: Query) -> Iterator[Finding]:
        dialect = models.instances.dialect
        none_given = dialect is not None and dialect not in _RETURNING
        if not none_given and not models.queries.lacks(query, "returning"):
            return
        if not models.queries.lacks(query, "individualHooks"):
            return
        name = _second(models, query)
        if name is None:
            return
        use = _first_use(models, query, name)
        if use is None:
            return
        why = "an update gives the number of changed rows alone"
        if none_given:
            why = f"{dialect} gives only the number of changed rows"
        yield self.finding(
            query.path,
            spot(use),
            message=f"`{name.id}` is read as the rows that {query.model.name}.update() changed, "
            f"and {why}.",
            why=f"`{name.id}` is undefined: TypeError is raised after the rows were changed, and "
            "the request ends in a 500.",
            fix="Read the rows again with a query."
            if none_given
            else "Add `returning: true` to the options of the update.",
            subject=f"{query.model.name}.update in {query.scope.function.name}",
            related=[Related(query.path, query.call.line, "the update")],
        )

    def _grouped(self, models: Models, query: Query) -> Iterator[Finding]:
        if not models.queries.option(query, "group"):
            return
        use = _as_number(models, query)
        if use is None:
            return
        yield self.finding(
            query.path,
            spot(query.call),
            message=f"{query.model.name}.count() with `group` gives a list of groups, and it is "
            "used as a number.",
            why="The value is an array of `{ count, … }`: arithmetic gives NaN, comparisons do not "
            "hold.",
            fix="Use the list's `length` for the number of groups, or `distinct: true` with `col` "
            "in place of `group`.",
            subject=f"{query.model.name}.count in {query.scope.function.name}",
            related=[Related(query.path, use.span[0], "used as a number")],
        )


def _second(models: Models, query: Query) -> s.Name | None:
    """The variable that the second part of the update's result is put into."""
    assignment = _assignment(models, query)
    match assignment:
        case s.Assign(targets=[s.Sequence(items=[_, second, *_])]):
            return second if isinstance(second, s.Name) else None
    return None


def _assignment(models: Models, query: Query) -> s.Assign | None:
    """The declaration whose value is the awaited call."""
    around = models.origins.surroundings.of(query.path, query.call)
    first, second = next(around, None), next(around, None)
    if first is None or second is None or not isinstance(first.node, s.Await):
        return None
    node = second.node
    return node if isinstance(node, s.Assign) and node.declaration == "const" else None


def _reads(query: Query, name: s.Name) -> list[s.Name]:
    nodes = [
        node
        for statement in query.scope.function.node.body
        for node in s.walk(statement)
        if isinstance(node, s.Name) and node.id == name.id and node is not name
    ]
    return sorted(nodes, key=lambda node: node.span)


def _first_use(models: Models, query: Query, name: s.Name) -> s.Expr | None:
    """The first read of the variable, where it takes a part of it unchecked."""
    reads = _reads(query, name)
    if not reads:
        return None
    around = next(models.origins.surroundings.of(query.path, reads[0]), None)
    if around is None or around.branch != "value":
        return None
    if isinstance(around.node, s.Subscript | s.Attribute):
        return around.node
    return None


def _as_number(models: Models, query: Query) -> s.Node | None:
    """Where the result is compared or calculated with, or made a number."""
    around = models.origins.surroundings.of(query.path, query.call)
    first, second = next(around, None), next(around, None)
    if first is None or second is None or not isinstance(first.node, s.Await):
        return None
    if _is_number(second.node, next(around, None)):
        return second.node
    assignment = _assignment(models, query)
    match assignment:
        case s.Assign(targets=[s.Name() as name]):
            for read in _reads(query, name):
                outer = models.origins.surroundings.of(query.path, read)
                inner = next(outer, None)
                if inner is not None and _is_number(inner.node, next(outer, None)):
                    return inner.node
    return None


def _is_number(node: s.Node, outer: object) -> bool:
    match node:
        case s.Binary(op=op):
            return op in _NUMBERS and not _with_null(node)
        case s.Argument():
            call = getattr(outer, "node", None)
            return isinstance(call, s.Call) and isinstance(call.func, s.Name) and (
                call.func.id in ("Number", "parseInt")
            )  # fmt: skip
    return False


def _with_null(node: s.Binary) -> bool:
    return any(
        isinstance(side, s.Literal) and side.value is None for side in (node.left, node.right)
    )
