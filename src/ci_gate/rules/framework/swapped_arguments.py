from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_WORD: Final = regex(r"[a-z]+|[A-Z][a-z]*")
#: Words that two names share without being of one kind of thing.
_KEYS: Final = frozenset({"id", "key", "name", "count", "number", "value", "Id", "Key", "Name"})


class SwappedArguments(Rule):
    """Two arguments stand in each other's place.

    `page(offset, limit)` calls `def page(limit, offset)`: each of the two has the name of the
    other's parameter. `page.limit` counts as `limit`, and `article.id` as `article_id`.

    ## Why is this bad?
    Both are often of the same type, so nothing fails: the page begins at the limit and is as long
    as the offset, a user follows instead of being followed.

    ## Fix
    Give them in the order of the parameters, or by keyword.

    ## Silent on
    Calls that may run another function, calls with `*`, arguments that are neither names nor
    attributes, and functions that exchange on purpose: those whose name says so (`swap`, `reverse`,
    `inverse`), calls of a function by itself, and functions with the same two parameters, of one
    kind of thing (`removed(before_tags, after_tags)`, that calls `added` the other way round).

    ## Source
    Rice et al., "Detecting Argument Selection Defects", OOPSLA 2017.
    """

    id = "any/swapped-arguments"
    group = "framework"
    languages: ClassVar = ("python", "javascript", "typescript")
    asks_callers = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for caller in model.functions.values():
            path = caller.module.path
            if is_outside(path):
                continue
            for edge in model.callees(caller):
                call, callee = edge.node, edge.callee
                if not isinstance(call, s.Call) or edge.reason != "call" or callee is caller:
                    continue
                found = _swapped(call, callee)
                if found is None or _others(model, caller, call):
                    continue
                if _goes_both_ways(model, caller, call, callee) or _mirrors(caller, *found):
                    continue
                one, other = found
                name = callee.name
                yield self.finding(
                    path,
                    call,
                    message=f"`{name}` is given `{one}` for `{other}`, and `{other}` for `{one}`.",
                    why="The two are taken for each other in all that the function does, without "
                    "an error.",
                    fix=f"Write them in the order of {name}'s parameters, or by keyword.",
                    subject=f"{name} {one} {other}",
                    related=[Related(callee.module.path, callee.node.line, "the parameters")],
                )


def _swapped(call: s.Call, callee: FunctionInfo) -> tuple[str, str] | None:
    node = callee.node
    if not isinstance(node, s.Function) or any(item.star for item in call.args):
        return None
    if any(word in callee.name.lower() for word in ("swap", "revers", "invers", "flip")):
        return None
    names = _parameters(callee, node)
    given = [_named(item.value, names) for item in call.args if item.keyword is None]
    at = {name: place for place, name in enumerate(names)}
    for place, name in enumerate(given):
        if name is None or place >= len(names) or names[place] == name:
            continue
        there = at.get(name)
        if there is not None and there < len(given) and given[there] == names[place]:
            return name, names[place]
    return None


def _named(value: s.Expr, names: Sequence[str]) -> str | None:
    """The name of an argument: `limit`, `page.limit`; `article.id` is an `article_id`."""
    if isinstance(value, s.Name):
        return value.id
    if not isinstance(value, s.Attribute):
        return None
    if value.name in ("id", "pk") and isinstance(value.value, s.Name):
        base = value.value.id
        return next((name for name in (f"{base}_id", f"{base}Id") if name in names), None)
    return value.name


def _parameters(callee: FunctionInfo, node: s.Function) -> Sequence[str]:
    names = [param.name for param in node.params if param.kind == "positional"]
    bound = callee.cls is not None and callee.module.language == "python"
    static = any(isinstance(d, s.Name) and d.id == "staticmethod" for d in node.decorators)
    return names[1:] if bound and not static else names


def _goes_both_ways(
    model: CodeModel, caller: FunctionInfo, call: s.Call, callee: FunctionInfo
) -> bool:
    """Does the caller call the function in the right order too, and so knows what it does?"""
    return any(
        edge.callee is callee
        and edge.node is not call
        and isinstance(edge.node, s.Call)
        and _swapped(edge.node, callee) is None
        for edge in model.callees(caller)
    )


def _mirrors(caller: FunctionInfo, one: str, other: str) -> bool:
    """Has the caller the same two parameters, of one kind of thing (`removed(before_tags,
    after_tags)`, that calls `added` the other way round)?"""
    node = caller.node
    names = {param.name for param in node.params} if isinstance(node, s.Function) else set()
    common = set(_WORD.findall(one)) & set(_WORD.findall(other)) - _KEYS
    return {one, other} <= names and bool(common)


def _others(model: CodeModel, caller: FunctionInfo, call: s.Call) -> bool:
    """May the call run another function, too?"""
    return len({edge.callee for edge in model.callees(caller) if edge.node is call}) > 1
