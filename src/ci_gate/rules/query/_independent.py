"""Whether two optional inputs of a query can be given at once."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.rules.base import Facts
from ci_gate.rules.query._sql import Decision, field_of

_MAX_CALLERS = 40
_EXITS = (s.Raise, s.Return)


def independent(facts: Facts, function: FunctionInfo, one: Decision, other: Decision) -> bool:
    """Can a request give both? They are different fields of one object or mapping, or parameters
    that some call gives both; and nothing is seen to refuse the two together."""
    (base, name), (base_2, name_2) = field_of(one), field_of(other)
    if base != base_2 or name == name_2 or not name or not name_2:
        return False
    if base in ("self", "cls") or "#" in base:
        return False
    if not base and not _both_given(facts, function, {name, name_2}):
        return False
    return not any(
        _excludes(test, name, name_2)
        for path, module in facts.model.modules.items()
        if module.language == "python" and not is_outside(path)
        for test in _tests(module)
    )


def _both_given(facts: Facts, function: FunctionInfo, names: set[str]) -> bool:
    """A route's own parameters, or ones that one call gives both."""
    queue, seen = [function], {function}
    while queue and len(seen) < _MAX_CALLERS:
        current = queue.pop()
        node = current.node
        edges = [edge for edge in facts.model.callers(current) if isinstance(edge.node, s.Call)]
        queue += [edge.caller for edge in edges if edge.caller not in seen]
        seen |= {edge.caller for edge in edges}
        if not isinstance(node, s.Function):
            continue
        params = [param.name for param in node.params]
        if not names <= set(params):
            continue
        if any(current in route.handlers for route in facts.model.routes):
            return True
        bound = current.cls is not None and node.kind != "static"
        for edge in edges:
            assert isinstance(edge.node, s.Call)
            given = [edge.node.argument(params.index(name) - bound, name) for name in names]
            if all(item is not None and not isinstance(item, s.Literal) for item in given):
                return True
    return False


def _tests(module: s.Module) -> Iterator[s.If]:
    for node in s.walk(module):
        if isinstance(node, s.If) and any(
            isinstance(inner, _EXITS) for part in node.body for inner in s.walk(part)
        ):
            yield node


def _excludes(node: s.If, one: str, other: str) -> bool:
    """``if one and other: raise`` (or return)."""
    words = {
        word
        for inner in s.walk(node.test)
        for word in (
            inner.id if isinstance(inner, s.Name) else "",
            inner.name if isinstance(inner, s.Attribute) else "",
            inner.value if isinstance(inner, s.Literal) and isinstance(inner.value, str) else "",
        )
    }
    return one in words and other in words
