from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._blocking import Blocking, Stop, display

_FRAMEWORKS = ("fastapi", "starlette", "aiohttp")
_SHOWN = 3


class SyncIoInAsync(Rule):
    """An async handler makes a blocking call on the event loop.

    A handler of FastAPI, Starlette or aiohttp, an async dependency, or an async function that it
    awaits, waits for a database, another server or a clock with a call that is not asynchronous:
    a SQLAlchemy `Session`, `sqlite3`, `psycopg2`, `requests`, `time.sleep` and their like, itself
    or by a plain function that it calls.

    ## Why is this bad?
    The event loop stands still until the call returns: every other request of this process waits as
    long. With a few users at once the service is as slow as all of its calls together, and health
    checks time out.

    ## Fix
    FastAPI runs a plain `def` in a thread: take the `async` away where nothing is awaited. Else
    await an asynchronous client or session, or hand the call to `run_in_threadpool` or
    `asyncio.to_thread`.

    ## Silent on
    Plain `def` handlers; functions that are handed to a thread, an executor, a task queue or
    `run_sync`; decorated functions, whose decorator may move them; what runs when the service
    starts and stops; calls whose receiver is not known; calls that are awaited or entered by
    `async with`, whatever the annotation of their receiver says.

    ## Source
    FastAPI, "Concurrency and async / await" (fastapi.tiangolo.com/async/); aiohttp, "Advanced
    server usage" (docs.aiohttp.org/en/stable/web_advanced.html).
    """

    id = "fastapi/sync-io-in-async"
    group = "framework"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        blocking = Blocking(facts)
        seen: set[FunctionInfo] = set()
        for route in facts.model.routes:
            if route.framework not in _FRAMEWORKS:
                continue
            for handler in route.handlers:
                for function in self._on_the_loop(facts, handler, seen):
                    stops = blocking.stops(function)
                    if stops:
                        yield self._finding(function, handler, route.framework, stops)

    def _on_the_loop(
        self, facts: Facts, handler: FunctionInfo, seen: set[FunctionInfo]
    ) -> Iterator[FunctionInfo]:
        """The handler and the async functions that it calls, each once in the whole program."""
        waiting = [handler]
        while waiting:
            function = waiting.pop()
            node = function.node
            if function in seen or not isinstance(node, s.Function) or not node.is_async:
                continue
            seen.add(function)
            if is_outside(function.module.path):
                continue
            yield function
            waiting += [
                edge.callee for edge in facts.model.callees(function) if edge.reason == "call"
            ]

    def _finding(
        self, function: FunctionInfo, handler: FunctionInfo, framework: str, stops: list[Stop]
    ) -> Finding:
        first = stops[0]
        related = [Related(path, line, f"{what} waits here") for path, line, what in first.way]
        related += [
            Related(function.module.path, stop.node.line, f"{display(stop.node)} as well")
            for stop in stops[1:_SHOWN]
        ]
        if handler is not function:
            related.append(
                Related(handler.module.path, handler.node.line, f"{handler.name} comes to it")
            )
        by = f"{display(first.node)} comes to " if first.way else ""
        awaits = any(isinstance(item, s.Await) for item in s.walk(function.node))
        plain = (
            f"Make {function.name} a plain `def`: FastAPI then runs it in a thread."
            if framework == "fastapi" and handler is function and not awaits
            else f"{first.kind.instead}, or hand the call to a thread (`asyncio.to_thread`)."
        )
        return self.finding(
            function.module.path,
            first.node,
            message=(
                f"The async function {function.name} {first.kind.what} on the event loop: "
                f"{by}`{first.call}`."
            ),
            why=(
                "The event loop stands still until the call returns: every other request of this "
                "process waits as long."
            ),
            fix=plain,
            subject=f"{function.name} {first.kind.what}",
            related=related,
        )
