"""What the handlers of routes answer: statuses and bodies, where all of them can be read."""

from __future__ import annotations

from collections.abc import Sequence

from ci_gate.codemodel.answers.core import Answer, Frame, Reader, Unknowable, successes
from ci_gate.codemodel.answers.javascript import JavascriptAnswers
from ci_gate.codemodel.answers.python import PythonAnswers
from ci_gate.codemodel.model import CodeModel, Route

_NODE = frozenset({"express", "fastify", "hono", "koa"})


class Answers:
    """The answers of one program's routes; worked out when asked for."""

    def __init__(self, model: CodeModel) -> None:
        self._python = PythonAnswers(model)
        self._javascript = JavascriptAnswers(model)
        self._known: dict[Route, tuple[Answer, ...] | None] = {}

    def of(self, route: Route) -> Sequence[Answer] | None:
        """All that a route may answer by itself; None where that is not known."""
        if route not in self._known:
            reader = self._javascript if route.framework in _NODE else self._python
            try:
                self._known[route] = tuple(reader.of(route))
            except (Unknowable, RecursionError):
                self._known[route] = None
        return self._known[route]


__all__ = ["Answer", "Answers", "Frame", "Reader", "Unknowable", "successes"]
