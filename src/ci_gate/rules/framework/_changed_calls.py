"""Uses of Python libraries that newer releases refuse although the name is still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.requirement import Release
from ci_gate.codemodel.model import ClassInfo, CodeModel, FunctionInfo
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import dataclass

_MODEL: Final = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel"})
_SCHEMA: Final = frozenset({"marshmallow.Schema", "marshmallow.schema.Schema"})
_HOOKS: Final = frozenset({
    "marshmallow.post_load", "marshmallow.pre_load", "marshmallow.post_dump",
    "marshmallow.pre_dump", "marshmallow.validates_schema",
})  # fmt: skip
_STATEMENTS: Final[Mapping[str, str]] = {
    "select": ".where(…)", "update": ".where(…)", "delete": ".where(…)", "insert": ".values(…)",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changed:
    """``what`` is refused since ``since`` of the distribution; ``happens`` says how."""

    distribution: str
    since: Release
    node: s.Node
    what: str
    happens: str
    fix: str


Search: TypeAlias = Callable[[CodeModel, s.Module], Iterator[Changed]]


def changed(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    """Every such use in a module."""
    words = s.gathered(module).words
    for any_of, search in _SEARCHES:
        if not words.isdisjoint(any_of):
            yield from search(model, module)


def _calls(model: CodeModel, module: s.Module, name: str) -> Iterator[s.Call]:
    return (call for call in model.nodes_of(module, s.Call) if s.last_name(call.func) == name)


def _is(model: CodeModel, expr: s.Expr, *paths: str) -> bool:
    values = model.evaluate(expr)
    return bool(values) and all(
        isinstance(item, ExternalValue) and item.path in paths for item in values
    )


def _functions(model: CodeModel, module: s.Module) -> Iterator[tuple[FunctionInfo, s.Function]]:
    for info in model.functions.values():
        if info.module is module and isinstance(info.node, s.Function):
            yield info, info.node


def _spreads(call: s.Call) -> bool:
    return any(item.star for item in call.args)


# --- JSON Web Tokens ---


def _decode(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for call in _calls(model, module, "decode"):
        given = {item.keyword for item in call.args}
        if _spreads(call) or given & {"algorithms", "options"} or not call.args:
            continue
        if call.argument(2) is None and _is(model, call.func, "jwt.decode"):
            yield Changed(
                "pyjwt", (2, 0), call, "`jwt.decode()` without `algorithms`",
                "every call raises DecodeError: It is required that you pass in a value for the "
                '"algorithms" argument',
                'Write `jwt.decode(token, key, algorithms=["HS256"])`, with the algorithm that '
                "signs.",
            )  # fmt: skip


def _uncalled(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for _, node in _functions(model, module):
        for decorator in node.decorators:
            if isinstance(decorator, s.Name | s.Attribute) and _is(
                model, decorator, "flask_jwt_extended.jwt_required"
            ):
                yield Changed(
                    "flask-jwt-extended", (4, 0), decorator,
                    f"`@jwt_required` without a call on {node.name}()",
                    f"the decorator takes {node.name} for its option and hands back another "
                    "decorator, so no token is asked for and the view is never run",
                    "Write `@jwt_required()`.",
                )  # fmt: skip


# --- Pydantic ---


def _validators(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for _, node in _functions(model, module):
        for decorator in node.decorators:
            call = decorator if isinstance(decorator, s.Call) else None
            func = call.func if call is not None else decorator
            if _is(model, func, "pydantic.root_validator") and not (
                call is not None
                and (_spreads(call) or {i.keyword for i in call.args} & {"pre", "skip_on_failure"})
            ):
                yield Changed(
                    "pydantic", (2, 0), decorator, f"`@root_validator` on {node.name}()",
                    "the class raises PydanticUserError (you MUST specify `skip_on_failure=True`) "
                    "when the module is loaded",
                    "Write `@model_validator(mode='after')`, or `skip_on_failure=True`.",
                )  # fmt: skip
            elif call is not None and _is(model, func, "pydantic.validator"):
                named = [item.name for item in node.params if item.name in ("field", "config")]
                if named:
                    yield Changed(
                        "pydantic", (2, 0), decorator,
                        f"The parameter `{named[0]}` of the validator {node.name}()",
                        "the class raises PydanticUserError (the `field` and `config` parameters "
                        "are not available) when the module is loaded",
                        "Write `@field_validator(…)` and take `info: ValidationInfo`.",
                    )  # fmt: skip


def _root_types(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for cls in _classes(model, module, _MODEL):
        for item in cls.node.body:
            if isinstance(item, s.Assign) and any(
                isinstance(target, s.Name) and target.id == "__root__" for target in item.targets
            ):
                yield Changed(
                    "pydantic", (2, 0), item, f"`__root__` of {cls.name}",
                    "the class raises PydanticUserError (use `pydantic.RootModel`) when the module "
                    "is loaded",
                    f"Write `class {cls.name}(RootModel[…])`.",
                )  # fmt: skip


def _from_orm(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for call in _calls(model, module, "from_orm"):
        if not isinstance(call.func, s.Attribute):
            continue
        values = model.evaluate(call.func.value)
        classes = [item.cls for item in values if isinstance(item, ClassValue)]
        if len(values) == len(classes) == 1 and _lacks_from_attributes(model, classes[0]):
            name = classes[0].name
            yield Changed(
                "pydantic", (2, 0), call, f"`{name}.from_orm()`",
                f"{name} does not set `from_attributes` (`orm_mode` is read no more), so every "
                "call raises PydanticUserError",
                f"Write `model_config = ConfigDict(from_attributes=True)` in {name}.",
            )  # fmt: skip


def _lacks_from_attributes(model: CodeModel, cls: ClassInfo) -> bool:
    """Is it a plain Pydantic model of the tree in which, and in whose bases, nothing sets it?"""
    ancestors = list(model.ancestors(cls))
    outside = {item.path for item in ancestors if isinstance(item, ExternalValue)}
    if not outside or not outside <= _MODEL | {"abc.ABC", "typing.Generic"}:
        return False
    own = [cls, *(item.cls for item in ancestors if isinstance(item, ClassValue))]
    if any("from_orm" in model.member_names(item) for item in own):
        return False
    for item in own:
        for node in s.walk(item.node):
            match node:
                case s.Assign(targets=[s.Name(id="model_config")], value=value):
                    if value is None or not isinstance(value, s.Call | s.Mapping):
                        return False
                    if isinstance(value, s.Call) and _spreads(value):
                        return False
                case s.Class(name="Config", bases=[_, *_]):
                    return False
                case s.Name(id="from_attributes") | s.Literal(value="from_attributes"):
                    return False
                case s.Argument(keyword="from_attributes"):
                    return False
        if any(argument.keyword for argument in item.node.bases):
            return False
    return True


# --- marshmallow ---


def _hooks(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for info, node in _functions(model, module):
        names = {item.name for item in node.params}
        if info.cls is None or any(item.kind == "**" for item in node.params):
            continue
        for decorator in node.decorators:
            func = decorator.func if isinstance(decorator, s.Call) else decorator
            values = model.evaluate(func)
            paths = {item.path for item in values if isinstance(item, ExternalValue)}
            if len(values) == 1 and paths & _HOOKS and "many" not in names:
                yield Changed(
                    "marshmallow", (3, 0), decorator, f"{node.name}() without `**kwargs`",
                    "it is called with `many=` (and `partial=`), so every load or dump raises "
                    f"TypeError: {node.name}() got an unexpected keyword argument",
                    f"Write `def {node.name}(self, data, **kwargs)`.",
                )  # fmt: skip
            elif paths == {"marshmallow.validates"} and "data_key" not in names:
                yield Changed(
                    "marshmallow", (4, 0), decorator, f"{node.name}() without `data_key`",
                    "it is called with `data_key=`, so every load raises TypeError: "
                    f"{node.name}() got an unexpected keyword argument 'data_key'",
                    f"Write `def {node.name}(self, value, data_key)`.",
                )  # fmt: skip


# --- SQLAlchemy and Flask-SQLAlchemy ---


def _unbound(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for name in ("create_all", "drop_all", "reflect"):
        for call in _calls(model, module, name):
            if call.args or not isinstance(call.func, s.Attribute):
                continue
            if _is(model, call.func.value, "sqlalchemy.MetaData()", "sqlalchemy.schema.MetaData()",
                   "sqlalchemy.orm.declarative_base().metadata"):  # fmt: skip
                yield Changed(
                    "sqlalchemy", (2, 0), call, f"`metadata.{name}()` without an engine",
                    f"a MetaData has no engine of its own any more: TypeError: {name}() missing 1 "
                    "required positional argument: 'bind'",
                    f"Write `{name}(engine)`.",
                )  # fmt: skip


def _statements(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for name, better in _STATEMENTS.items():
        for call in _calls(model, module, name):
            if not call.args or _spreads(call) or call.args[0].keyword:
                continue
            if isinstance(call.func, s.Attribute) and _is(
                model, call.func.value, "sqlalchemy.Table()", "sqlalchemy.schema.Table()"
            ):
                yield Changed(
                    "sqlalchemy", (2, 0), call, f"`table.{name}(…)` with an argument",
                    f"the method takes none any more: TypeError: {name}() takes 1 positional "
                    "argument but 2 were given",
                    f"Write `.{name}(){better}`.",
                )  # fmt: skip


def _paginate(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for call in _calls(model, module, "paginate"):
        if not call.args or call.args[0].keyword or call.args[0].star:
            continue
        chain: s.Expr = call.func
        while isinstance(chain, s.Attribute | s.Call):
            if isinstance(chain, s.Attribute) and chain.name == "query":
                break
            chain = chain.value if isinstance(chain, s.Attribute) else chain.func
        if not isinstance(chain, s.Attribute) or not _is_query(model, chain):
            continue
        yield Changed(
            "flask-sqlalchemy", (3, 0), call, "`paginate()` with arguments by position",
            "it takes them by name only: TypeError: paginate() takes 1 positional argument",
            "Write `paginate(page=…, per_page=…, error_out=…)`.",
        )  # fmt: skip


def _is_query(model: CodeModel, chain: s.Attribute) -> bool:
    """``Model.query`` of a class that derives from ``db.Model``."""
    values = model.evaluate(chain.value)
    return bool(values) and all(
        isinstance(item, ClassValue)
        and any(
            isinstance(base, ExternalValue) and base.path == "flask_sqlalchemy.SQLAlchemy().Model"
            for base in model.ancestors(item.cls)
        )
        and "query" not in model.member_names(item.cls)
        for item in values
    )


# --- Django ---


def _is_ajax(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    if model.stores("is_ajax") or any(item.name == "is_ajax" for item in model.functions.values()):
        return
    for call in _calls(model, module, "is_ajax"):
        match call:
            case s.Call(
                func=s.Attribute(value=s.Name(id="request") | s.Attribute(name="request")), args=[]
            ):
                yield Changed(
                    "django", (4, 0), call, "`request.is_ajax()`",
                    "the method is gone: AttributeError: 'WSGIRequest' object has no attribute "
                    "'is_ajax'",
                    "Write `request.headers.get('x-requested-with') == 'XMLHttpRequest'`.",
                )  # fmt: skip


def _index_together(model: CodeModel, module: s.Module) -> Iterator[Changed]:
    for cls in _classes(model, module, frozenset({"django.db.models.Model"})):
        for meta in cls.node.body:
            if not isinstance(meta, s.ClassDef) or meta.cls.name != "Meta":
                continue
            for item in meta.cls.body:
                if isinstance(item, s.Assign) and any(
                    isinstance(target, s.Name) and target.id == "index_together"
                    for target in item.targets
                ):
                    yield Changed(
                        "django", (5, 1), item, f"`index_together` of {cls.name}",
                        "the class raises TypeError ('class Meta' got invalid attribute(s): "
                        "index_together) when the module is loaded",
                        "Write `indexes = [models.Index(fields=[…])]`, and a migration that "
                        "renames the index.",
                    )  # fmt: skip


def _classes(model: CodeModel, module: s.Module, bases: frozenset[str]) -> Iterator[ClassInfo]:
    for cls in model.classes.values():
        if cls.module is module and any(
            isinstance(item, ExternalValue) and item.path in bases for item in model.ancestors(cls)
        ):
            yield cls


#: The words of which a module has to have one, and the search.
_SEARCHES: Final[tuple[tuple[frozenset[str], Search], ...]] = (
    (frozenset({"jwt"}), _decode),
    (frozenset({"jwt_required"}), _uncalled),
    (frozenset({"root_validator", "validator"}), _validators),
    (frozenset({"__root__"}), _root_types),
    (frozenset({"from_orm"}), _from_orm),
    (frozenset({"marshmallow"}), _hooks),
    (frozenset({"create_all", "drop_all", "reflect"}), _unbound),
    (frozenset(_STATEMENTS), _statements),
    (frozenset({"paginate"}), _paginate),
    (frozenset({"is_ajax"}), _is_ajax),
    (frozenset({"index_together"}), _index_together),
)
