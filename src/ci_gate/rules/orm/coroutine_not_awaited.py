from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.rules._bodies import body_reads
from ci_gate.rules._defects import has_python
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._registrations import written
from ci_gate.rules.orm._coroutines import Coroutines, Misuse, Parents, Uses, coroutine_names
from ci_gate.rules.orm._lazy_queries import LazyQueries
from ci_gate.rules.orm._misuses import finding_of, misuse_of
from ci_gate.rules.orm._mongoose import never_sent
from ci_gate.rules.orm._parameters import Parameters
from ci_gate.rules.orm._promises import Promises
from ci_gate.rules.orm._reads import service_functions
from ci_gate.rules.orm._sync_transactions import async_work
from ci_gate.rules.orm._unrun import unrun


class CoroutineNotAwaited(Rule):
    """A call of one of the project's own async functions is used as if it were its result.

    The function may stand in another file: repositories and services are followed through the
    objects, factories and containers that hand them out, and through plain functions that hand a
    coroutine on. The body of a request, where the framework reads it asynchronously
    (`request.json()` of aiohttp and FastAPI, `c.req.json()` of Hono). In Node: promises of async
    functions, of bcrypt and argon2, of Sequelize's, Prisma's and TypeORM's queries, of the chains
    of Knex, Kysely and Drizzle, and of functions that lead to stored data, also handed to a
    function that reads a property of them; the one write of a request that nothing waits for;
    `forEach(async …)` whose result is read right after, or whose transaction ends before it; an
    async function as the work of a transaction of better-sqlite3.

    ## Why is this bad?
    Calling an async function makes a coroutine and runs nothing. Dropped, the write never happens;
    tested, it is always true; read, it raises AttributeError. A promise is always true as well, has
    none of the result's properties, and spread into an object gives nothing. A query of Prisma's
    client or of Mongoose, and a chain of a query builder (Kysely: until it executes), is lazy: one
    that is never awaited is never sent.

    ## Fix
    Put `await` before the call; in a plain function make the function `async def` first.

    ## Silent on
    Coroutines that are kept and may be awaited later: handed to any function that is not known to
    want data, put into a list or an attribute, returned to a caller that awaits them. Functions
    behind decorators that are not known, and calls that may also run a function that is not async.
    In Node: writes besides another one, or in requests that read; functions that keep errors to
    themselves.

    ## Source
    Python, "Coroutines and Tasks"; constraint decay, arXiv 2605.06445: a coroutine treated like a
    dict.
    """

    id = "orm/coroutine-not-awaited"
    group = "orm"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for defect in Promises(facts).misused():
            yield defect.finding(self)
        for defect in (
            *LazyQueries(facts.entities.prisma).dropped(),
            *unrun(facts),
            *never_sent(facts.entities.mongoose),
            *async_work(facts),
        ):
            yield defect.finding(self)
        if has_python(facts):
            yield from self._python(facts)

    def _python(self, facts: Facts) -> Iterator[Finding]:
        model = facts.model
        names = coroutine_names(model)
        certain = facts.certain
        coroutines = Coroutines(model, certain)
        parameters = Parameters(model, certain)
        handlers = {route.handlers[0] for route in model.routes if route.handlers}
        for call, function in body_reads(facts).items():
            uses = Uses(model, Parents(function), parameters)
            misuse = misuse_of(model, coroutines, uses, function, call, set())
            if function.module.language == "python" and misuse is not None:
                yield finding_of(self, function, call, misuse, written(call.func))
        if not names:
            return
        for function in service_functions(model):
            if not any(
                s.last_name(call.func) in names and coroutines.made_by(call) is not None
                for call in model.calls_in(function)
            ):
                continue
            parents = Parents(function)
            for call in parents.calls():
                if s.last_name(call.func) not in names:
                    continue
                made = coroutines.made_by(call)
                if made is None:
                    continue
                uses = Uses(model, parents, parameters)
                misuse = misuse_of(model, coroutines, uses, function, call, handlers)
                if misuse is not None:
                    yield self._found(function, call, made, misuse)

    def _found(
        self, function: FunctionInfo, call: s.Call, made: frozenset[FunctionInfo], misuse: Misuse
    ) -> Finding:
        callee = min(made, key=lambda item: item.qualname)
        name = f"{callee.cls.name}.{callee.name}" if callee.cls is not None else callee.name
        place = Related(callee.module.path, callee.node.line, f"{name} gives a coroutine")
        return finding_of(self, function, call, misuse, name, [place])
