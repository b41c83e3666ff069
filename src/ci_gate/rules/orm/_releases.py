"""Connections taken out of a pool by hand: whether an error leaves them there."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Opened, Place, Ran, Run, Settled
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.data import dataclass

TAKEN = frozenset({"acquire", "getconn", "get_connection"})
GIVEN = frozenset({"release", "putconn"})
_CLOSED = GIVEN | {"close", "aclose"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """``release`` gives the connection back, and ``cause`` is what can leave ``function`` before.

    ``how``: the cause raises, returns, fails at the database, or hands control to the code that
    uses the connection (``yield``).
    """

    function: FunctionInfo
    release: s.Node
    cause: s.Node
    how: str


def skipped_release(run: Run, opened: Opened) -> Skipped | None:
    """How a connection that is given back can be lost on the way; None where that is not seen."""
    closing = [
        event
        for event in run.events
        if isinstance(event, Settled) and event.how == "close" and event.session == opened.session
    ]
    taken = _steps(opened.place)
    found: list[tuple[FunctionInfo, s.Node, s.Node]] = []
    for event in closing:
        common = _parting(taken, _steps(event.place))
        if common is None:
            return None
        found.append(common)
    if not found or len({function for function, _, _ in found}) > 1:
        return None
    function, start, _ = found[0]
    node = function.node
    if not isinstance(node, s.Function) or _is_careful(node, start):
        return None
    end = max((release for _, _, release in found), key=lambda item: item.span)
    if not start.span[:2] < end.span[:2] or _in_loop(node, start, end):
        return None
    if any(_is_guarded(node, release) for _, _, release in found):
        return None
    first = min((release for _, _, release in found), key=lambda item: item.span)
    for cause, how in _causes(run, opened, function, taken):
        between = start.span[2:] <= cause.span[:2] and cause.span[2:] <= first.span[:2]
        if between and not _apart(node, start, cause) and not _hands_over(cause, end):
            return Skipped(function, end, cause, how)
    return None


def _apart(function: s.Function, start: s.Node, cause: s.Node) -> bool:
    """They stand in different branches of one condition."""
    for node in s.walk(function, into_functions=False):
        branches: list[list[s.Stmt]] = []
        if isinstance(node, s.If):
            branches = [node.body, node.orelse]
        elif isinstance(node, s.Switch):
            branches = [case.body for case in node.cases]
        elif isinstance(node, s.Try):
            branches = [node.body, *(handler.body for handler in node.handlers)]
        where = [
            [number for number, body in enumerate(branches) if _holds(body, item)]
            for item in (start, cause)
        ]
        if where[0] and where[1] and where[0] != where[1]:
            return True
    return False


def _calls_parameter(node: s.Node, function: s.Node) -> bool:
    """``await handler(request)`` in a middleware."""
    return (
        isinstance(node, s.Call)
        and isinstance(node.func, s.Name)
        and isinstance(function, s.Function)
        and node.func.id in {param.name for param in function.params}
    )


def _holds(body: list[s.Stmt], item: s.Node) -> bool:
    return any(part is item for statement in body for part in s.walk(statement))


def _hands_over(cause: s.Node, release: s.Node) -> bool:
    """The connection is what is returned."""
    if not isinstance(cause, s.Return) or cause.value is None:
        return False
    given = {node.id for node in s.walk(release) if isinstance(node, s.Name)}
    return any(isinstance(node, s.Name) and node.id in given for node in s.walk(cause.value))


def _steps(place: Place) -> list[tuple[s.Node, FunctionInfo]]:
    return [*place.calls, (place.node, place.function)]


def _parting(
    taken: list[tuple[s.Node, FunctionInfo]], given: list[tuple[s.Node, FunctionInfo]]
) -> tuple[FunctionInfo, s.Node, s.Node] | None:
    """The function in which the ways to two places part, and the nodes of it that lead there."""
    for one, other in zip(taken, given, strict=False):
        if one[0] is other[0]:
            continue
        return (one[1], one[0], other[0]) if one[1] is other[1] else None
    return None


def _is_careful(function: s.Function, start: s.Node) -> bool:
    """The function thinks of errors: it gives something back in ``finally`` or a handler, or hands
    the method for it to somebody; or a ``with`` block takes the connection."""
    called: set[s.Node] = set()
    for node in s.walk(function, into_functions=False):
        if isinstance(node, s.Call):
            called.add(node.func)
    for node in s.walk(function):
        if isinstance(node, s.Try):
            guarded = [*node.final, *(part for item in node.handlers for part in item.body)]
            if any(_gives_back(part) for part in guarded):
                return True
        elif isinstance(node, s.Attribute):
            if node.name in _CLOSED and node not in called:
                return True
        elif isinstance(node, s.WithItem) and any(part is start for part in s.walk(node.context)):
            return True
    return False


def _gives_back(part: s.Node) -> bool:
    return any(
        (
            isinstance(node, s.Attribute)
            and (node.name in _CLOSED or any(word in node.name.lower() for word in GIVEN))
        )
        or (
            isinstance(node, s.Call)
            and isinstance(node.func, s.Name)
            and any(word in node.func.id.lower() for word in ("release", "close", "return", "put"))
        )
        for node in s.walk(part)
    )


def _is_guarded(function: s.Function, release: s.Node) -> bool:
    """It stands where errors come by."""
    return any(
        _holds([*node.final, *(part for item in node.handlers for part in item.body)], release)
        for node in s.walk(function, into_functions=False)
        if isinstance(node, s.Try)
    )


def _in_loop(function: s.Function, start: s.Node, end: s.Node) -> bool:
    """One of both stands in a loop that the other is not in."""
    for node in s.walk(function, into_functions=False):
        if isinstance(node, s.For | s.While):
            inside = [any(part is item for part in s.walk(node)) for item in (start, end)]
            if inside[0] != inside[1]:
                return True
    return False


def _causes(
    run: Run, opened: Opened, function: FunctionInfo, taken: list[tuple[s.Node, FunctionInfo]]
) -> Iterator[tuple[s.Node, str]]:
    """What can leave the function, plainest first."""
    handled = [
        part
        for node in s.walk(function.node, into_functions=False)
        if isinstance(node, s.Try) and node.handlers
        for part in node.body
    ]
    inside = {inner for part in handled for inner in s.walk(part)}
    own = [node for node in s.walk(function.node, into_functions=False) if node not in inside]
    for node in own:
        if isinstance(node, s.Raise):
            yield node, "raise"
    for node in own:
        if isinstance(node, s.Return):
            yield node, "return"
    for node in own:
        if isinstance(node, s.Yield) or _calls_parameter(node, function.node):
            yield node, "yield"
    depth = next((index for index, item in enumerate(taken) if item[1] is function), None)
    for event in run.events:
        if isinstance(event, Ran) and event.session == opened.session and depth is not None:
            steps = _steps(event.place)
            if len(steps) > depth and steps[depth][1] is function:
                node = steps[depth][0]
                if node not in inside:
                    yield node, "query"
