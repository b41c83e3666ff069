"""A statement that a chain of builder calls makes, as far as it can be read."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.data import dataclass

Library = Literal["knex", "kysely", "drizzle"]
Kind = Literal["select", "insert", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Source:
    """A table that the statement reads or writes, under the name that columns refer to it by.
    ``table`` is None for sub-queries and what is not known."""

    name: str
    table: str | None
    node: s.Expr


@dataclass(frozen=True, slots=True)
class Use:
    """A column that the statement names. ``sorts``: in ORDER BY, GROUP BY or HAVING, where names
    of results may stand too. ``writes``: it is given a value."""

    name: str
    qualifier: str
    node: s.Expr
    path: str
    sorts: bool = False
    writes: bool = False

    @property
    def written(self) -> str:
        return f"{self.qualifier}.{self.name}" if self.qualifier else self.name


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns that a join compares for equality."""

    left: Use
    right: Use
    node: s.Expr


@dataclass(slots=True, eq=False)
class Statement:
    """``open``: it may have other tables than ``sources``. ``hidden``: it may have other results
    than ``results``. ``one``: it gives one row at most. ``awaited``: an ``await``
    is somewhere in the chain."""

    library: Library
    function: FunctionInfo
    call: s.Call
    root: s.Expr
    kind: Kind = "select"
    sources: list[Source] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    results: set[str] = field(default_factory=set)
    steps: list[str] = field(default_factory=list)
    open: bool = False
    hidden: bool = False
    one: bool = False
    awaited: bool = False

    @property
    def path(self) -> str:
        return self.function.module.path

    def named(self, name: str) -> Source | None:
        wanted = name.lower()
        return next((item for item in self.sources if item.name.lower() == wanted), None)

    def label(self) -> str:
        """The statement in short: what it does to which table."""
        table = next((item.table for item in self.sources if item.table is not None), None)
        return f"{self.kind} of `{table}`" if table is not None else f"a {self.kind}"

    def short(self) -> str:
        """``db("users").first``: where the chain begins and how it ends."""
        root = self.root
        base = root.name if isinstance(root, s.Attribute) else getattr(root, "id", "db")
        source = self.sources[0] if self.sources else None
        table = (source.table or source.name) if source is not None else "…"
        if not self.steps:
            return f"{base}"
        first, last = self.steps[0], self.steps[-1]
        begun = f'{base}.{first}("{table}")' if first else f'{base}("{table}")'
        if self.library == "drizzle":
            begun = f"{base}.{first}"
        return begun if last in ("", first) else f"{begun}.{last}"
