"""Flask-SQLAlchemy's `db.session`: is it sure that nothing commits a request's writes?

The session is the request's own: it is thrown away when the request ends, and no code of the
program closes it. So there is no event that ends it; what has to be ruled out is that something
commits which the run of the request does not show: hooks around all requests, settings, calls that
could not be followed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.classes import decorator_name
from ci_gate.codemodel.dataflow.events import Run, Wrote
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue, Value
from ci_gate.regex import regex
from ci_gate.rules.base import Facts

_DB: Final = "flask_sqlalchemy.SQLAlchemy()"
#: What opens another session than `db.session`.
_OPENING: Final = frozenset({
    "Session", "sessionmaker", "scoped_session", "create_session", "create_scoped_session",
    "async_sessionmaker", "AsyncSession",
})  # fmt: skip
#: What has a function run around requests, or upon events.
HOOKS: Final = frozenset({
    "teardown_request", "teardown_appcontext", "after_request", "after_app_request",
    "teardown_app_request", "after_this_request", "call_on_close", "middleware", "listens_for",
    "listen", "connect", "connect_via", "on_response", "before_server_stop",
    "got_request_exception",
})  # fmt: skip
_SETTINGS: Final = regex(r"commit_on_teardown|autocommit", re.IGNORECASE)
#: Options of the session that leave to the program when it commits.
_PLAIN_OPTIONS: Final = frozenset({"autoflush", "expire_on_commit", "future", "twophase"})
_COMMITS: Final = frozenset({"commit", "begin"})
_SPEAKS_OF_IT: Final = regex(
    r"transact|atomic|commit|unit_?of_?work|\buow\b|session_?scope", re.IGNORECASE
)
#: Decorators of what runs outside of requests, or is asked for by a route.
_APART: Final = frozenset({
    "command", "group", "cli", "task", "shared_task", "periodic_task", "scheduled_job", "job",
    "option", "argument", "pass_context", "with_appcontext", "cron", "route", "get", "post", "put",
    "patch", "delete", "expose", "staticmethod", "classmethod", "property", "setter",
    "hybrid_property", "hybrid_method", "login_required", "jwt_required", "wraps", "abstractmethod",
    "cached_property", "override", "before_request", "before_app_request", "before_first_request",
})  # fmt: skip
_REGISTERS_APART: Final = frozenset({
    "add_command", "add_job", "Thread", "Process", "Timer", "submit", "enqueue", "add_url_rule",
    "apply_async", "signature", "partial",
})  # fmt: skip
_AROUND: Final = frozenset({
    "dispatch_request", "full_dispatch_request", "process_response", "finalize_request",
    "make_response", "dispatch", "__call__", "__exit__", "__aexit__", "__del__", "wsgi_app",
})  # fmt: skip
_ORMS: Final = ("sqlalchemy", "flask_sqlalchemy", "sqlmodel")
_LIBRARIES: Final = frozenset({
    "sqlalchemy", "flask_sqlalchemy", "flask", "werkzeug", "markupsafe", "jinja2", "click",
    "builtins",
})  # fmt: skip
#: Where the program keeps things of its own.
_PARKED: Final = ("flask.current_app", "flask.g.", "flask.Flask().extensions")
_DETACHING: Final = frozenset({"expunge", "expunge_all", "make_transient", "rollback"})
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class RequestSessions:
    """Answers for one program."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._runs = facts.flows.of_routes()

    def loses(self, run: Run, write: Wrote) -> bool:
        """Is the write surely one of `db.session`, and does surely nothing commit it?"""
        session = write.session
        return (
            session is not None
            and session.library == "sqlalchemy"
            and session.id < 0
            and not session.is_async
            and run.route is not None
            and run.route.framework == "flask"
            and self._is_only_session
            and not self._is_committed_elsewhere
            and not self._may_commit(run)
        )

    def is_change(self, run: Run, write: Wrote, *, committed: bool) -> bool:
        """Is something to be stored, and not only shown? What a reading request sets on a row, and
        what is blanked, may be meant for the answer; so may what is set where the request commits
        at another place (``committed``). What is added there in a loop, or after an error, may come
        to that commit."""
        node = write.place.node
        path = write.place.path
        if not isinstance(node, s.Attribute):
            handled = self._model.surroundings.handlers(path, node)
            return not committed or not (write.place.loops or any(True for _ in handled))
        if committed or run.route is None or run.route.method not in _CHANGING:
            return False
        around = next(iter(self._model.surroundings.of(path, node)), None)
        if around is None or not isinstance(around.node, s.Assign):
            return False
        value = around.node.value
        return not (isinstance(value, s.Literal) and value.value in (None, "")) and not any(
            s.last_name(call.func) in _DETACHING
            for function in run.entered
            for call in self._model.calls_in(function)
        )

    # --- the program ---

    @cached_property
    def _nodes(self) -> dict[str, list[s.Node]]:
        return {
            path: list(s.walk(module))
            for path, module in self._model.modules.items()
            if module.language == "python" and not is_outside(path)
        }

    @cached_property
    def _is_only_session(self) -> bool:
        """Has the program Flask-SQLAlchemy's session, as it comes, and no other?"""
        made = False
        for nodes in self._nodes.values():
            for node in nodes:
                if not isinstance(node, s.Call):
                    continue
                name = s.last_name(node.func)
                if name in _OPENING and not self._is_of_others(node.func):
                    return False
                if name == "SQLAlchemy":
                    made = True
                    if not _is_plain(node) or not self._is_db(node):
                        return False
        return made and any(
            item.specifier.partition(".")[0] == "flask_sqlalchemy"
            for path in self._nodes
            for item in self._model.modules[path].imports
        )

    def _is_of_others(self, expr: s.Expr) -> bool:
        """Is it surely of another library than SQLAlchemy (`requests.Session`)?"""
        values = self._model.evaluate(expr)
        return bool(values) and all(
            isinstance(value, ExternalValue) and not value.path.startswith(_ORMS)
            for value in values
        )

    @cached_property
    def _committing(self) -> frozenset[FunctionInfo]:
        """The functions that commit, or lead to one that does."""
        found: set[FunctionInfo] = set()
        queue = [
            function
            for function in self._model.functions.values()
            if function.module.path in self._nodes
            and any(s.last_name(call.func) in _COMMITS for call in self._model.calls_in(function))
        ]
        while queue:
            function = queue.pop()
            if function in found:
                continue
            found.add(function)
            queue += [edge.caller for edge in self._model.callers(function)]
        return frozenset(found)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names under which something that commits may be called."""
        handlers = {route.handlers[0] for route in self._model.routes if route.handlers}
        called = self._committing - handlers
        return frozenset(function.name for function in called) | frozenset(
            function.cls.name
            for function in called
            if function.cls is not None and function.name.startswith("__")
        )

    @cached_property
    def _entered(self) -> frozenset[FunctionInfo]:
        return frozenset(function for run in self._runs for function in run.entered)

    @cached_property
    def _is_committed_elsewhere(self) -> bool:
        """Do settings, or something that runs around requests, commit?"""
        return (
            self._is_set_up
            or any(self._is_hook(function) for function in self._committing)
            or self._is_handed_over
        )

    @cached_property
    def _is_set_up(self) -> bool:
        for nodes in self._nodes.values():
            for node in nodes:
                match node:
                    case s.Literal(value=str(text)) if len(text) < 80:
                        pass
                    case s.Name(id=text) | s.Attribute(name=text):
                        pass
                    case s.Argument(keyword=str(text)):
                        pass
                    case _:
                        continue
                if _SETTINGS.search(text) or (
                    isinstance(node, s.Literal) and text.strip(" ;\n").lower() == "commit"
                ):
                    return True
        return False

    def _is_hook(self, function: FunctionInfo) -> bool:
        node = function.node
        if not isinstance(node, s.Function):
            return False
        if function.module.path not in self._nodes:
            return False
        names = {decorator_name(item) for item in node.decorators}
        if names & HOOKS:
            return True
        if function in self._entered:
            return False
        if names - _APART:
            return True
        if names:
            return False
        return (
            node.is_generator
            or self._is_handed_out(function)
            or not function.name.isidentifier()
            or function.name in _AROUND
            or "middleware" in function.qualname.lower()
        )

    def _is_handed_out(self, function: FunctionInfo) -> bool:
        """Is it a function inside another one, which gives it to others (a decorator's)?"""
        parent = function.parent
        if parent is None or not isinstance(parent.node, s.Function):
            return False
        nodes = [node for statement in parent.node.body for node in s.walk(statement)]
        called = {id(node.func) for node in nodes if isinstance(node, s.Call)}
        return any(
            isinstance(node, s.Name) and node.id == function.name and id(node) not in called
            for node in nodes
        )

    @cached_property
    def _is_handed_over(self) -> bool:
        """Is a function that commits, and that no route comes to, given to something as it is?
        Or one that a route comes to, to what calls it for other requests too?"""
        every = {function.name for function in self._committing}
        strange = {function.name for function in self._committing - self._entered}
        for nodes in self._nodes.values():
            for node in nodes:
                if not isinstance(node, s.Call) or s.last_name(node.func) in _REGISTERS_APART:
                    continue
                names = every if s.last_name(node.func) in HOOKS else strange
                if any(
                    s.last_name(item.value) in names and self._is_committing(item.value)
                    for item in node.args
                ):
                    return True
        return False

    def _is_committing(self, expr: s.Expr) -> bool:
        """Is it a function that commits, and not a call of one?"""
        return any(
            isinstance(value, FunctionValue) and value.function in self._committing
            for value in self._model.evaluate(expr)
        )

    # --- one run ---

    def _may_commit(self, run: Run) -> bool:
        return any(self._is_doubtful(function, run) for function in run.entered)

    def _is_doubtful(self, function: FunctionInfo, run: Run) -> bool:
        """Does the function ask for something that may commit, and that was not followed?"""
        model = self._model
        node = function.node
        if isinstance(node, s.Function) and any(
            _SPEAKS_OF_IT.search(decorator_name(item)) and not self._is_own(item)
            for item in node.decorators
        ):
            return True
        for call in model.calls_in(function):
            name = s.last_name(call.func)
            if self._is_chosen(call, function):
                return True
            if name in self._names or name in _COMMITS:
                values = model.evaluate(call.func)
                if self._may_lead(values, name, run):
                    return True
            for item in call.args:
                if _is_name(item.value) and self._is_db(item.value) and not self._is_own(call.func):
                    return True
                if s.last_name(item.value) in self._names and self._is_committing(item.value):
                    return True
        return any(
            _SPEAKS_OF_IT.search(s.last_name(_called(item.context)) or "")
            and s.last_name(_called(item.context)) != "begin_nested"
            and not self._is_own(_called(item.context))
            for item in self._blocks(function)
        )

    def _is_chosen(self, call: s.Call, function: FunctionInfo) -> bool:
        """Is what is called taken from a table, or a variable, so that it may be anything that
        commits?"""
        func = call.func
        if not self._committing or isinstance(func, s.Attribute):
            return False
        if not isinstance(func, s.Name):
            return not self._model.evaluate(func)
        bindings = self._model.bindings(func.id, self._model.scope_in(function))
        return any(
            item.kind in ("value", "param") and item.scope.function is function for item in bindings
        ) and not self._model.evaluate(func)

    def _may_lead(self, values: frozenset[Value], name: str | None, run: Run) -> bool:
        """May a call of the name lead to a commit that the run does not show?"""
        if not values:
            return True
        for value in values:
            if isinstance(value, ExternalValue):
                if name in _COMMITS and not value.path.startswith("sqlalchemy.orm.Session()."):
                    return True
                if not _is_known(value.path):
                    return True
            elif isinstance(value, FunctionValue):
                found = value.function
                if found in self._committing and found not in run.entered:
                    return True
                if found.cls is not None and any(
                    other.name == found.name and other not in run.entered and other.cls is not None
                    and any(
                        isinstance(above, ClassValue) and above.cls is found.cls
                        for above in self._model.ancestors(other.cls)
                    )
                    for other in self._committing
                ):  # fmt: skip
                    return True
            elif isinstance(value, ClassValue):
                if any(
                    item.cls is value.cls and item not in run.entered for item in self._committing
                ):
                    return True
            else:
                return True
        return False

    def _blocks(self, function: FunctionInfo) -> Iterator[s.WithItem]:
        for statement in function.node.body:
            for node in s.walk(statement, into_functions=False):
                if isinstance(node, s.With):
                    yield from node.items

    def _is_own(self, expr: s.Expr) -> bool:
        """Is it a function or class of the tree, which the run has followed?"""
        if isinstance(expr, s.Call):
            expr = expr.func
        values = self._model.evaluate(expr)
        return bool(values) and all(
            isinstance(value, FunctionValue | ClassValue)
            or (
                isinstance(value, ExternalValue)
                and value.path.startswith(("sqlalchemy.orm.Session().", _DB))
            )
            for value in values
        )

    def _is_db(self, expr: s.Expr) -> bool:
        return any(
            isinstance(value, ExternalValue) and value.path == _DB
            for value in self._model.evaluate(expr)
        )


def _is_known(path: str) -> bool:
    """Is it of a library that surely calls nothing of the program?"""
    package = path.partition(".")[0]
    return not path.startswith(_PARKED) and (
        package in _LIBRARIES or package in sys.stdlib_module_names
    )


def _is_name(expr: s.Expr) -> bool:
    return isinstance(expr, s.Name | s.Attribute)


def _called(expr: s.Expr) -> s.Expr:
    return expr.func if isinstance(expr, s.Call) else expr


def _is_plain(call: s.Call) -> bool:
    """Does the call leave the session as Flask-SQLAlchemy makes it?"""
    if any(item.star for item in call.args):
        return False
    options = call.argument(keyword="session_options")
    if options is None:
        return True
    return isinstance(options, s.Mapping) and all(
        isinstance(item.key, s.Literal) and item.key.value in _PLAIN_OPTIONS
        for item in options.entries
    )
