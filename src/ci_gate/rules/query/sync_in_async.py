from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.dataflow.events import Event, Loaded, Place, Ran
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._service import ServiceView
from ci_gate.rules.query._sync_queries import sync_queries

_METHODS: Final = frozenset({
    "get", "first", "last", "earliest", "latest", "count", "exists", "contains", "aggregate",
    "in_bulk", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    "update", "delete", "save", "refresh_from_db", "add", "remove", "set", "clear", "create_user",
    "create_superuser", "get_by_natural_key", "get_object_or_404", "get_list_or_404",
})  # fmt: skip
#: Builtins that take all rows of a query set.
_TAKING: Final = frozenset({"list", "tuple", "set", "sorted", "len", "bool", "dict", "frozenset"})
#: Decorators behind which a function still runs where it is called.
_PLAIN_DECORATORS: Final = frozenset({
    "staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "override",
    "atomic",
})  # fmt: skip
_UNSAFE: Final = "DJANGO_ALLOW_ASYNC_UNSAFE"


@dataclass(frozen=True, slots=True)
class _Crossing:
    """Where an async function comes to the database: ``node`` in ``function``. ``event``: what runs
    there, where a request was followed to it."""

    function: FunctionInfo
    node: s.Node
    event: Event | None = None


class SyncInAsync(Rule):
    """An async view runs Django's ORM synchronously.

    A query, a save or the read of a relation that is not loaded, in an `async def` itself or in the
    plain functions that it calls.

    ## Why is this bad?
    Django refuses to touch the database on the event loop: `SynchronousOnlyOperation: You cannot
    call this from an async context`. Each request that comes this way ends in a 500.

    ## Fix
    Use the async methods (`await ….aget()`, `async for`), call the function through
    `sync_to_async(…)`, or make the view a plain `def`.

    ## Silent on
    Methods that begin with `a`, `async for`, what runs through `sync_to_async`,
    `database_sync_to_async`, `asyncio.to_thread` or a decorator that is not known, calls that could
    not be followed, services that set `DJANGO_ALLOW_ASYNC_UNSAFE`.

    ## Source
    Django, "Asynchronous support: async safety".
    """

    id = "query/sync-in-async"
    group = "query"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        look = _Look(facts)
        found: dict[FunctionInfo, dict[s.Node, _Crossing]] = {}
        for _, event in facts.flows.events():
            if not isinstance(event, Ran | Loaded) or not _is_django(event):
                continue
            crossing = look.crossing(event)
            if crossing is not None:
                found.setdefault(crossing.function, {}).setdefault(crossing.node, crossing)
        for function, node in self._unreached(facts, found):
            found.setdefault(function, {}).setdefault(node, _Crossing(function, node))
        if not found or look.is_allowed:
            return
        for function in sorted(found, key=lambda item: item.qualname):
            places = sorted(found[function].values(), key=lambda item: item.node.span)
            yield self._found(places[0], places[1:])

    def _unreached(
        self, facts: Facts, reached: Collection[FunctionInfo]
    ) -> Iterator[tuple[FunctionInfo, s.Expr]]:
        """Queries of async functions that no request was followed to."""
        model = facts.model
        service = facts.once(ServiceView)
        for function in model.functions.values():
            path = function.module.path
            if not _is_async(function) or function in reached or is_outside(path):
                continue
            if service.holds(path):
                yield from ((function, node) for node in sync_queries(model, function))

    def _found(self, crossing: _Crossing, more: list[_Crossing]) -> Finding:
        function, event = crossing.function, crossing.event
        at = None if event is None or event.place.function is function else event.place
        what = _asked(crossing.node) if event is None else _what(event)
        direct = at is None
        called = s.dotted(crossing.node.func) if isinstance(crossing.node, s.Call) else ""
        through = f" through `{called}()`" if called and not direct else ""
        related = [] if at is None else [Related(at.path, at.node.line, f"{what} runs here")]
        related += [
            Related(item.function.module.path, item.node.line, "so does this")
            for item in more[:4]
        ]  # fmt: skip
        return self.finding(
            function.module.path,
            spot(crossing.node),
            message=f"The async `{function.name}` runs {what} synchronously{through}",
            why=(
                "Django raises SynchronousOnlyOperation (You cannot call this from an async "
                "context) whenever it gets here."
            ),
            fix=(
                "Use the async method of the same name (`await ….aget()`, `async for`), or make "
                "the function a plain `def`."
                if direct
                else f"Await `sync_to_async({called or '…'})(…)`, or make the function a plain "
                "`def`."
            ),
            subject=function.name,
            related=related,
        )


