from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from ci_gate.codemodel.model import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._request_state import Stored, on_globals, on_middleware


class SharedRequestState(Rule):
    """What belongs to one request is kept where all requests see it.

    A middleware puts something of the request (its token, user, path) on `self`, and reads it again
    later on; or what runs before the handlers (a dependency, a `before_request` function) puts it
    into a global name.

    ## Why is this bad?
    A server makes one object of a middleware class, and loads a module once. While one request is
    handled, another one overwrites the value: under load a request is answered for the user of
    another. With one request at a time, as in tests, it works.

    ## Fix
    Keep it in a local name and hand it on as an argument, or put it on the request (`request.user`,
    `request.state`, `flask.g`), or into a `contextvars.ContextVar`.

    ## Silent on
    What is set once (under a condition), in `__init__`, or never read again; `threading.local`
    objects; asynchronous code that awaits nothing between writing and reading.

    ## Source
    Django, "Middleware: __init__ is called only once, when the web server starts"
    (docs.djangoproject.com/en/stable/topics/http/middleware); CWE-488, "Exposure of data element to
    wrong session"; OWASP, "Race conditions".
    """

    id = "framework/shared-request-state"
    group = "framework"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        found: dict[FunctionInfo, list[Stored]] = {}
        for stored in (*on_middleware(facts), *on_globals(facts)):
            found.setdefault(stored.function, []).append(stored)
        for several in found.values():
            yield self._finding(several)

    def _finding(self, several: Sequence[Stored]) -> Finding:
        stored = several[0]
        function = stored.function
        names = " and ".join(item.name for item in several)
        return self.finding(
            function.module.path,
            spot(stored.node),
            message=(
                f"{function.name} keeps what belongs to one request in {names}, which all "
                "requests share."
            ),
            why=(
                f"{stored.once}: a request that runs at the same time overwrites {names} "
                "before that is read, and this one is handled with the other's."
            ),
            fix=(
                f"Use local names instead of {names} and hand them on, or put them on the request."
            ),
            subject=f"{stored.owner} keeps {names}",
            related=[Related(function.module.path, stored.read.line, "it is read here")],
        )
