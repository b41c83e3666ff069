"""Prisma and Sequelize: counts of a whole table beside a filtered page of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts

_PAGES: Final = frozenset({"findMany", "findAll"})
_PAGING: Final = (("take", "skip"), ("limit", "offset"))


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    method: str
    model: str
    call: s.Call
    options: s.Expr | None


def counted_queries(facts: Facts) -> Iterator[Defect]:
    asked: defaultdict[FunctionInfo, list[_Asked]] = defaultdict(list)
    for query in facts.entities.prisma.all:
        options = query.call.argument(0)
        asked[query.scope.function].append(
            _Asked(query.method, query.model.name, query.call, options)
        )
    for item in facts.entities.sequelize.queries.all:
        if item.named is None:
            asked[item.scope.function].append(
                _Asked(item.method, item.model.name, item.call, item.options)
            )
    for function, queries in asked.items():
        if not is_outside(function.module.path):
            yield from _of(function, queries)


def _of(function: FunctionInfo, queries: list[_Asked]) -> Iterator[Defect]:
    for page in queries:
        if page.method not in _PAGES or not _is_filtered_page(page.options):
            continue
        counts = [item for item in queries if item.method == "count" and item.model == page.model]
        if len(counts) != 1 or not _counts_all(counts[0].options):
            continue  # a total beside a filtered one
        path = function.module.path
        yield Defect(
            path,
            spot(counts[0].call),
            f"The total counts every {page.model}, and the page beside it is filtered.",
            "With the filter the total is too high: clients ask for further pages, and get empty "
            "ones.",
            "Give count() the `where` of the page.",
            f"total of {page.model} in {function.name}",
            (Related(path, page.call.line, "the filtered page"),),
        )


def _is_filtered_page(options: s.Expr | None) -> bool:
    if not isinstance(options, s.Mapping):
        return False
    if not any(all(_has(options, name) for name in names) for names in _PAGING):
        return False
    where = options.get("where")
    if isinstance(where, s.Mapping):
        return bool(where.entries)
    return where is not None


def _has(options: s.Mapping, name: str) -> bool:
    return options.get(name) is not None


def _counts_all(options: s.Expr | None) -> bool:
    """Is it known that no condition is given?"""
    if options is None:
        return True
    return isinstance(options, s.Mapping) and all(
        isinstance(entry.key, s.Literal) and entry.key.value not in ("where", "include", "group")
        for entry in options.entries
    )
