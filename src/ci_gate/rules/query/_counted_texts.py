"""SQL text: counts beside a page that leave out what the page is filtered by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.sql import PARAMETER
from ci_gate.codemodel.sqlstatements import ReadCall, ReadVariant
from ci_gate.codemodel.sqlsyntax import exp
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts
from ci_gate.rules.query._sql import calls

_MAX_CALLS: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """A text on one path: the table that it is of, and how many values filter its rows."""

    call: ReadCall
    table: str
    filters: int
    decisions: Mapping[str, bool]


def counted_texts(facts: Facts) -> Iterator[Defect]:
    by_function: defaultdict[FunctionInfo, list[ReadCall]] = defaultdict(list)
    for read in calls(facts):
        by_function[read.call.function].append(read)
    seen: set[object] = set()
    for group in _together(facts, by_function):
        pages = [page for read in group if (page := _pages(read))]
        counts = [found for read in group if (found := _counts(read)) is not None]
        for page in pages:
            of_table = [item for item in counts if item[0].table == page[0].table]
            if len(of_table) != 1:
                continue  # a total beside a filtered one
            defect = _defect(page, of_table[0])
            node = of_table[0][0].call.call.node
            if defect is not None and node not in seen:
                seen.add(node)
                yield defect


def _together(
    facts: Facts, by_function: Mapping[FunctionInfo, list[ReadCall]]
) -> Iterator[list[ReadCall]]:
    """The texts that one function runs, itself or through functions that it calls."""
    done: set[tuple[int, ...]] = set()
    callers = {edge.caller for function in by_function for edge in facts.model.callers(function)}
    for function in dict.fromkeys((*by_function, *sorted(callers, key=lambda f: f.qualname))):
        found = list(by_function.get(function, ()))
        for callee in dict.fromkeys(edge.callee for edge in facts.model.callees(function)):
            if callee is not function:
                found += by_function.get(callee, ())
        key = tuple(sorted(map(id, found)))
        if 1 < len(found) <= _MAX_CALLS and key not in done:
            done.add(key)
            yield found


def _pages(read: ReadCall) -> list[_Read]:
    """The text as it is on each path that can be read, if it is that of a page."""
    found: list[_Read] = []
    for variant in read.variants:
        select = _select(variant)
        if select is None:
            return []
        if not all(_is_bound(select.args.get(name)) for name in ("limit", "offset")):
            return []
        table = _table(select)
        if table is None or select.args.get("group") is not None or _is_aggregate(select):
            return []
        if not variant.parsed.holes:
            found.append(_read(read, variant, table, _filters(select)))
    return found


def _counts(read: ReadCall) -> list[_Read] | None:
    """The same of a text that counts rows; None where it is none, or not known in whole."""
    found: list[_Read] = []
    for variant in read.variants:
        select = _select(variant)
        if select is None or variant.parsed.holes or not _is_aggregate(select):
            return None
        table = _table(select)
        if table is None or select.args.get("group") is not None:
            return None
        found.append(_read(read, variant, table, len(_values(select))))
    return found or None


def _select(variant: ReadVariant) -> exp.Select | None:
    parsed = variant.parsed
    if parsed.error is not None or len(parsed.statements) != 1:
        return None
    statement = parsed.statements[0]
    if not isinstance(statement, exp.Select) or statement.args.get("with_"):
        return None
    return statement


def _is_aggregate(select: exp.Select) -> bool:
    given = select.expressions
    return len(given) == 1 and any(
        isinstance(item, exp.Count) and item.find_ancestor(exp.Window, exp.Subquery) is None
        for item in given[0].find_all(exp.Count)
    )


def _is_bound(clause: object) -> bool:
    return isinstance(clause, exp.Expr) and bool(_values(clause))


def _table(select: exp.Select) -> str | None:
    source = select.args.get("from_") or select.args.get("from")
    table = source.this if isinstance(source, exp.Expr) else None
    return table.name.lower() if isinstance(table, exp.Table) and table.name else None


def _values(node: exp.Expr) -> list[exp.Placeholder]:
    return [item for item in node.find_all(exp.Placeholder) if item.name.startswith(PARAMETER)]


def _filters(select: exp.Select) -> int:
    """The values that say which rows there are, in all; those after which a page begins do not."""
    parts = [item for item in select.args.get("joins") or () if not item.args.get("side")]
    where = select.args.get("where")
    if where is not None:
        parts.append(where)
    having = select.args.get("having")
    if having is not None:
        parts.append(having)
    return sum(not _is_range(item) for part in parts for item in _values(part))


def _is_range(value: exp.Placeholder) -> bool:
    above = value.parent
    while isinstance(above, exp.Cast | exp.Paren | exp.Tuple):
        above = above.parent
    return isinstance(above, exp.LT | exp.GT | exp.LTE | exp.GTE | exp.Between)


def _read(call: ReadCall, variant: ReadVariant, table: str, filters: int) -> _Read:
    return _Read(call, table, filters, dict(variant.variant.decisions))


def _defect(pages: Sequence[_Read], counts: Sequence[_Read]) -> Defect | None:
    """The count, where on some path the page is filtered by more values whatever way it takes."""
    for page in sorted(pages, key=lambda item: sum(item.decisions.values())):
        beside = [item for item in counts if _agree(page, item)]
        if not beside or any(item.filters >= page.filters for item in beside):
            continue
        if not _hangs_together(pages, counts):
            continue
        call = counts[0].call.call
        given = sorted(
            name for name, holds in page.decisions.items() if holds and name.isidentifier()
        )
        by = f" by `{'`, `'.join(given)}`" if given else ""
        return Defect(
            call.path,
            spot(call.node),
            f"The total counts rows of {page.table} that the page leaves out: the page is filtered"
            f"{by}, and the count is not.",
            "With the filter the total is too high: clients ask for further pages, and get empty "
            "ones.",
            "Count under the conditions of the page.",
            f"total of {page.table} in {call.function.name}",
            (Related(page.call.call.path, page.call.call.node.line, "the filtered page"),),
        )
    return None


def _agree(page: _Read, count: _Read) -> bool:
    """Can both be on one path?"""
    return all(count.decisions.get(name, holds) == holds for name, holds in page.decisions.items())


def _hangs_together(pages: Sequence[_Read], counts: Sequence[_Read]) -> bool:
    """Do the conditions of the count hang on decisions that the page takes too?"""
    taken = {name for item in pages for name in item.decisions}
    return all(name in taken for item in counts for name in item.decisions)
