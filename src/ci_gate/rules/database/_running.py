"""Which modules the running service loads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.values import ExternalValue
from ci_gate.regex import regex
from ci_gate.rules.base import Facts
from ci_gate.rules.database._loading import Loading
from ci_gate.rules.database._service import ServiceView

_APPLICATIONS: Final = frozenset({
    "Flask", "FastAPI", "Starlette", "Application", "Quart", "Sanic", "Litestar",
})  # fmt: skip
_BY_HAND: Final = regex(r"migrat|alembic|backfill|seed")
_DOTTED: Final = regex(r"[A-Za-z_]\w*(?:\.\w+)+")
_LONGEST: Final = 200


class Running:
    """Answers for the rules of one run (``facts.once(Running)``).

    The service runs what the modules with its routes and applications load, late imports and
    modules named in texts (``from_object("shop.settings")``) included. What nothing of that leads
    to is a script, whatever it looks like. Django finds its modules by convention: all of them run.
    """

    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._view = facts.once(ServiceView)
        self._loading = Loading(facts.model)

    def holds(self, path: str) -> bool:
        """Does the running service load the module?"""
        if not self._view.holds(path) or _BY_HAND.search(posixpath.basename(path)):
            return False
        service = self._view.service_of(path)
        django = service is not None and "django" in service.frameworks
        return django or path in self._loaded

    @cached_property
    def _loaded(self) -> frozenset[str]:
        entries = {route.module for route in self._model.routes} | self._applications
        entries = {path for path in entries if self._view.holds(path)}
        found = self._loading.reach(entries)
        read: frozenset[str] = frozenset()
        while True:
            named = self._named_in(found - read) - found
            if not named:
                return found
            read, found = found, self._loading.reach(found | named)

    @cached_property
    def _applications(self) -> frozenset[str]:
        """Modules that make an application of a web framework."""
        spellings = self._model.given_names | _APPLICATIONS
        return frozenset(
            function.module.path
            for function in self._model.functions.values()
            if function.module.language == "python"
            for call in self._model.calls_in(function)
            if s.last_name(call.func) in spellings
            for value in self._model.evaluate(call.func)
            if isinstance(value, ExternalValue) and value.path.rpartition(".")[2] in _APPLICATIONS
        )

    def _named_in(self, modules: frozenset[str]) -> frozenset[str]:
        """Modules of the tree that texts in ``modules`` name."""
        texts: set[str] = set()
        for path in modules:
            for node in s.walk(self._model.modules[path]):
                if isinstance(node, s.Literal) and isinstance(node.value, str):
                    texts.update(_mentioned(node.value[:_LONGEST]))
        return frozenset(
            path
            for path in self._model.modules
            if path.endswith(".py")
            and self._view.holds(path)
            and any(name in texts for name in _names(path))
        )


def _names(path: str) -> list[str]:
    """The dotted names that a module may go by, and those of what is in it."""
    dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return [dotted, dotted.partition(".")[2] or dotted]


def _mentioned(text: str) -> Iterator[str]:
    """The dotted names in a text, and what each is part of."""
    if text.isidentifier():
        yield text
    if "." not in text:
        return
    for match in _DOTTED.finditer(text):
        parts = match[0].split(".")
        for end in range(1, len(parts) + 1):
            yield ".".join(parts[:end])
