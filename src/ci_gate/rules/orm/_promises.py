"""JavaScript: promises of queries that are used as if they were the results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.mongoose.queries import METHODS as MONGOOSE
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.queries import WRITES
from ci_gate.codemodel.surroundings import Surroundings
from ci_gate.codemodel.values import ExternalValue, FunctionValue
from ci_gate.data import dataclass
from ci_gate.findings import Related
from ci_gate.regex import regex
from ci_gate.rules._bodies import body_reads
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts
from ci_gate.rules.orm._each import not_waited_for
from ci_gate.rules.orm._pool_transactions import is_written_write
from ci_gate.rules.orm._unrun import builder_methods, is_promise

#: What a promise has itself; bluebird's (Sequelize 5 and before) are among them.
_OWN: Final = frozenset({
    "then", "catch", "finally", "constructor", "spread", "tap", "map", "each", "get", "return",
    "reduce", "filter", "timeout", "bind", "props", "all", "asCallback", "nodeify", "isPending",
    "cancel", "delay", "reflect", "mapSeries", "call", "error", "done", "thenReturn", "toString",
})  # fmt: skip
#: Methods of bluebird's promises whose names may be those of columns too.
_OF_BLUEBIRD: Final = frozenset({
    "value", "reason", "isFulfilled", "isRejected", "isCancelled", "isResolved", "any", "some",
    "race", "tapCatch", "catchReturn", "catchThrow", "thenThrow", "disposer", "caught", "lastly",
    "suppressUnhandledRejections", "fail", "progress", "hasOwnProperty", "valueOf",
})  # fmt: skip
#: What promises have by the language; those of async functions have nothing else.
_NATIVE: Final = frozenset({"then", "catch", "finally", "constructor", "toString", "valueOf"})
#: Functions of libraries that give a promise, where they get no callback.
_LIBRARY: Final = regex(
    r"^(?:bcrypt|bcryptjs|argon2|@node-rs/(?:bcrypt|argon2))\.(?:default\.)?(?:compare|hash|verify)$"
)
_MAX_WITHOUT_CALLBACK: Final = 2
_COMPARING: Final = frozenset({"==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "in"})
_SENDING: Final = frozenset({"json", "send"})
#: What instances of Sequelize are stored, changed, removed and loaded again with.
_OF_ROWS: Final = frozenset({
    "save", "update", "destroy", "restore", "increment", "decrement", "reload",
})  # fmt: skip
#: What associations give them for that: ``setTags``, ``addTag``.
_OF_ASSOCIATIONS: Final = ("set", "add", "create", "remove")
#: What rows have, and no query: also where plugins give queries methods of their own.
_OF_INSTANCES: Final = frozenset({"save", "destroy", "toObject", "toJSON", "reload"})
#: Libraries that wait for promises among the parts of what they are given.
_WAITING: Final = ("graphql", "@apollo/", "apollo-", "@graphql", "type-graphql", "mercurius",
                   "@remix-run/", "@sveltejs/", "next", "nuxt")  # fmt: skip
_MAX_DEPTH: Final = 8
_MAX_WRITER: Final = 4
_MAX_HANDED: Final = 3
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class _Misuse:
    how: str
    why: str
    node: s.Node
    always: bool = False


class Promises:
    def __init__(self, facts: Facts) -> None:
        self._model: CodeModel = facts.model
        self._facts = facts
        self._queries = facts.entities.sequelize.queries
        self._prisma = facts.entities.prisma
        self._typeorm = facts.entities.typeorm
        self._relations = {
            item.name
            for schema in self._prisma.schemas.all
            for model in schema.models.values()
            for item in model.relations()
        }
        self._surroundings: Surroundings = facts.entities.sequelize.origins.surroundings
        self._makes: dict[FunctionInfo, bool] = {}
        self._handed_on = 0  # functions deep
        self._reaches: dict[FunctionInfo, bool] = {}
        self._bodies = body_reads(facts)
        self._named: dict[FunctionInfo, defaultdict[str, list[s.Name]]] = {}
        self._builders = facts.builders
        self._mongoose = facts.entities.mongoose
        self._methods = builder_methods(facts.builders.libraries)
        if self._mongoose.all:
            self._methods |= MONGOOSE
        self._querying = {
            *(item.scope.function for item in self._queries.all),
            *(item.scope.function for item in self._prisma.all),
            *(item.scope.function for item in self._typeorm.queries.all if not item.makes),
            *(item.scope.function for item in self._mongoose.all),
            *(item.function for item in self._typeorm.builders.all if item.ends),
        } | {
            access.function
            for accesses in facts.access.by_module().values()
            for access in accesses
            if access.runs and access.function.module.language != "python"
        }

        self._writes = {
            access.node: access
            for accesses in facts.access.by_module().values()
            for access in accesses
            if access.kind == "write" and access.library in ("sequelize", "typeorm")
        }
        self._writing = {
            access.function
            for accesses in facts.access.by_module().values()
            for access in accesses
            if access.function.module.language != "python"
            and (access.kind == "write" or (access.runs and is_written_write(access.node)))
        } | {item.scope.function for item in self._queries.all if item.method in WRITES}
        self._runs = {
            access.node
            for accesses in facts.access.by_module().values()
            for access in accesses
            if access.runs
        }

    def misused(self) -> Iterator[Defect]:
        if not self._querying and not self._bodies:
            return
        for function in self._model.functions.values():
            if function.module.language == "python" or is_outside(function.module.path):
                continue
            for call in self._model.calls_in(function):
                each = not_waited_for(function, call, self._surroundings, self._queries_data)
                if each is not None:
                    yield each
                dropped = self._dropped_write(function, call)
                if dropped is not None:
                    yield dropped
                    continue
                callee = self._maker(call)
                if callee is None:
                    continue
                misuse = self._misuse(function, call, callee)
                if misuse is not None:
                    yield _defect(function, call, callee, misuse)

    def _dropped_write(self, function: FunctionInfo, call: s.Call) -> Defect | None:
        """A write of Sequelize or TypeORM in an async function, whose promise nobody takes, or a
        call of a function of the tree that writes."""
        node = function.node
        if not isinstance(node, s.Function) or not node.is_async:
            return None
        query = self._queries.of_call.get(call)
        writes = query is not None and query.method in WRITES
        around = next(iter(self._surroundings.of(function.module.path, call)), None)
        if around is None or not isinstance(around.node, s.ExprStmt):
            return None
        writes = writes or call in self._writes or self._writes_row(call)
        callee = None if writes else self._writer(function, call)
        if not writes and callee is None:
            return None
        name = f"{query.model.name}.{query.method}" if query is not None else _written(call.func)
        if isinstance(call.func, s.Attribute) and call.func.name == "reload":
            return _defect(function, call, name, _Misuse(
                "nothing waits for the row", "The row is read as it was before: what the reload is "
                "to bring, an association for one, is undefined.", call,
            ))  # fmt: skip
        return _defect(function, call, callee or name, _Misuse(
            "nothing waits for the write", "The request is answered before the row is written. "
            "What reads it next does not see it, and a write that fails is a rejection that nobody "
            "handles: Node ends the process.", call,
        ))  # fmt: skip

    def _writer(self, function: FunctionInfo, call: s.Call) -> FunctionInfo | None:
        """The async function that does the one write that a request is there for. Notes that are
        written besides are often meant to be waited for by nobody."""
        if call.new or function not in self._changing:
            return None
        callee = self._maker(call)
        if not isinstance(callee, FunctionInfo) or not self._tells_of_write(callee, 0):
            return None
        others = (edge.callee for edge in self._model.callees(function) if edge.node is not call)
        if function in self._writing or any(
            not self._writing.isdisjoint(self._model.reachable([other])) for other in others
        ):
            return None
        return callee

    @cached_property
    def _changing(self) -> frozenset[FunctionInfo]:
        """What runs in requests that change something and in no others."""
        changing: list[FunctionInfo] = []
        reading: list[FunctionInfo] = []
        for route in self._model.routes:
            (changing if route.method in _CHANGING else reading).extend(route.handlers)
        return frozenset(self._model.reachable(changing)) - frozenset(
            self._model.reachable(reading)
        )

    def _tells_of_write(self, function: FunctionInfo, depth: int) -> bool:
        node = function.node
        if depth == _MAX_WRITER or not isinstance(node, s.Function) or not node.is_async:
            return False
        if any(_swallows(item) for item in s.walk(node, into_functions=False)):
            return False
        return (
            function in self._writing
            or _hands_writes_on(node)
            or any(
                edge.callee is not function and self._tells_of_write(edge.callee, depth + 1)
                for edge in self._model.callees(function)
            )
        )

    def _writes_row(self, call: s.Call) -> bool:
        """Is it ``row.save()``, ``row.setTags(…)`` or the like of a row that a query of Sequelize
        gave?"""
        func = call.func
        if not isinstance(func, s.Attribute):
            return False
        if func.name not in _OF_ROWS and not func.name.startswith(_OF_ASSOCIATIONS):
            return False
        models = self._queries.models
        rows = models.rows.of(func.value, self._model.scope_of(call))
        return bool(rows) and all(
            item.what == "rows"
            and not item.many
            and (
                func.name in _OF_ROWS
                or any(func.name in one.accessors() for one in item.query.model.associations)
            )
            for item, _ in rows
        )

    def _queries_data(self, call: s.Call) -> bool:
        maker = self._maker(call)
        if isinstance(maker, FunctionInfo):
            return self._reaches_data(maker)
        return (maker is not None and not self._of_library(call)) or self._runs_query(call)

    def _of_library(self, call: s.Call) -> bool:
        """Is it a function of another library that gives a promise, as it is called?"""
        if call in self._bodies:
            return True
        values = self._model.evaluate(call.func)
        return (
            bool(values)
            and len(call.args) <= _MAX_WITHOUT_CALLBACK
            and all(isinstance(v, ExternalValue) and _LIBRARY.match(v.path) for v in values)
        )

    def _runs_query(self, call: s.Call) -> bool:
        """Is it a query of another library, or a row's own (``row.save()``)?"""
        return call in self._runs

    # --- what gives a promise ---

    def _maker(self, call: s.Call) -> FunctionInfo | str | None:
        """The function of the tree that gives a promise (one that is not async: of stored data),
        or the name of a query."""
        query = self._queries.of_call.get(call)
        if query is not None:
            return f"{query.model.name}.{query.method}" if query.method != "build" else None
        if call in self._prisma.of_call:
            return self._prisma.of_call[call].label
        asked = self._mongoose.of_call.get(call)
        if asked is not None:
            return None if asked.with_callback else asked.label
        typeorm = self._typeorm.promised(call)
        if typeorm is not None:
            return typeorm
        statement = self._builders.of_call(call)
        if statement is not None:
            return statement.short() if is_promise(statement) else None
        if call.new:
            return None
        if call in self._bodies:
            return _written(call.func)
        values = self._model.evaluate(call.func)
        if len(values) != 1:
            return None
        value = next(iter(values))
        if isinstance(value, ExternalValue) and self._of_library(call):
            return _written(call.func)
        if not isinstance(value, FunctionValue) or value.function.module.language == "python":
            return None
        function = value.function
        if self._gives(function, 0) and (
            _is_async(function)
            or self._reaches_data(function)
            or all(
                isinstance(item, s.Call) and self._of_library(item)
                for item in self._model.returned(function)
            )
        ):
            return function
        return None

    def _gives(self, function: FunctionInfo, depth: int) -> bool:
        """Does a call of the function surely give a promise?"""
        known = self._makes.get(function)
        if known is not None:
            return known
        node = function.node
        if not isinstance(node, s.Function) or node.is_generator or node.bodiless:
            return False
        if node.kind in ("getter", "setter", "constructor"):
            return False
        if node.is_async:
            self._makes[function] = True
            return True
        self._makes[function] = False
        returned = self._model.returned(function)
        made = depth < _MAX_DEPTH and bool(returned) and all(
            self._is_promise(item, depth) for item in returned
        )  # fmt: skip
        self._makes[function] = made and _always_returns(node.body)
        return self._makes[function]

    def _is_promise(self, expr: s.Expr, depth: int) -> bool:
        if not isinstance(expr, s.Call):
            return False
        if self._of_library(expr):
            return True
        if expr in self._queries.of_call:
            return self._queries.of_call[expr].method != "build"
        if expr in self._prisma.of_call or self._typeorm.promised(expr) is not None:
            return True
        statement = self._builders.of_call(expr)
        if statement is not None:
            return is_promise(statement)
        values = self._model.evaluate(expr.func)
        return bool(values) and all(
            isinstance(item, FunctionValue) and self._gives(item.function, depth + 1)
            for item in values
        )

    def _reaches_data(self, function: FunctionInfo) -> bool:
        known = self._reaches.get(function)
        if known is None:
            reached = self._model.reachable([function])
            known = self._reaches[function] = not self._querying.isdisjoint(reached)
        return known

    # --- what is done with it ---

    def _misuse(
        self, function: FunctionInfo, call: s.Call, callee: FunctionInfo | str
    ) -> _Misuse | None:
        native = _is_async(callee) or self._of_library(call)
        outer = self._whole(function.module.path, call)
        direct = self._use(function.module.path, outer, native=native)
        if direct is not None:
            fluent = self._is_fluent(function.module.path, direct)
            return None if fluent and self._is_lazy(call, callee, 0) else direct
        around = next(iter(self._surroundings.of(function.module.path, outer)), None)
        if around is None or not isinstance(around.node, s.Assign) or around.branch != "value":
            return None
        statement = around.node
        target = statement.targets[0]
        if isinstance(target, s.Mapping | s.Sequence):
            return _Misuse("is taken apart", "The names are all undefined, or taking it apart as a "
                           "list raises TypeError.", target)  # fmt: skip
        if not isinstance(target, s.Name) or not statement.declaration:
            return None
        lazy = not native and self._is_lazy(call, callee, 0)
        return self._kept(function, target, statement, lazy=lazy, native=native)

    def _whole(self, path: str, expr: s.Expr) -> s.Expr:
        """The conditional expression that is the promise on one of its ways."""
        for enclosing in self._surroundings.of(path, expr):
            node = enclosing.node
            if not (isinstance(node, s.Conditional) and enclosing.branch in ("body", "orelse")):
                break
            expr = node
        return expr

    def _kept(
        self,
        function: FunctionInfo,
        target: s.Name,
        statement: s.Assign,
        *,
        lazy: bool,
        native: bool,
    ) -> _Misuse | None:
        """How a variable that holds the promise is misused, if it is never awaited.

        What fails on any promise is wrong wherever the promise goes afterwards; what is only
        pointless (a test, a text) is where nothing else becomes of it.
        """
        path = function.module.path
        wrong: list[_Misuse] = []
        failing: list[_Misuse] = []
        handed_on = False
        for node in self._names(function).get(target.id, ()):
            if node is target:
                continue
            bindings = self._model.bindings(target.id, self._model.scope_of(node))
            if all(item.node is not statement.value for item in bindings):
                continue  # another variable of that name, a parameter for one
            if len(bindings) != 1 or self._is_waited_for(path, node, native=native):
                return None
            use = self._use(path, node, native=native)
            if use is None or (lazy and self._is_fluent(path, use)):
                handed_on = True
                continue
            wrong.append(use)
            if self._fails(path, use, lazy=lazy):
                failing.append(use)
        if failing:
            return failing[0]
        return None if handed_on or not wrong else wrong[0]

    def _is_waited_for(self, path: str, node: s.Expr, *, native: bool) -> bool:
        """Does the code know that it has a promise there?"""
        enclosing = next(iter(self._surroundings.of(path, node)), None)
        if enclosing is None:
            return False
        around = enclosing.node
        return isinstance(around, s.Await) or (
            isinstance(around, s.Attribute) and around.name in (_NATIVE if native else _OWN)
        )

    def _fails(self, path: str, misuse: _Misuse, *, lazy: bool) -> bool:
        """Is it a mistake with any promise, whatever becomes of the promise later?

        ``lazy``: it is a query that may have more methods than are known.
        """
        if not isinstance(misuse.node, s.Attribute):
            return misuse.always
        around = next(iter(self._surroundings.of(path, misuse.node)), None)
        if around is None:
            return False
        if isinstance(around.node, s.Assign) and around.branch == "targets":
            return not isinstance(around.node.value, s.FunctionExpr)
        if isinstance(around.node, s.Call) and around.branch == "func":
            name = misuse.node.name
            return name in _OF_INSTANCES or not (lazy or name in _OF_BLUEBIRD)
        return True

    def _is_fluent(self, path: str, misuse: _Misuse) -> bool:
        """Does it go on to a relation's rows, as Prisma's queries of one row let one do?"""
        node = misuse.node
        if not isinstance(node, s.Attribute) or node.name not in self._relations:
            return False
        around = next(iter(self._surroundings.of(path, node)), None)
        return around is not None and isinstance(around.node, s.Call) and around.branch == "func"

    def _is_lazy(self, call: s.Call, callee: FunctionInfo | str, depth: int) -> bool:
        """Is it a query of a library whose queries can be given methods of one's own?"""
        if isinstance(callee, str):
            return call not in self._queries.of_call and self._typeorm.promised(call) is None
        node = callee.node
        if depth == _MAX_DEPTH or (isinstance(node, s.Function) and node.is_async):
            return depth == _MAX_DEPTH
        for given in self._model.returned(callee):
            inner = self._maker(given) if isinstance(given, s.Call) else None
            if not isinstance(given, s.Call) or inner is None:
                continue
            if self._is_lazy(given, inner, depth + 1):
                return True
        return False

    def _names(self, function: FunctionInfo) -> Mapping[str, Sequence[s.Name]]:
        """Where each name stands in a function and those in it."""
        found = self._named.get(function)
        if found is None:
            found = self._named[function] = defaultdict(list)
            for node in s.walk(function.node):
                if isinstance(node, s.Name):
                    found[node.id].append(node)
        return found

    def _use(self, path: str, expr: s.Expr, *, native: bool = False) -> _Misuse | None:
        """What is wrong with the use of a promise, if it is certain. ``native``: it is of the
        language's own kind."""
        enclosing = next(iter(self._surroundings.of(path, expr)), None)
        if enclosing is None:
            return None
        node, branch = enclosing.node, enclosing.branch
        tested = "A promise is always true: the same branch is taken whatever the data say."
        match node:
            case s.Attribute(name=name) if name not in (
                _NATIVE if native else _OWN | self._methods
            ):
                why = f"A promise has no `{name}`: it is undefined, or calling it is a TypeError."
                return _Misuse(f"`{name}` is read from the promise", why, node)
            case s.Attribute(name="get") if self._takes_options(path, node):
                why = "A promise has no `get` that takes options: it is a TypeError."
                return _Misuse("`get` is called on the promise", why, node, always=True)
            case s.Subscript() if branch == "value":
                return _Misuse("an item is taken from the promise", "A promise has no items: it is "
                               "undefined.", node, always=True)  # fmt: skip
            case s.If() | s.Conditional() | s.While() if branch == "test":
                return _Misuse("the promise is tested", tested, node)
            case s.Unary(op="not"):
                return _Misuse("the promise is tested", tested, node)
            case s.Binary(op="and" | "or" | "??") if branch == "left":
                return _Misuse("the promise is tested", tested, node)
            case s.Binary(op=op) if op in _COMPARING and not _with_promise(node, expr):
                return _Misuse("the promise is an operand", "A promise equals nothing else and is "
                               "no number: the result is always the same.", node)  # fmt: skip
            case s.Argument(star="", value=value) if value is expr:
                return self._handed(path, node)
            case s.Template(tag=None):
                return _Misuse("the promise is put into a text", "The text reads "
                               "'[object Promise]'.", node)  # fmt: skip
            case s.Starred() | s.Argument(star="*" | "**"):
                return _Misuse("the promise is spread", "Spread into an object it gives nothing, "
                               "into a list it raises TypeError.", node, always=True)  # fmt: skip
            case s.Entry(key=None):
                return _Misuse("the promise is spread", "Spread into an object it gives nothing, "
                               "into a list it raises TypeError.", node, always=True)  # fmt: skip
            case s.For(is_async=False) if branch == "iter":
                return _Misuse("the loop goes over the promise", "A promise cannot be iterated: "
                               "TypeError.", node, always=True)  # fmt: skip
            case s.Entry(key=key) if key is not None and branch == "value":
                if self._is_sent(path, node):
                    return _Misuse("the promise is put into the answer", "It is written as {}.",
                                   node)  # fmt: skip
                if self._is_returned(path, node):
                    return _Misuse("the promise is put into what is returned", "Nothing waits for "
                                   f"`{_text(key)}` further on: the answer has {{}} in its place, "
                                   "and a test of it is always true.", node)  # fmt: skip
        return None

    def _takes_options(self, path: str, read: s.Attribute) -> bool:
        """Is it ``row.get({ plain: true })``? Bluebird's ``get`` takes a name."""
        around = next(iter(self._surroundings.of(path, read)), None)
        call = around.node if around is not None and around.branch == "func" else None
        return isinstance(call, s.Call) and isinstance(call.argument(0), s.Mapping)

    def _handed(self, path: str, argument: s.Argument) -> _Misuse | None:
        """It is given to a function of the tree that reads a property of it, or puts it into an
        answer."""
        around = next(iter(self._surroundings.of(path, argument)), None)
        call = around.node if around is not None else None
        if not isinstance(call, s.Call) or any(item.star for item in call.args):
            return None
        values = self._model.evaluate(call.func)
        value = next(iter(values)) if len(values) == 1 else None
        if not isinstance(value, FunctionValue) or not isinstance(value.function.node, s.Function):
            return None
        function, place = value.function, call.args.index(argument)
        params = value.function.node.params
        if place >= len(params) or params[place].kind != "positional" or not params[place].name:
            return None
        name = self._property_of(function, params[place].name)
        shown = function.name or "a function"
        if name is None:
            inner = self._only_misused(function, params[place].name)
            if inner is None and self._is_answer(path, call):
                wrapped = self._wrapped(function, params[place].name)
                if wrapped:
                    return _Misuse(f"{shown}() puts it into the answer", "It is written as {}.",
                                   call, always=True)  # fmt: skip
            if inner is None:
                return None
            return _Misuse(f"{shown}() gets the promise, and there {inner.how}", inner.why, call)
        return _Misuse(f"{shown}() gets the promise and reads `{name}` of it",
                       f"A promise has no `{name}`: it is undefined.", call,
                       always=True)  # fmt: skip

    def _only_misused(self, function: FunctionInfo, param: str) -> _Misuse | None:
        """How the function misuses the parameter, where it does nothing else with it."""
        if self._handed_on >= _MAX_HANDED:
            return None
        path = function.module.path
        first: _Misuse | None = None
        self._handed_on += 1
        try:
            for node in self._names(function).get(param, ()):
                use = self._use(path, node)
                if use is None:
                    return None
                first = first or use
        finally:
            self._handed_on -= 1
        return first

    def _is_answer(self, path: str, call: s.Call) -> bool:
        """Is what the call gives the answer?"""
        for enclosing in self._surroundings.of(path, call):
            node = enclosing.node
            if not isinstance(node, s.Argument):
                return self._answers(node)
        return False

    def _answers(self, node: s.Node) -> bool:
        """``res.json(…)``, Koa's ``ctx.body = …``, and what a handler of Fastify returns."""
        match node:
            case s.Call(func=s.Attribute(name=name)):
                return name in _SENDING
            case s.Assign(targets=[s.Attribute(value=s.Name(id=owner), name="body")]):
                return owner in ("ctx", "context")
            case s.Return():
                return self._model.scope_of(node).function in self._returning
        return False

    @cached_property
    def _returning(self) -> frozenset[FunctionInfo]:
        return frozenset(
            route.handlers[0]
            for route in self._model.routes
            if route.framework == "fastify" and route.handlers
        )

    def _wrapped(self, function: FunctionInfo, param: str) -> bool:
        """Does the function do nothing with the parameter but put it into the object that it
        returns?"""
        path = function.module.path
        names = self._names(function).get(param, ())
        for node in names:
            around = [item.node for item in self._surroundings.of(path, node)]
            inside = [item for item in around if not isinstance(item, s.Entry | s.Mapping)]
            if not isinstance(around[0] if around else None, s.Entry):
                return False
            if not inside or not isinstance(inside[0], s.Return):
                return False
        return bool(names)

    def _property_of(self, function: FunctionInfo, param: str) -> str | None:
        """A property that the function reads of its parameter, which it takes as it comes."""
        path = function.module.path
        found: str | None = None
        for node in self._names(function).get(param, ()):
            enclosing = next(iter(self._surroundings.of(path, node)), None)
            around = enclosing.node if enclosing is not None else None
            if isinstance(around, s.Attribute) and around.name not in _OWN | _OF_BLUEBIRD:
                outer = next(iter(self._surroundings.of(path, around)), None)
                called = outer is not None and isinstance(outer.node, s.Call)
                stored = outer is not None and outer.branch in ("targets", "target")
                if not (called and outer is not None and outer.branch == "func") and not stored:
                    found = found or around.name
                continue
            if isinstance(around, s.Attribute | s.Await | s.Binary | s.Unary | s.Assign):
                return None
        return found

    def _is_sent(self, path: str, entry: s.Entry) -> bool:
        """Is the object literal with that entry the answer, or part of it?"""
        seen = 0
        for enclosing in self._surroundings.of(path, entry):
            node = enclosing.node
            if isinstance(node, s.Mapping | s.Entry | s.Argument):
                seen += 1
                continue
            return seen > 0 and self._answers(node)
        return False

    def _is_returned(self, path: str, entry: s.Entry) -> bool:
        """Is the entry part of what a function returns on the way to an answer, and waited for
        nowhere under its name?"""
        name = _text(entry.key)
        if not name or name in self._waited_names:
            return False
        for enclosing in self._surroundings.of(path, entry):
            node = enclosing.node
            if isinstance(node, s.Mapping | s.Entry):
                continue
            function = self._model.scope_of(entry).function
            return isinstance(node, s.Return) and function in self._answering
        return False

    @cached_property
    def _answering(self) -> frozenset[FunctionInfo]:
        """What requests run, where no library waits for the parts of an answer."""
        if any((edge.package or "").startswith(_WAITING) for edge in self._model.import_edges):
            return frozenset()
        handlers = [handler for route in self._model.routes for handler in route.handlers]
        return frozenset(self._model.reachable(handlers))

    @cached_property
    def _waited_names(self) -> frozenset[str]:
        """Names that stand in something that is awaited, or in a chain of promises."""
        found: list[str] = []
        for module in self._model.modules.values():
            if module.language == "python":
                continue
            for node in s.walk(module):
                match node:
                    case s.Await(value=value):
                        found += _names_in(value)
                    case s.Attribute(value=value, name="then" | "catch" | "finally"):
                        found += _names_in(value)
                    case s.Call(func=s.Attribute(value=s.Name(id="Promise")), args=args):
                        for item in args:
                            found += _names_in(item.value)
        return frozenset(found)


