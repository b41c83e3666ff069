"""The Sequelize instances of a program: their dialect and what they set for all models."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import Final, cast

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.columns import Options, constant
from ci_gate.codemodel.sequelize.facts import Dialect
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

_URL: Final = regex(r"^(postgres|sqlite|mysql|mariadb|mssql)(?:ql)?:")
_CLASS: Final = frozenset({"sequelize.Sequelize", "sequelize", "sequelize-typescript.Sequelize"})


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """One ``new Sequelize(…)``; ``dialect`` is None where it is not certain."""

    call: s.Call
    scope: Scope
    options: Options
    dialect: Dialect | None


class Instances:
    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self._model = model
        self._origins = origins

    @cached_property
    def all(self) -> tuple[Instance, ...]:
        return tuple(self._found())

    def _found(self) -> Iterator[Instance]:
        calls = [
            (function.module.path, call.span, call)
            for function in self._model.functions.values()
            if function.module.language != "python"
            for call in self._model.calls_in(function)
            if call.new and self._is_class(call)
        ]
        for path, _, call in sorted(calls, key=itemgetter(0, 1)):
            if not is_outside(path):
                yield self._instance(call)

    def _is_class(self, call: s.Call) -> bool:
        name = call.func.id if isinstance(call.func, s.Name) else getattr(call.func, "name", "")
        if "equelize" not in name:
            return False
        values = self._model.evaluate(call.func)
        return any(isinstance(item, ExternalValue) and item.path in _CLASS for item in values)

    def _instance(self, call: s.Call) -> Instance:
        scope = self._model.scope_of(call)
        last = call.args[-1].value if call.args else None
        origins = self._origins
        given = origins.of(last, scope) if last is not None else None
        plain = (
            given is not None
            and given.complete
            and bool(given.origins)
            and all(_is_text(origin.expr) for origin in given.origins)
        )
        options = Options(origins, None if plain else last, scope)
        dialect = options.text("dialect", origins)
        if dialect is None and not options.has("dialect") and call.args:
            url = constant(call.args[0].value, scope, origins)
            match = _URL.match(url) if isinstance(url, str) else None
            dialect = match[1] if match else None
        return Instance(call, scope, options, cast("Dialect | None", dialect))

    @cached_property
    def define(self) -> Options:
        """What all instances set for their models; not complete where they differ."""
        merged: Options | None = None
        for item in self.all:
            found = item.options.get("define")
            if found is not None:
                own = Options(self._origins, *found)
            else:
                own = Options(self._origins, None, item.scope)
                own.complete = item.options.complete
            if merged is None:
                merged = own
            elif merged.values != own.values:
                merged.complete = False
            else:
                merged.complete = merged.complete and own.complete
        if merged is not None:
            return merged
        empty = Options.__new__(Options)
        empty.values, empty.complete, empty.origin = {}, True, None
        return empty

    @cached_property
    def dialect(self) -> Dialect | None:
        """The one dialect of all instances."""
        found = {item.dialect for item in self.all}
        return found.pop() if len(found) == 1 else None


def _is_text(expr: s.Expr) -> bool:
    """A text as it is written, or a setting of the environment."""
    match expr:
        case s.Literal() | s.Template():
            return True
        case s.Attribute(value=s.Attribute(value=s.Name(id="process"), name="env")):
            return True
    return False
