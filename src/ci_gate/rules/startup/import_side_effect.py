from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from packaging.specifiers import SpecifierSet

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies import versions
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside, is_test
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._commands import Named, named
from ci_gate.rules.startup._loaded import Loaded

#: Calls that serve until the process ends, and what they are called.
_SERVERS: Final = {
    "flask.Flask().run": "app.run()", "uvicorn.run": "uvicorn.run()",
    "aiohttp.web.run_app": "web.run_app()", "waitress.serve": "waitress.serve()",
}  # fmt: skip
_LOOPS: Final = {
    "asyncio.run": "asyncio.run()", "anyio.run": "anyio.run()", "uvloop.run": "uvloop.run()",
    "asyncio.get_event_loop().run_until_complete": "run_until_complete()",
}  # fmt: skip
#: What a call gives that has just connected to a server.
_CONNECTED: Final = {
    "psycopg2.Connection()": "psycopg2", "psycopg.Connection()": "psycopg",
    "pymysql.Connection()": "PyMySQL", "mysql.connector.connect()": "MySQL Connector",
    "sqlalchemy.Connection()": "SQLAlchemy", "psycopg2.pool.SimpleConnectionPool()": "psycopg2",
    "psycopg2.pool.ThreadedConnectionPool()": "psycopg2",
}  # fmt: skip
_UVICORN: Final = regex(r"\buvicorn\b(?!\.)|\bfastapi\W+(?:run|dev)\b")
_GUNICORN: Final = regex(r"\bgunicorn\b")
#: The first release of Uvicorn that imports the application before its event loop runs.
_EAGER: Final = SpecifierSet(">=0.47")
_MORE: Final = 3


@dataclass(frozen=True, slots=True)
class _Start:
    """A module that a command makes a server import, and the command. ``loop``: the server is
    Uvicorn; ``old``: surely one that imports the application inside its event loop."""

    path: str
    command: Named
    loop: bool
    old: bool


class ImportSideEffect(Rule):
    """A module that others import starts a server, runs an event loop or connects to a database
    while it is imported.

    `app.run()`, `uvicorn.run()`, `asyncio.run()`, `psycopg2.connect()` or `engine.connect()` at
    the top level of a module, outside `if __name__ == "__main__":`; for Express, `app.listen()` in
    a module that tests import.

    ## Why is this bad?
    Whoever imports the module gets the effect: a test, a worker or a migration waits for a database
    that it does not need, or never comes back. Uvicorn before 0.47 imports the application inside
    its event loop, where `asyncio.run()` and `uvicorn.run()` raise "cannot be called from a running
    event loop"; gunicorn's workers import it too, and `app.run()` never lets them go on. These two
    are errors, the rest are warnings.

    ## Fix
    Put the start under `if __name__ == "__main__":`, the connection into a function, or into the
    application's start-up (`lifespan`, `create_app`).

    ## Silent on
    Modules that nothing imports and no server loads; SQLite; what is in a `try` or under a
    condition; engines and pools that connect when they are first used; connections that requests
    share, of which `orm/shared-session` speaks.

    ## Source
    Uvicorn, "Deployment: Running programmatically"; Flask, "Development server".
    """

    id = "startup/import-side-effect"
    group = "startup"
    follows = True
    severity = Severity.WARNING

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        search = _Search(facts)
        for path, module in model.modules.items():
            if is_outside(path):
                continue
            if module.language != "python":
                yield from self._listening(model, module, search)
                continue
            if not search.loaded.holds(path):
                continue
            effects = list(search.effects(module))
            if not effects:
                continue
            importers = search.importers(path) or model.tests_that_import(path)
            start = search.loaded_by.get(path)
            if not importers and start is None:
                continue
            for call, values in effects:
                finding = self._of(facts, path, call, values, importers, start)
                if finding is not None:
                    yield finding
                    break

    def _of(
        self, facts: Facts, path: str, call: s.Call, values: Sequence[str],
        importers: Sequence[str], start: _Start | None,
    ) -> Finding | None:  # fmt: skip
        func, result = values
        if func in _SERVERS or func in _LOOPS:
            what = _SERVERS.get(func) or _LOOPS[func]
            fails = ""
            old = start is not None and start.loop and start.old
            if start is not None and old and (func in _LOOPS or func == "uvicorn.run"):
                fails = f"{start.command.text} is imported inside the server's event loop, where "
                fails += f"{what} raises RuntimeError: the service does not start."
            elif start is not None and func in _SERVERS and not start.loop:
                fails = f"Each worker imports {start.command.text}, and {what} never lets it go on."
            what = f"{what} runs while {path} is imported"
            fix = 'Put the call under `if __name__ == "__main__":`.'
        elif result in _CONNECTED and importers and not _is_harmless(facts, call, result):
            fails = ""
            what = f"{_CONNECTED[result]} connects to the database while {path} is imported"
            fix = "Connect in a function that is called when the application starts."
        else:
            return None
        if not fails and not importers:
            return None
        related = [Related(item, 1, f"imports {path}") for item in importers[:_MORE]]
        if fails and start is not None:
            related.insert(0, Related(start.command.path, start.command.line, "starts it"))
        return self.finding(
            path,
            call,
            message=f"{what}.",
            why=fails
            or f"Whatever imports {path} ({importers[0]}) gets it too: a test or a worker without "
            "the database fails or waits.",
            fix=fix,
            subject=f"{func} at import",
            related=related,
            severity=Severity.ERROR if fails else None,
        )

    def _listening(self, model: CodeModel, module: s.Module, search: _Search) -> Iterator[Finding]:
        """``app.listen()`` at the top of what tests import."""
        for call in _top_calls(module):
            if not isinstance(call.func, s.Attribute) or call.func.name != "listen":
                continue
            values = model.evaluate(call.func.value)
            if not values or not all(
                isinstance(item, ExternalValue) and item.path == "express()" for item in values
            ):
                continue
            imported = [item for item in search.importers(module.path) if is_test(item)]
            tests = [*imported, *model.tests_that_import(module.path)]
            if tests:
                yield self.finding(
                    module.path,
                    call,
                    message=f"`listen()` runs while {module.path} is imported, which tests do.",
                    why="Each test file that imports it opens the port again (EADDRINUSE), and the "
                    "test run does not end.",
                    fix="Export the application, and call `listen()` in a module of its own.",
                    subject="listen at import",
                    related=[Related(item, 1, "imports it") for item in tests[:_MORE]],
                )
                return


