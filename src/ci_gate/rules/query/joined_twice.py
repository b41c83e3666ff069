from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Statement, Table
from ci_gate.codemodel.dataflow.events import Ran
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.surroundings import parents_below
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

_BLOCKS: Final = (s.For, s.While, s.Try, s.Conditional, s.Function)


class JoinedTwice(Rule):
    """A statement joins the same table twice under one name.

    Often by two optional filters: `?author=` joins the users through the article's author,
    `?favorited=` joins them again through the favorites, and a request may have both.

    ## Why is this bad?
    The database refuses the statement: `table name "users" specified more than once` (PostgreSQL),
    `ambiguous column name: users.username` (SQLite). Each filter works alone, as in most tests.

    ## Fix
    Join an alias (`fan = aliased(User)`), or filter with EXISTS (`Article.fans.any(...)`).

    ## Silent on
    Aliases; SQLAlchemy's legacy `session.query()`, which leaves repeated joins out; joins in other
    functions, in loops, and under conditions that may exclude each other; statements that could not
    be followed.

    ## Source
    SQLAlchemy, "Selecting entities: ORM Entity Aliases"; PostgreSQL, error 42712 duplicate_alias.
    """

    id = "query/joined-twice"
    group = "query"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Ran) or event.statement is None or event.how == "write":
                continue
            for statement in _all_of(event.statement):
                for table, first, second in _repeated(statement):
                    function = facts.model.enclosing(statement.module, second.line)
                    if second in seen or function is None:
                        continue
                    if not _may_both_run(function, first, second):
                        continue
                    seen.add(second)
                    yield self._found(statement, table, first, second)

    def _found(self, statement: Statement, table: Table, first: s.Node, second: s.Node) -> Finding:
        name = table.entity.table or table.name
        return self.finding(
            statement.module,
            spot(second),
            message=f"The statement joins `{name}` a second time, under the same name",
            why=(
                f"Where both joins are made, the database refuses the statement: `{name}` stands in"
                " it twice, and its columns are ambiguous."
            ),
            fix=f"Join an alias of {table.name} (`aliased({table.name})`), or filter with EXISTS.",
            subject=name,
            related=[Related(statement.module, first.line, f"`{name}` is joined here first")],
        )


def _all_of(statement: Statement) -> Iterator[Statement]:
    """The statement, and those that it selects from."""
    yield statement
    for inner in statement.derived:
        yield from _all_of(inner)


def _repeated(statement: Statement) -> Iterator[tuple[Table, s.Node, s.Node]]:
    if statement.library != "sqlalchemy" or statement.legacy or statement.kind != "select":
        return
    for (one, first), (other, second) in combinations(statement.joins, 2):
        if one == other and first is not second:
            yield one, first, second


def _may_both_run(function: FunctionInfo, first: s.Node, second: s.Node) -> bool:
    """Does nothing that the code says hold one of the joins back where the other was made?"""
    parents = parents_below(*function.node.body)
    if first not in parents or second not in parents:
        return False
    ours, theirs = _tests(parents, first), _tests(parents, second)
    if ours is None or theirs is None:
        return False
    common = ours & theirs
    ours, theirs = ours - common, theirs - common
    if not all(branch and _is_plain(test) for test, branch in ours | theirs):
        return False
    before = {name for test, _ in ours for name in _read(test)}
    after = {name for test, _ in theirs for name in _read(test)}
    return not after & (before | _set_in(function))


def _tests(parents: dict[s.Node, s.Node], node: s.Node) -> set[tuple[s.Expr, bool]] | None:
    """The conditions that the node stands under; None where that is not only a matter of
    ``if``."""
    found: set[tuple[s.Expr, bool]] = set()
    while node in parents:
        above = parents[node]
        if isinstance(above, _BLOCKS):
            return None
        if isinstance(above, s.If) and node is not above.test:
            found.add((above.test, any(node is item for item in above.body)))
        node = above
    return found


def _is_plain(test: s.Expr) -> bool:
    """``author``, ``criteria.author``, ``author is not None``."""
    if isinstance(test, s.Binary) and test.op in ("is not", "!="):
        test = test.left
    return isinstance(test, s.Name | s.Attribute)


def _read(test: s.Expr) -> Iterator[str]:
    """The values that it looks at, as they are written."""
    inner = {node.value for node in s.walk(test) if isinstance(node, s.Attribute)}
    for node in s.walk(test):
        if isinstance(node, s.Name | s.Attribute) and node not in inner:
            yield s.dotted(node) or ""


def _set_in(function: FunctionInfo) -> set[str]:
    """The names that the function sets itself, some to say that the join was made."""
    return {
        target.id
        for statement in function.node.body
        for node in s.walk(statement)
        if isinstance(node, s.Assign)
        for target in node.targets
        if isinstance(target, s.Name)
    }
