"""Which modules a service loads, and when."""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import ImportEdge
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._service import ServiceView

#: What servers, frameworks and interpreters load by name.
_LOADED_BY_NAME: Final = regex(
    r"(?:^|/)(?:__main__|__init__|main|app|application|asgi|wsgi|server|run|serve|manage|api|index|"
    r"urls|views|models|admin|apps|signals|tasks|celery|middleware|settings|serializers|routes|"
    r"conf|config)\.py$|(?:^|/)settings/[^/]+\.py$"
)
_APPLICATIONS: Final = frozenset({"app", "application", "api", "server", "asgi", "wsgi", "celery"})


class Loaded:
    """The modules of the services of one tree."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._view = facts.once(ServiceView)

    def holds(self, path: str) -> bool:
        """Is the module part of a running service?"""
        return self._view.holds(path)

    @cached_property
    def modules(self) -> frozenset[str]:
        """The modules of services that are surely loaded: those that declare routes, those that
        are loaded by name, and all that they import."""
        model = self._facts.model
        waiting = [route.module for route in model.routes if self.holds(route.module)]
        waiting += [
            path
            for path, module in model.modules.items()
            if (_LOADED_BY_NAME.search(path) or _holds_app(module)) and self.holds(path)
        ]
        found: set[str] = set()
        while waiting:
            path = waiting.pop()
            if path in found or path not in model.modules:
                continue
            found.add(path)
            waiting += self._packages_of(path)
            for edge in model.imports_of(path):
                if edge.target is not None and not edge.type_only:
                    waiting += [edge.target, *(step.path for step in edge.via)]
        return frozenset(found)

    def _packages_of(self, path: str) -> list[str]:
        folder, found = posixpath.dirname(path), []
        while folder:
            found.append(f"{folder}/__init__.py")
            folder = posixpath.dirname(folder)
        return found

    def at_start(self, edge: ImportEdge) -> bool:
        """Does the import run when the service starts?"""
        return (
            edge.source in self.modules
            and not edge.lazy
            and not edge.node.guarded
            and not edge.type_only
        )


def _holds_app(module: s.Module) -> bool:
    """Has the module an application that a server can be pointed at?"""
    return any(
        isinstance(target, s.Name) and target.id in _APPLICATIONS
        for statement in module.body
        if isinstance(statement, s.Assign) and isinstance(statement.value, s.Call)
        for target in statement.targets
    )
