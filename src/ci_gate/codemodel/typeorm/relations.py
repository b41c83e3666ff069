"""Relations of TypeORM: what ``@ManyToOne(() => User, (user) => user.articles)`` says."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.sequelize.columns import Options
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.codemodel.typeorm.facts import Kind, TypeormRelation
from ci_gate.codemodel.values import ClassValue

RELATIONS: Final[dict[str, Kind]] = {
    "ManyToOne": "many-to-one", "OneToMany": "one-to-many", "ManyToMany": "many-to-many",
    "OneToOne": "one-to-one",
}  # fmt: skip


class RelationReader:
    def __init__(self, model: CodeModel, origins: Origins) -> None:
        self._model = model
        self._origins = origins

    def decorated(
        self, name: str, decorator: str, call: s.Call, field: s.Assign,
        others: dict[str, s.Expr], scope: Scope,
    ) -> TypeormRelation:  # fmt: skip
        """The relation that a decorated field is; ``others`` are the decorators beside it."""
        kind = RELATIONS[decorator]
        target, target_cls, known = self.target(call.argument(0), scope)
        inverse: str | None = None
        inverse_node: s.Expr | None = None
        options = Options(self._origins, None, scope)
        second, third = call.argument(1), call.argument(2)
        given = second
        if isinstance(second, s.FunctionExpr) or _text(second) is not None:
            inverse, inverse_node = inverse_of(second), second
            known = known and inverse is not None
            given = third
        elif second is not None and not isinstance(second, s.Mapping):
            known = _is_nothing(second) and known
            given = third
        if given is not None and not _is_nothing(given):
            options = Options(self._origins, given, scope)
        join, table = others.get("JoinColumn"), others.get("JoinTable")
        return TypeormRelation(
            name, kind, scope.module.path, field.span, scope, target, target_cls, inverse,
            inverse_node, kind == "many-to-one" or join is not None or table is not None,
            self._keys(join, scope), self._name_of(table, scope),
            options.flag("eager", self._origins) is True,
            options.flag("lazy", self._origins) is True or _is_promise(field.annotation),
            options.flag("nullable", self._origins) is not False, known,
        )  # fmt: skip

    def target(
        self, expr: s.Expr | None, scope: Scope
    ) -> tuple[str | None, ClassInfo | None, bool]:
        """The entity that the first argument names: its name, its class, and whether it is sure."""
        text = _text(expr)
        if text is not None:
            return text, None, True
        if isinstance(expr, s.FunctionExpr):
            returned = [item.value for item in s.returns_in(expr.function)]
            function = self._model.function_of(expr.function)
            scope = self._model.scope_in(function) if function is not None else scope
            expr = returned[0] if len(returned) == 1 else None
        if expr is None:
            return None, None, False
        inner = _text(expr)
        if inner is not None:
            return inner, None, True
        values = self._model.evaluate(expr, scope)
        only = next(iter(values)) if len(values) == 1 else None
        if isinstance(only, ClassValue):
            return only.cls.name, only.cls, True
        return (expr.id if isinstance(expr, s.Name) else None), None, False

    def _keys(self, join: s.Expr | None, scope: Scope) -> tuple[str, ...] | None:
        """The columns that ``@JoinColumn`` names."""
        if not isinstance(join, s.Call) or not join.args:
            return ()
        return self.key_names(join.args[0].value, scope)

    def key_names(self, given: s.Expr, scope: Scope) -> tuple[str, ...] | None:
        """The columns that ``{ name: "author_id" }``, or a list of such, names."""
        if isinstance(given, s.Literal):
            return ()  # `joinColumn: true`
        names: list[str] = []
        for item in given.items if isinstance(given, s.Sequence) else [given]:
            options = Options(self._origins, item, scope)
            name = options.text("name", self._origins)
            if name is not None:
                names.append(name)
            elif options.has("name") or not options.complete:
                return None
        return tuple(names)

    def _name_of(self, table: s.Expr | None, scope: Scope) -> str | None:
        if not isinstance(table, s.Call) or not table.args:
            return None
        return Options(self._origins, table.args[0].value, scope).text("name", self._origins)


def inverse_of(expr: s.Expr | None) -> str | None:
    """The property that ``(user) => user.articles`` or ``"articles"`` names."""
    text = _text(expr)
    if text is not None:
        return text
    if not isinstance(expr, s.FunctionExpr) or not expr.function.params:
        return None
    returned = [item.value for item in s.returns_in(expr.function)]
    match returned:
        case [s.Attribute(value=s.Name(id=base), name=name)] if (
            base == expr.function.params[0].name
        ):
            return name
    return None


def _text(expr: s.Expr | None) -> str | None:
    if isinstance(expr, s.Literal) and isinstance(expr.value, str):
        return expr.value
    return None


def _is_nothing(expr: s.Expr) -> bool:
    return isinstance(expr, s.Literal) and expr.value is None


def _is_promise(annotation: s.Expr | None) -> bool:
    form = annotation.value if isinstance(annotation, s.Subscript) else annotation
    return isinstance(form, s.Name) and form.id == "Promise"
