"""Calls that hold up the thread they run in."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.values import ExternalValue, FunctionValue, InstanceValue
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.base import Facts


@dataclass(frozen=True, slots=True)
class Kind:
    """``what`` a caller does with such a call, and what to do ``instead``."""

    what: str
    instead: str


_DATABASE: Final = Kind("waits for the database", "Use the driver's or ORM's asynchronous session")
_HTTP: Final = Kind("waits for another server", "Await an asynchronous client (httpx.AsyncClient)")
_SLEEP: Final = Kind("sleeps", "Await asyncio.sleep")
_PROCESS: Final = Kind("waits for a process", "Await asyncio.create_subprocess_exec")
_MAIL: Final = Kind("waits for the mail server", "Use an asynchronous mail client")

_VERBS: Final = r"(?:get|post|put|patch|delete|head|options|request)"
_RUNS: Final = r"(?:execute|executemany|scalars?|get|get_one|exec|refresh|commit|flush)"
_TABLE: Final = tuple(
    (regex(pattern), kind)
    for pattern, kind in (
        (r"^time\.sleep$", _SLEEP),
        (rf"^requests\.(?:api\.)?{_VERBS}$", _HTTP),
        (rf"^requests\.(?:sessions\.)?[sS]ession\(\)\.{_VERBS}$", _HTTP),
        (rf"^httpx\.(?:{_VERBS}|stream|Client\(\)\.(?:{_VERBS}|send))$", _HTTP),
        (r"^urllib\.request\.(?:urlopen|urlretrieve)$", _HTTP),
        (rf"^sqlalchemy\.orm\.(?:session\.)?Session\(\)\.{_RUNS}$", _DATABASE),
        (rf"^sqlmodel\.(?:\w+\.)*Session\(\)\.{_RUNS}$", _DATABASE),
        (r"^sqlalchemy\.(?:engine\.)?Connection\(\)\.(?:execute|scalars?|exec_driver_sql|commit)$",
         _DATABASE),
        (r"^sqlalchemy\.(?:engine\.)?Engine\(\)\.(?:connect|begin)$", _DATABASE),
        (r"^(?:sqlite3|psycopg2?|pymysql|MySQLdb|mysql\.connector|oracledb|pyodbc)(?:\.dbapi2)?"
         r"\.connect$", _DATABASE),
        (r"^(?:sqlite3|psycopg2?|pymysql)\.(?:Connection|Cursor)\(\)"
         r"\.(?:execute|executemany|executescript|commit|fetch(?:one|all|many))$", _DATABASE),
        (r"^psycopg2?(?:\.\w+)*\.Connection\.connect$", _DATABASE),
        (r"^subprocess\.(?:run|call|check_call|check_output)$|^os\.system$", _PROCESS),
        (r"^smtplib\.SMTP(?:_SSL)?$", _MAIL),
    )
)  # fmt: skip
#: What a query object does when it asks the database.
_QUERY: Final = regex(r"^sqlalchemy\.orm\.(?:\w+\.)*(?:Session\(\)\.query\(\)|Query\(\))\.")
_ASKS: Final = frozenset({
    "all", "first", "one", "one_or_none", "scalar", "count", "get", "update", "delete", "exists",
})  # fmt: skip
#: Decorators that leave a function where it is called.
_HARMLESS: Final = frozenset({
    "staticmethod", "classmethod", "property", "cached_property", "lru_cache", "cache", "override",
    "wraps", "contextmanager",
})  # fmt: skip
_MAX_DEPTH: Final = 8
_MOMENT: Final = 0.005


@dataclass(frozen=True, slots=True)
class Stop:
    """A ``node`` (call) of a function that blocks: ``call`` is the blocking one as it is written,
    ``way`` leads to it where it is in other functions."""

    node: s.Call
    kind: Kind
    call: str
    way: tuple[tuple[str, int, str], ...] = ()


class Blocking:
    """Answers for one program."""

    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._known: dict[FunctionInfo, Stop | None] = {}

    def stops(self, function: FunctionInfo) -> list[Stop]:
        """The calls of an async function that hold up the event loop, in the order of lines."""
        awaited = _awaited(function.node)
        found = [
            stop
            for call in self._model.calls_in(function)
            if call not in awaited and (stop := self._stop(function, call, 0)) is not None
        ]
        return sorted(found, key=lambda stop: stop.node.span)

    def _stop(self, function: FunctionInfo, call: s.Call, depth: int) -> Stop | None:
        kind = self._kind(call)
        if kind is _SLEEP and _is_short(call):
            return None
        if kind is not None:
            return Stop(call, kind, display(call))
        called = self._plain_callee(function, call)
        if called is None or depth >= _MAX_DEPTH:
            return None
        inner = self._first(called, depth + 1)
        if inner is None:
            return None
        here = (called.module.path, inner.node.line, called.name)
        return Stop(call, inner.kind, inner.call, (here, *inner.way))

    def _first(self, function: FunctionInfo, depth: int) -> Stop | None:
        """The first call of a plain function that blocks its caller."""
        if function in self._known:
            return self._known[function]
        self._known[function] = None
        for call in self._model.calls_in(function):
            found = self._stop(function, call, depth)
            if found is not None:
                self._known[function] = found
                break
        return self._known[function]

    def _plain_callee(self, function: FunctionInfo, call: s.Call) -> FunctionInfo | None:
        """The one plain function of the program that the call surely runs."""
        callees = {
            edge.callee
            for edge in self._model.callees(function)
            if edge.node is call and edge.reason == "call"
            and not (isinstance(edge.callee.node, s.Function) and edge.callee.node.bodiless)
        }  # fmt: skip
        values = self._model.evaluate(call.func)
        if len(callees) != 1 or not all(isinstance(item, FunctionValue) for item in values):
            return None
        callee = callees.pop()
        node = callee.node
        if not isinstance(node, s.Function) or node.is_async or node.is_generator:
            return None
        return None if any(not _is_harmless(item) for item in node.decorators) else callee

    def _kind(self, call: s.Call) -> Kind | None:
        values = self._model.evaluate(call.func)
        if not values or any(isinstance(item, FunctionValue | InstanceValue) for item in values):
            return None
        kinds = {
            _kind_of(item.path) if isinstance(item, ExternalValue) else None for item in values
        }
        return kinds.pop() if len(kinds) == 1 else None


def _kind_of(path: str) -> Kind | None:
    if _QUERY.match(path) and path.rpartition(".")[2] in _ASKS:
        return _DATABASE
    return next((kind for pattern, kind in _TABLE if pattern.match(path)), None)


def _awaited(node: s.Node) -> frozenset[s.Node]:
    """The calls that are awaited or entered by ``async with``, whatever their owner is said to be:
    many write psycopg's ``Connection`` for its ``AsyncConnection``."""
    found: set[s.Node] = set()
    for part in s.walk(node):
        if isinstance(part, s.Await):
            found.add(part.value)
        elif isinstance(part, s.With) and part.is_async:
            found |= {item.context for item in part.items}
    return frozenset(found)


def _is_short(call: s.Call) -> bool:
    """A moment that no request notices, or none (``time.sleep(0)``)."""
    given = call.argument(0, "secs")
    seconds = given.value if isinstance(given, s.Literal) else None
    return isinstance(seconds, int | float) and seconds <= _MOMENT


def _is_harmless(decorator: s.Expr) -> bool:
    target = decorator.func if isinstance(decorator, s.Call) else decorator
    name = target.name if isinstance(target, s.Attribute) else getattr(target, "id", "")
    return name in _HARMLESS or name == "setter"


def display(call: s.Call) -> str:
    """A call as it is written, without its arguments."""
    return f"{_name(call.func)}()"


def _name(expr: s.Expr) -> str:
    match expr:
        case s.Name(id=name):
            return name
        case s.Attribute(value=value, name=name):
            before = _name(value)
            return f"{before}.{name}" if before else name
        case s.Call(func=func):
            return f"{_name(func)}()"
    return ""
