"""Look-ups in the process's environment, whatever library makes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_READERS: Final = regex(
    r"^(?:os\.(?:environ\.(?:get|setdefault|pop)|getenv)|decouple\.(?:config|AutoConfig\(\))"
    r"|(?:starlette|fastapi)\.config\.Config\(\)(?:\.get)?"
    r"|environ(?:s)?\.(?:Fil\w+)?Env\(\)(?:\.\w+)?"
    r"|dj_database_url\.config)$"
)
_ITEMS: Final = regex(r"^(?:os\.environ|environs?\.(?:Fil\w+)?Env\(\)|starlette\.config\.environ)$")
_DEFAULT_NAME: Final = {"dj_database_url.config": "DATABASE_URL"}


@dataclass(frozen=True, slots=True)
class Lookup:
    """A read of the environment: the variable's ``name`` and what is taken where it is not set."""

    name: s.Expr | None
    default: s.Expr | None = None


def lookup(model: CodeModel, expr: s.Expr, scope: Scope) -> Lookup | None:
    """The look-up that ``expr`` is; None where it is none."""
    if isinstance(expr, s.Subscript):
        return Lookup(expr.index) if _matches(model, expr.value, scope, _ITEMS) else None
    if not isinstance(expr, s.Call):
        return None
    path = _matches(model, expr.func, scope, _READERS)
    if path is None:
        return None
    if path in _DEFAULT_NAME:
        variable = expr.argument(None, "env") or s.Literal(expr.span, _DEFAULT_NAME[path], "string")
        return Lookup(variable, expr.argument(0, "default"))
    position = 2 if path == "starlette.config.Config()" else 1
    return Lookup(expr.argument(0), expr.argument(position, "default"))


def set_where_missing(model: CodeModel, names: Sequence[str]) -> list[tuple[s.Expr, Scope]]:
    """What ``os.environ.setdefault(name, value)`` gives the variables where they are not set."""
    found: list[tuple[s.Expr, Scope]] = []
    for call, scope in model.calls_named("setdefault") if names else ():
        name, value = call.argument(0), call.argument(1)
        if (
            isinstance(name, s.Literal)
            and name.value in names
            and value is not None
            and not is_outside(scope.module.path)
            and _matches(model, call.func, scope, _READERS)
        ):
            found.append((value, scope))
    return found


def _matches(model: CodeModel, expr: s.Expr, scope: Scope, pattern: re.Pattern[str]) -> str | None:
    for value in model.evaluate(expr, scope):
        if isinstance(value, ExternalValue) and pattern.match(value.path):
            return value.path
    return None