class _Search:
    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._surroundings = facts.model.surroundings
        self.loaded = facts.once(Loaded)
        self._environments = facts.environments

    @cached_property
    def _importers(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for edge in self._model.import_edges:
            if edge.type_only or edge.lazy or edge.target in (None, edge.source):
                continue
            for target in (edge.target, *(step.path for step in edge.via)):
                sources = found.setdefault(str(target), [])
                if edge.source not in sources and edge.source != target:
                    sources.append(edge.source)
        return found

    def importers(self, path: str) -> Sequence[str]:
        return self._importers.get(path, ())

    @cached_property
    def loaded_by(self) -> dict[str, _Start]:
        """What the servers that the tree's commands start import."""
        found: dict[str, _Start] = {}
        for command in named(self._model):
            if command.module is None or command.attribute is None:
                continue
            line = self._line(command)
            loop = _UVICORN.search(line) is not None
            if _GUNICORN.search(line) is not None:
                loop = False
            elif not loop:
                continue
            for path in self._modules(command.module):
                for inner in self._imported(path):
                    found.setdefault(
                        inner, _Start(inner, command, loop, loop and self._is_old(path))
                    )
        return found

    def _is_old(self, path: str) -> bool:
        """Do the manifests hold Uvicorn below the release that imports the application first?"""
        environment = self._environments.of(path)
        ranges = [
            [specifiers]
            for item in (environment.requirements if environment is not None else ())
            if item.name == "uvicorn" and item.notation == "standard" and not item.problem
            if (specifiers := versions.standard(item.specifier)) is not None
        ]
        return bool(ranges) and not versions.satisfiable([*ranges, [_EAGER]])

    def _line(self, command: Named) -> str:
        lines = self._model.tree.text(command.path).splitlines()
        return lines[command.line - 1] if 0 < command.line <= len(lines) else ""

    def _modules(self, name: str) -> Sequence[str]:
        """The one module of the tree that a dotted name can mean."""
        ending = name.replace(".", "/") + ".py"
        found = [
            path for path in self._model.modules if path == ending or path.endswith("/" + ending)
        ]
        return found if len(found) == 1 else ()

    def _imported(self, path: str) -> Sequence[str]:
        found: dict[str, None] = {}
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if current in found:
                continue
            found[current] = None
            for edge in self._model.imports_of(current):
                if edge.target is not None and not (edge.type_only or edge.lazy):
                    waiting += [edge.target, *(step.path for step in edge.via)]
        return list(found)

    def effects(self, module: s.Module) -> Iterator[tuple[s.Call, tuple[str, str]]]:
        """The calls with an effect that run when the module is imported: what is called, and what
        it gives."""
        for call in _top_calls(module):
            func, result = _path(self._model, call.func), _path(self._model, call)
            if func in _SERVERS or func in _LOOPS or result in _CONNECTED:
                yield call, (func, result)


def _top_calls(module: s.Module) -> Iterator[s.Call]:
    """The calls that an import surely makes: not under a condition, nor in a ``try``."""
    waiting: list[s.Stmt] = list(reversed(module.body))
    while waiting:
        statement = waiting.pop()
        match statement:
            case s.With() | s.Block():
                waiting += reversed(statement.body)
                if isinstance(statement, s.With):
                    yield from (
                        item.context for item in statement.items
                        if isinstance(item.context, s.Call)
                    )  # fmt: skip
            case s.ExprStmt(value=value) | s.Assign(value=value) if value is not None:
                for node in _certain(value):
                    if isinstance(node, s.Call):
                        yield node


def _certain(value: s.Expr) -> Iterator[s.Node]:
    stack: list[s.Node] = [value]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(
            node, s.Conditional | s.Binary | s.Function | s.FunctionExpr | s.Class | s.Comprehension
        ):
            stack += s.children(node)


def _path(model: CodeModel, expr: s.Expr) -> str:
    values = model.evaluate(expr)
    paths = {item.path if isinstance(item, ExternalValue) else "" for item in values}
    return paths.pop() if len(paths) == 1 else ""


def _is_harmless(facts: Facts, call: s.Call, result: str) -> bool:
    """Is the database a file, or the connection one that requests work on, of which
    ``orm/shared-session`` speaks?"""
    engines = {
        address.place.engine
        for connection in facts.connections
        for address in connection.addresses
        if connection.library == "sqlalchemy"
    }
    if result == "sqlalchemy.Connection()" and (not engines or engines & {"sqlite", None}):
        return True
    return call in facts.flows.homes
