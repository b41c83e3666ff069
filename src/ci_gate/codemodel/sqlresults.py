"""The names by which a statement's rows know their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from ci_gate.codemodel.sql import HOLE
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.data import dataclass

_MAX_DEPTH: Final = 12

ColumnsOf: TypeAlias = Callable[[str], Iterable[str] | None]
"""The columns of a table; None where they are not all known."""


@dataclass(frozen=True, slots=True)
class ResultNames:
    """``exact`` are names in their case, as the database gives them; of those in ``any_case`` it is
    not known."""

    exact: frozenset[str]
    any_case: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.exact or name.lower() in self.any_case

    def all(self) -> list[str]:
        return sorted(self.exact | self.any_case)


def result_names(
    statement: exp.Expr, dialect: Dialect | None, columns_of: ColumnsOf
) -> ResultNames | None:
    """The names of a row that the statement gives; None where not all of them are known."""
    try:
        found = _Reader(dialect, columns_of).statement(statement)
    except _Unknown:
        return None
    exact = frozenset(name for name, known in found if known)
    return ResultNames(exact, frozenset(name.lower() for name, known in found if not known))


class _Unknown(Exception):
    """Not all names are known."""


#: A name, and whether its case is known.
_Name: TypeAlias = tuple[str, bool]


class _Reader:
    def __init__(self, dialect: Dialect | None, columns_of: ColumnsOf) -> None:
        self._folds = dialect == "postgres"
        self._columns_of = columns_of

    def statement(self, node: exp.Expr) -> list[_Name]:
        if isinstance(node, exp.Query):
            return self._query(node, {}, 0)
        returning = node.args.get("returning")
        if isinstance(node, exp.Insert | exp.Update | exp.Delete) and returning is not None:
            table = node.this.this if isinstance(node.this, exp.Schema) else node.this
            if node.args.get("from_") or node.args.get("using") or node.args.get("with_"):
                raise _Unknown
            return self._outputs(returning.expressions, [table], {}, 0)
        raise _Unknown

    def _query(self, node: exp.Expr, ctes: dict[str, exp.Expr], depth: int) -> list[_Name]:
        if depth > _MAX_DEPTH:
            raise _Unknown
        clause = node.args.get("with_")
        if isinstance(clause, exp.With):
            if clause.args.get("search") or clause.args.get("cycle"):
                raise _Unknown
            ctes = {**ctes, **{cte.alias.lower(): cte for cte in clause.expressions}}
        if isinstance(node, exp.SetOperation):
            return self._query(node.this, ctes, depth + 1)
        if isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query):
            return self._query(node.this, ctes, depth + 1)
        if not isinstance(node, exp.Select):
            raise _Unknown
        return self._outputs(node.expressions, list(_sources(node)), ctes, depth)

    def _outputs(
        self,
        outputs: Iterable[exp.Expr],
        sources: list[exp.Expr],
        ctes: dict[str, exp.Expr],
        depth: int,
    ) -> list[_Name]:
        found: list[_Name] = []
        for output in outputs:
            if isinstance(output, exp.Star):
                for source in sources:
                    found += self._all_of(source, ctes, depth)
            elif isinstance(output, exp.Column) and isinstance(output.this, exp.Star):
                meant = [item for item in sources if item.alias_or_name == output.table]
                if len(meant) != 1:
                    raise _Unknown
                found += self._all_of(meant[0], ctes, depth)
            else:
                found.append(self._name(output))
        return found

    def _name(self, output: exp.Expr) -> _Name:
        """Any other expression has a name that the database makes up."""
        if isinstance(output, exp.Alias):
            identifier = output.args["alias"]
        elif isinstance(output, exp.Column):
            identifier = output.this
        else:
            raise _Unknown
        if not isinstance(identifier, exp.Identifier) or HOLE in identifier.name:
            raise _Unknown
        if not self._folds:
            return identifier.name, False
        return identifier.name if identifier.quoted else identifier.name.lower(), True

    def _all_of(self, source: exp.Expr, ctes: dict[str, exp.Expr], depth: int) -> list[_Name]:
        """What ``*`` gives of one table of FROM."""
        alias = source.args.get("alias")
        if isinstance(alias, exp.TableAlias) and alias.columns:
            raise _Unknown
        if isinstance(source, exp.Subquery):
            return self._query(source, ctes, depth + 1)
        if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
            raise _Unknown
        cte = ctes.get(source.name.lower()) if not source.db else None
        if cte is not None:
            if cte.args["alias"].columns or not isinstance(cte.this, exp.Query):
                raise _Unknown
            return self._query(cte.this, ctes, depth + 1)
        columns = self._columns_of(f"{source.db}.{source.name}" if source.db else source.name)
        if columns is None:
            raise _Unknown
        return [(name, False) for name in columns]


def _sources(node: exp.Select) -> Iterator[exp.Expr]:
    """What FROM and its joins name."""
    from_ = node.args.get("from_")
    if isinstance(from_, exp.From):
        yield from_.this
        yield from (join.this for join in from_.this.args.get("joins") or ())
    yield from (join.this for join in node.args.get("joins") or ())
    yield from node.args.get("laterals") or ()