def _names_in(expr: s.Expr) -> Iterator[str]:
    """All names and members in an expression."""
    for node in s.walk(expr, into_functions=False):
        if isinstance(node, s.Name):
            yield node.id
        elif isinstance(node, s.Attribute):
            yield node.name


def _text(key: s.Expr | None) -> str:
    return key.value if isinstance(key, s.Literal) and isinstance(key.value, str) else ""


def _is_async(callee: FunctionInfo | str) -> bool:
    if isinstance(callee, str):
        return False
    node = callee.node
    return isinstance(node, s.Function) and node.is_async and not node.is_generator


def _with_promise(node: s.Binary, expr: s.Expr) -> bool:
    """Promises may be compared with each other, and with nothing."""
    other = node.right if node.left is expr else node.left
    return node.op in ("==", "!=") and not isinstance(other, s.Literal | s.Template)


def _always_returns(body: list[s.Stmt]) -> bool:
    """Does control never fall off the end?"""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, s.Return | s.Raise):
        return True
    if isinstance(last, s.If):
        return _always_returns(last.body) and _always_returns(last.orelse)
    return False


def _written(func: s.Expr) -> str:
    """``row.save`` as it is written, or its last name where more than names is in it."""
    return s.dotted(func) or (func.name if isinstance(func, s.Attribute) else "")


