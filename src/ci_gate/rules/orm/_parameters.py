"""What the called function says that an argument has to be."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.entities.declarations import declarations, is_field
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.python.lower import parse_expression
from ci_gate.codemodel.values import ClassValue, ExternalValue

#: Types that are data and nothing to wait for.
_DATA: Final = frozenset({
    "str", "int", "float", "bool", "bytes", "list", "dict", "tuple", "set", "frozenset", "List",
    "Dict", "Tuple", "Set", "Sequence", "Iterable", "Collection", "Mapping", "UUID", "datetime",
    "date", "timedelta", "Decimal", "None",
})  # fmt: skip
_WRAPPERS: Final = frozenset({"Optional", "Union", "Annotated", "Mapped"})
_RECORDS: Final = ("pydantic.", "sqlmodel.", "typing.NamedTuple")

Written = tuple[s.Expr, Scope]


class Parameters:
    """The written types of parameters, where all functions that a call may run agree on them."""

    def __init__(self, model: CodeModel, certain: Certain) -> None:
        self._model = model
        self._certain = certain

    def wants_data(self, call: s.Call, argument: s.Argument) -> bool:
        """The called function or class surely wants plain data in the argument's place."""
        if argument.star or any(item.star for item in call.args):
            return False
        scope = self._model.scope_of(call)
        classes = self._certain.classes(call.func, scope)
        if classes:
            written = [self._field(cls, call, argument) for cls in classes]
        else:
            functions = self._certain.functions(call, scope) or frozenset()
            written = [self._parameter(item, call, argument) for item in functions]
        return bool(written) and all(item is not None and self.is_data(*item) for item in written)

    def _parameter(
        self, function: FunctionInfo, call: s.Call, argument: s.Argument
    ) -> Written | None:
        node = function.node
        if not isinstance(node, s.Function):
            return None
        params = [param for param in node.params if param.kind not in ("*", "**")]
        if argument.keyword is not None:
            found = [param for param in params if param.name == argument.keyword]
        else:
            place = [item for item in call.args if item.keyword is None].index(argument)
            bound = function.cls is not None and node.kind != "static"
            if bound and node.kind == "method" and self._names_class(call.func):
                bound = False
            found = params[place + bound : place + bound + 1]
        if not found or found[0].annotation is None:
            return None
        return found[0].annotation, self._model.scope_in(function)

    def _names_class(self, func: s.Expr) -> bool:
        if not isinstance(func, s.Attribute):
            return False
        return self._certain.classes(func.value, self._model.scope_of(func)) is not None

    def _field(self, cls: ClassInfo, call: s.Call, argument: s.Argument) -> Written | None:
        init = self._model.method(cls, "__init__")
        if init is not None:
            return self._parameter(init, call, argument)
        if argument.keyword is None or not self._is_record(cls):
            return None
        for owner in self._certain.lineage(cls):
            for item in declarations(owner, self._model):
                if item.name == argument.keyword and is_field(item) and item.annotation is not None:
                    return item.annotation, item.scope
        return None

    def _is_record(self, cls: ClassInfo) -> bool:
        for owner in self._certain.lineage(cls):
            for decorator in owner.node.decorators:
                func = decorator.func if isinstance(decorator, s.Call) else decorator
                name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
                if name == "dataclass":
                    return True
        return any(
            isinstance(base, ExternalValue) and base.path.startswith(_RECORDS)
            for base in self._model.ancestors(cls)
        )

    def is_data(self, annotation: s.Expr, scope: Scope) -> bool:
        """The written type allows data only."""
        if isinstance(annotation, s.Literal):
            if annotation.value is None:
                return annotation.kind == "none"
            if not isinstance(annotation.value, str):
                return False
            parsed = parse_expression(annotation.value, annotation.span)
            return parsed is not None and self.is_data(parsed, scope)
        if isinstance(annotation, s.Binary) and annotation.op == "|":
            return self.is_data(annotation.left, scope) and self.is_data(annotation.right, scope)
        if isinstance(annotation, s.Subscript):
            return self._generic(annotation, scope)
        if not isinstance(annotation, s.Name | s.Attribute):
            return False
        name = annotation.id if isinstance(annotation, s.Name) else annotation.name
        if name in _DATA:
            return True
        classes = self._certain.typed(annotation, scope)
        return bool(classes) and all(self._is_plain(cls) for cls in classes or ())

    def _generic(self, annotation: s.Subscript, scope: Scope) -> bool:
        form = annotation.value
        name = form.name if isinstance(form, s.Attribute) else getattr(form, "id", "")
        if name not in _WRAPPERS:
            return self.is_data(form, scope)
        index = annotation.index
        items = index.items if isinstance(index, s.Sequence) else [index]
        if name == "Annotated":
            items = items[:1]
        return all(self.is_data(item, scope) for item in items)

    def _is_plain(self, cls: ClassInfo) -> bool:
        """Its objects cannot be awaited, and nothing else passes for one."""
        if self._model.method(cls, "__await__") is not None:
            return False
        return not any(
            isinstance(base, ExternalValue) and base.path.endswith(".Protocol")
            for value in (ClassValue(cls), *self._model.ancestors(cls))
            if isinstance(value, ClassValue)
            for base in self._model.bases(value.cls)
        )
