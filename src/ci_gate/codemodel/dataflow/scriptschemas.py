"""Schemas that a query string goes through: zod, valibot, Joi, yup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import UNKNOWN, Args, Func, Item, Params, Thing, Val, of
from ci_gate.codemodel.places import is_outside

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine
    from ci_gate.codemodel.model import CodeModel

_GIVING: Final = frozenset({"parse", "parseAsync", "validateAsync", "validateSync", "cast"})
_JOI: Final = frozenset({"joi", "@hapi/joi", "celebrate"})
_RESHAPING: Final = ("transform", "rename", "preprocess")
_LIBRARIES: Final = frozenset({"z", "zod", "Joi", "joi", "v", "yup", "Yup"})

_OBJECTS: Final = frozenset({"object", "strictObject", "looseObject", "keys"})


class Schemas:
    """Answers for one program."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._keeps_names: bool | None = None
        self._is_joi: bool | None = None

    def checked(self, machine: Machine, call: s.Call, target: Val, args: Args) -> Val | None:
        """What ``schema.parse(req.query)`` gives: the same names, checked; None for other calls."""
        func = call.func
        if not isinstance(func, s.Attribute) or any(isinstance(i, Func) for i in target.items):
            return None
        if func.name not in _GIVING and func.name not in (
            "safeParse",
            "safeParseAsync",
            "validate",
        ):
            return None
        params = [
            item
            for value in args.positional[:2]
            for item in value.items
            if isinstance(item, Params)
        ]
        if len(params) != 1 or not self.keep_names:
            return None
        checked: Item = Params(params[0].part, typed=True)
        if func.name in _GIVING or (func.name == "validate" and not self.are_joi):
            return of(checked)
        name = "value" if func.name == "validate" else "data"
        fields: dict[object, Val] = {name: of(checked), "error": UNKNOWN, "success": UNKNOWN}
        return of(machine.allocate(Thing("dict", fields=fields)))

    @property
    def keep_names(self) -> bool:
        """Does no schema of the program make another object of what it is given?"""
        if self._keeps_names is None:
            self._keeps_names = not any(
                _is_of_object(call)
                for name in _RESHAPING
                for call, scope in self._model.calls_named(name)
                if not is_outside(scope.module.path)
            )
        return self._keeps_names

    @property
    def are_joi(self) -> bool:
        """``validate`` gives ``{ value, error }``."""
        if self._is_joi is None:
            self._is_joi = any(edge.package in _JOI for edge in self._model.import_edges)
        return self._is_joi


def _is_of_object(call: s.Call) -> bool:
    """Is it called on the schema of an object (``z.object({...}).transform(...)``), or not told?"""
    node: s.Expr = call.func
    while isinstance(node, s.Attribute | s.Call):
        made = node.func if isinstance(node, s.Call) else None
        if isinstance(made, s.Attribute) and made.name in _OBJECTS:
            return True
        node = node.func if isinstance(node, s.Call) else node.value
    if not isinstance(node, s.Name) or node.id not in _LIBRARIES:
        return True
    if isinstance(call.func, s.Attribute) and call.func.name == "preprocess":
        inner = call.argument(1)
        return isinstance(inner, s.Call) and _is_of_object(inner)
    return False
