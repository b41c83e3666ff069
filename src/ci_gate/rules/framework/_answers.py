"""How handlers of Express and Fastify answer."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.data import dataclass

ENDS: Final = {
    "express": frozenset({"json", "jsonp", "send", "end", "sendStatus", "redirect", "render",
                          "sendFile", "download"}),
    "fastify": frozenset({"send", "redirect"}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answers:
    """How a handler answers: by ``reply`` and its methods ``ends``, or by handing the request to
    ``proceed``."""

    reply: str
    ends: frozenset[str]
    proceed: str

    @classmethod
    def of(cls, node: s.Function, ends: frozenset[str], framework: str) -> Answers:
        names = [param.name for param in node.params if param.name != "this"]
        place = 2 if len(names) == 4 else 1
        reply, *after = names[place:] or [""]
        return cls(reply, ends, after[0] if after and framework == "express" else "")


def ends(expr: s.Expr, answers: Answers) -> bool:
    """``res.status(404).json(…)``, ``next()``."""
    if isinstance(expr, s.Await):
        expr = expr.value
    if isinstance(expr, s.Call) and isinstance(expr.func, s.Name):
        return bool(answers.proceed) and expr.func.id == answers.proceed
    if not (isinstance(expr, s.Call) and isinstance(expr.func, s.Attribute)):
        return False
    if expr.func.name not in answers.ends:
        return False
    current: s.Expr = expr.func.value
    while True:
        match current:
            case s.Name(id=name):
                return name == answers.reply
            case s.Call(func=s.Attribute(value=inner)):
                current = inner
            case _:
                return False