def _hands_writes_on(node: s.Function) -> bool:
    """Does it write in a function that it hands to another, as the work of a transaction?"""
    return any(isinstance(part, s.Call) and is_written_write(part) for part in s.walk(node))


def _swallows(node: s.Node) -> bool:
    """Does it keep errors to itself: a handler that does not raise, ``.catch(…)``?"""
    if isinstance(node, s.Call):
        return getattr(node.func, "name", "") == "catch"
    return isinstance(node, s.Try) and any(
        not any(isinstance(part, s.Raise) for statement in item.body for part in s.walk(statement))
        for item in node.handlers
    )


def _defect(
    function: FunctionInfo, call: s.Call, callee: FunctionInfo | str, misuse: _Misuse
) -> Defect:
    path = function.module.path
    if isinstance(callee, str):
        name, related = callee, []
    else:
        name = f"{callee.cls.name}.{callee.name}" if callee.cls is not None else callee.name
        place = callee.module.path, callee.node.line
        related = [Related(*place, f"{name} gives a promise")]
    if misuse.node.line != call.line:
        related.append(Related(path, misuse.node.line, "and is used here"))
    node = function.node
    fix = "Put `await` before the call."
    if isinstance(node, s.Function) and not node.is_async:
        fix = f"Make {function.name or 'the function'} `async` and put `await` before the call."
    return Defect(
        path,
        spot(call),
        f"{name}() is not awaited; {misuse.how}.",
        misuse.why,
        fix,
        f"{name} in {function.name}",
        tuple(related),
    )
