"""What belongs to the running service, and what is meant for tests and development."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.addresses import Hop
from ci_gate.codemodel.connections import Address, Connection
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.surroundings import is_main_guard
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.stack.model import Service

_WORDS: Final = (
    "tests?|testing|pytest|unittest|dev|devel|develop|development|local|localhost|debug|ci|mocks?|"
    "sandbox|playground|dry_run|github|travis"
)
_DEVELOPMENT: Final = regex(
    rf"(?:^|[_\W\d])(?:{_WORDS}|demo|example|sample|docs?|offline|standalone|embedded|desktop)"
    r"(?:$|[_\W\d])"
)
#: A project may well be called an example; a folder of examples is no part of the service.
_DEVELOPMENT_PATH: Final = regex(
    rf"(?:^|[_\W\d])(?:{_WORDS})(?:$|[_\W\d])|(?:^|/)(?:demos?|examples?|samples?|docs?)/"
)
_CAMEL: Final = regex(r"(?<=[a-z0-9])(?=[A-Z])")
#: Stores that stand beside a service's database by design.
SIDE_STORE: Final = regex(
    r"(?:^|[^a-z])(?:caches?|cached|search\w*|index\w*|queues?|brokers?|metrics?|analytics|"
    r"reports?|reporting|warehouse|geo|geoip|telemetry|scheduler|jobstores?|embeddings?|vectors?|"
    r"fts|legacy|archives?|replicas?|readonly|imports?|importer|exports?|exporter|etl|sources?|"
    r"data_?sources?|connectors?|query_runners?|plugins?|tenants?|dumps?|backups?|temp|tmp|"
    r"scratch|lookups?|dictionary|checkpoints?|offline)(?:[^a-z]|$)"
)
_COMMANDS: Final = regex(r"\b(?:command|cli|group|task|callback)$")
_SERVERS: Final = regex(
    r"^(?:uvicorn\.(?:run|Server|main)|hypercorn\.|waitress\.serve|gunicorn\.|granian\.|cheroot\."
    r"|aiohttp\.web\.run_app|flask\.Flask\(\)\.run|gevent\.|wsgiref\.|sanic\.|socketio\.)"
)


class ServiceView:
    """Which code runs in the service, for the rules of one run (``facts.once(ServiceView)``)."""

    def __init__(self, facts: Facts) -> None:
        self.model = facts.model
        self.surroundings = facts.model.surroundings
        self._stack = facts.stack
        self._held: dict[str, bool] = {}

    def service_of(self, path: str) -> Service | None:
        return self._stack.service_of(path)

    def holds(self, path: str) -> bool:
        """Is the file part of a running service, not a test, migration, script or settings of
        those?"""
        found = self._held.get(path)
        if found is None:
            found = self._held[path] = self._holds(path)
        return found

    def _holds(self, path: str) -> bool:
        service = self.service_of(path)
        if service is None:
            return False
        below = path if service.root == "." else path[len(service.root) + 1 :]
        return not is_outside(below) and path not in self.programs and not _is_development(below)

    @cached_property
    def programs(self) -> frozenset[str]:
        """Files run by hand: they have a main block that starts no server, and nothing of the
        service imports them."""
        imported = {
            edge.target
            for edge in self.model.import_edges
            if edge.target is not None and edge.target != edge.source and not edge.type_only
            and not is_outside(edge.source)
        }  # fmt: skip
        routing = {route.module for route in self.model.routes}
        found: set[str] = set()
        for path, module in self.model.modules.items():
            if module.language != "python" or path in imported:
                continue
            if posixpath.basename(path) == "__main__.py":
                continue
            guarded = any(isinstance(st, s.If) and is_main_guard(st) for st in module.body)
            if guarded and path not in routing and not self._serves(path):
                found.add(path)
        return frozenset(found)

    def _serves(self, path: str) -> bool:
        """Does the file start a server, itself or by a function of the tree that it calls?"""
        model = self.model
        here = [item for item in model.functions.values() if item.module.path == path]
        for function in model.reachable(here):
            for call in model.calls_in(function):
                for value in model.evaluate(call.func):
                    if _SERVERS.match(getattr(value, "path", "")):
                        return True
        return False

    # --- development ---

    def for_development(self, path: str, node: s.Node) -> bool:
        """Is the node meant for tests or development: by the file, class or function it is in, or
        by the condition it stands under?"""
        if _is_development(path):
            return True
        inner: s.Node = node
        for enclosing in self.surroundings.of(path, node):
            outer = enclosing.node
            if any(says_development(word) for word in _labels(outer, inner, enclosing.branch)):
                return True
            inner = outer
        return False

    def way_for_development(self, connection: Connection, trail: Iterable[Hop]) -> bool:
        """The same of any step on the way of an address."""
        if self.for_development(connection.path, connection.node):
            return True
        return any(
            hop.expr.span[0] > 0 and self.for_development(hop.scope.module.path, hop.expr)
            for hop in trail
        )

    def is_command(self, function: FunctionInfo | None) -> bool:
        """Is it a command of the command line, run by hand?"""
        for item in function.outward() if function is not None else ():
            node = item.node
            if isinstance(node, s.Function):
                for decorator in node.decorators:
                    target = decorator.func if isinstance(decorator, s.Call) else decorator
                    name = target.name if isinstance(target, s.Attribute) else ""
                    name = target.id if isinstance(target, s.Name) else name
                    if _COMMANDS.search(name):
                        return True
        return False


def _labels(outer: s.Node, inner: s.Node, branch: str) -> Iterator[str]:
    """What a node calls the thing inside it: the name of a function, class, variable or entry, the
    condition of a branch."""
    match outer:
        case s.Class(name=name) | s.Function(name=name):
            yield name
        case s.If(test=test) | s.Conditional(test=test) if branch != "test":
            yield from words(test)
        case s.Assign(targets=targets):
            for target in targets:
                yield from words(target)
        case s.Entry(key=key, value=value) if key is not None and inner is value:
            yield from words(key)
        case s.Case(pattern=pattern) if pattern is not None:
            yield from words(pattern)


def words(expr: s.Expr) -> Iterator[str]:
    """The names and texts in an expression."""
    for node in s.walk(expr):
        match node:
            case s.Name(id=name) | s.Attribute(name=name):
                yield name
            case s.Literal(value=str(text)):
                yield text


def _is_development(path: str) -> bool:
    """Is the file there for tests or development?"""
    return _DEVELOPMENT_PATH.search(_CAMEL.sub("_", path).lower()) is not None


def says_development(name: str) -> bool:
    """Does a name speak of tests or development?"""
    return _DEVELOPMENT.search(_CAMEL.sub("_", name).lower()) is not None


def is_side_store(connection: Connection, address: Address) -> bool:
    """Does any name around the connection speak of a store that stands beside the service's
    database by design?"""
    names = [connection.path, address.text or "", *address.sources]
    for function in connection.function.outward():
        names.append(function.name)
        if function.cls is not None:
            names.append(function.cls.name)
    for hop in address.trail:
        names.extend(words(hop.expr))
    return any(SIDE_STORE.search(_CAMEL.sub("_", name).lower()) for name in names)