def _is_django(event: Ran | Loaded) -> bool:
    if isinstance(event, Loaded):
        return event.instance.entity.kind == "django"
    return event.statement is not None and event.statement.library == "django"


def _what(event: Event) -> str:
    """The query in a few words."""
    if isinstance(event, Loaded):
        return f"the query for `{event.instance.entity.name}.{event.relation}`"
    return _asked(event.place.node)


def _asked(node: s.Node) -> str:
    func = node.func if isinstance(node, s.Call) else None
    if isinstance(func, s.Attribute):
        return f"`{func.name}()`"
    return f"`{func.id}()`" if isinstance(func, s.Name) else "a query"


class _Look:
    """What the rule looks at."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._certain = facts.certain

    @cached_property
    def is_allowed(self) -> bool:
        """Does the service tell Django to allow it?"""
        return any(
            isinstance(node, s.Literal) and node.value == _UNSAFE
            for path, module in self._facts.model.modules.items()
            if module.language == "python" and not is_outside(path)
            for node in s.walk(module)
        )

    def crossing(self, event: Ran | Loaded) -> _Crossing | None:
        """The place of the innermost async function that leads to the event without a thread in
        between."""
        place = event.place
        function: FunctionInfo = place.function
        if _is_async(function):
            asks = isinstance(event, Loaded) or self._asks(place)
            return _Crossing(function, place.node, event) if asks else None
        if not any(_is_async(caller) for _, caller in place.calls):
            return None
        for node, caller in reversed(place.calls):
            if not self._is_plain(node, function):
                return None
            if _is_async(caller):
                return _Crossing(caller, node, event)
            function = caller
        return None

    def _asks(self, place: Place) -> bool:
        """The expression of an async function asks the database there and then."""
        node = place.node
        if isinstance(node, s.Call):
            if isinstance(node.func, s.Attribute):
                return node.func.name in _METHODS
            return isinstance(node.func, s.Name) and node.func.id in _METHODS | _TAKING
        if isinstance(node, s.For):
            return not node.is_async
        for other in _own(place.function):
            if isinstance(other, s.For) and other.iter is node:
                return not other.is_async
            if isinstance(other, s.Comprehension):
                for part in other.generators:
                    if part.iter is node or other is node:
                        return not part.is_async
        return False

    def _is_plain(self, node: s.Node, callee: FunctionInfo) -> bool:
        """The call names the function itself, which runs where it is called."""
        if not isinstance(callee.node, s.Function) or any(
            decorator_name(item) not in _PLAIN_DECORATORS for item in callee.node.decorators
        ):
            return False
        if not isinstance(node, s.Call):
            return isinstance(node, s.Attribute) and node.name == callee.name
        found = self._certain.functions(node)
        if found is not None:
            return callee in found
        if not isinstance(node.func, s.Attribute) or node.func.name != callee.name:
            return False
        return callee.cls is not None and not self._facts.model.fields(callee.cls, callee.name)


def _is_async(function: FunctionInfo) -> bool:
    return isinstance(function.node, s.Function) and function.node.is_async


def _own(function: FunctionInfo) -> Iterable[s.Node]:
    for statement in function.node.body:
        yield from s.walk(statement, into_functions=False)
