from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import starmap
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._read_objects import Lack, RequiredName, lacks

_MODELS: Final = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel"})
#: Bases that add neither fields nor ways to make an object.
_HARMLESS: Final = frozenset({"object", "abc.ABC", "typing.Generic"})
#: What a class can do so that its fields need not all be given.
_OWN_WAYS: Final = frozenset({"__init__", "__new__", "__init_subclass__"})
#: Generators of aliases that change a name's case and underscores only.
_OF_CASE: Final = regex(r"^(?:to_)?(?:lower_)?(?:camel|pascal|snake)\w*$|^camelize$", re.IGNORECASE)
_VALIDATORS: Final = frozenset({"model_validator", "root_validator"})
#: Annotations of names that are no fields, or that may say of a default.
_NO_FIELDS: Final = frozenset({"ClassVar", "PrivateAttr"})
_MAYBE_NOTHING: Final = frozenset({"Optional", "Annotated", "Any", "Undefined", "NotRequired"})
_MAX_SHOWN: Final = 4


class RequiredField(Rule):
    """A Pydantic model is made without a field that it requires.

    `UserOut(id=user.id, name=user.name)`, and the class has `email: str` too, in another module; or
    `ProfileOut.model_validate(user)` where the class has `following: bool` and the entity does not,
    also in the class of a relation, or where nothing sets `from_attributes`.

    ## Why is this bad?
    Pydantic raises ValidationError each time the line runs, and since it is not the request that is
    wrong, FastAPI answers 500.

    ## Fix
    Give the field, under the name that the class has for it, or give the field a default.

    ## Silent on
    Calls with `**` or positional arguments, fields that may be None or have a default, classes with
    aliases that change more than the case, validators of the whole model, constructors of their
    own, decorators, or bases that are not known.

    ## Source
    Pydantic, "Models": required fields.
    """

    id = "framework/required-field"
    group = "framework"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        if not any(edge.package == "pydantic" for edge in model.import_edges):
            return
        required: dict[ClassInfo, list[RequiredName] | None] = {}

        def asked(cls: ClassInfo) -> list[RequiredName] | None:
            if cls not in required:
                required[cls] = _required(model, cls)
            return required[cls]

        for function in model.functions.values():
            path = function.module.path
            if function.module.language != "python" or is_outside(path):
                continue
            for call in model.calls_in(function):
                cls = _made(model, call)
                if cls is None:
                    continue
                given = {_key(item.keyword or "") for item in call.args}
                missing = [item for item in asked(cls) or () if not item.keys & given]
                if missing:
                    yield self._found(path, call, cls, missing)
        for lack in lacks(facts, asked, _key):
            yield self._unread(lack)

    def _unread(self, lack: Lack) -> Finding:
        if not lack.fields:
            return self._unconfigured(lack)
        names = ", ".join(f"`{item.name}`" for item in lack.fields[:_MAX_SHOWN])
        entity = lack.entity
        return self.finding(
            lack.path,
            lack.call,
            message=f"{lack.cls.name} is read from {entity.name}, which has no {names}.",
            why="Pydantic raises ValidationError for each stored object, and the request ends in "
            "a 500.",
            fix=f"Make {lack.cls.name} with {names} given, or give the field a default.",
            subject=f"{lack.cls.name} of {entity.name} {' '.join(i.name for i in lack.fields)}",
            related=[
                *(
                    Related(item.path, item.line, f"`{item.name}` is required here")
                    for item in lack.fields[:_MAX_SHOWN]
                ),
                Related(entity.path, entity.span[0], f"{entity.name} is mapped here"),
            ],
        )

    def _unconfigured(self, lack: Lack) -> Finding:
        name, entity = lack.cls.name, lack.entity
        return self.finding(
            lack.path,
            lack.call,
            message=f"{name} is read from {entity.name}, and nothing lets it read attributes.",
            why="Pydantic raises ValidationError (Input should be a valid dictionary) each time "
            "the line runs, and the request ends in a 500.",
            fix=f"Give {name} `model_config = ConfigDict(from_attributes=True)`.",
            subject=f"{name} of {entity.name} from_attributes",
            related=[Related(lack.cls.module.path, lack.cls.node.line, f"{name} is defined here")],
        )

    def _found(
        self, path: str, call: s.Call, cls: ClassInfo, missing: list[RequiredName]
    ) -> Finding:
        names = ", ".join(f"`{item.name}`" for item in missing[:_MAX_SHOWN])
        more = f" and {len(missing) - _MAX_SHOWN} more" if len(missing) > _MAX_SHOWN else ""
        return self.finding(
            path,
            call.func,
            message=f"{cls.name} is made without {names}{more}, which it requires.",
            why="Pydantic raises ValidationError each time the line runs, and the request ends in "
            "a 500.",
            fix=f"Give {names}, or a default in the class.",
            subject=f"{cls.name} {' '.join(item.name for item in missing)}",
            related=[
                Related(item.path, item.line, f"`{item.name}` is required here")
                for item in missing[:_MAX_SHOWN]
            ],
        )


def _made(model: CodeModel, call: s.Call) -> ClassInfo | None:
    """The class of which the call makes an object by keywords."""
    if not call.args or any(item.star or item.keyword is None for item in call.args):
        return None
    name = s.last_name(call.func)
    if name is None or not name.lstrip("_")[:1].isupper():
        return None
    values = model.evaluate(call.func, model.scope_of(call))
    only = next(iter(values)) if len(values) == 1 else None
    return only.cls if isinstance(only, ClassValue) else None


def _required(model: CodeModel, cls: ClassInfo) -> list[RequiredName] | None:
    """The fields that have to be given; None where that cannot be told."""
    classes, is_model = [cls], False
    for base in model.ancestors(cls):
        if isinstance(base, ClassValue | InstanceValue):
            classes.append(base.cls)
        elif isinstance(base, ExternalValue) and base.path.removesuffix("[]") in _MODELS:
            is_model = True
        elif not isinstance(base, ExternalValue) or base.path.removesuffix("[]") not in _HARMLESS:
            return None
    if not is_model:
        return None
    fields: dict[str, RequiredName] = {}
    for each in reversed(classes):
        if not _is_plain(each.node):
            return None
        for statement in each.node.body:
            if isinstance(statement, s.Assign) and isinstance(statement.targets[0], s.Name):
                name = statement.targets[0].id
                fields.pop(name, None)
                keys = _keys(name, statement)
                if keys is not None:
                    fields[name] = RequiredName(name, keys, each.module.path, statement.line)
    return list(fields.values())


def _is_plain(node: s.Class) -> bool:
    """Does nothing in the class change how its objects are made?"""
    if node.decorators or any(item.keyword is not None for item in node.bases):
        return False
    for statement in node.body:
        match statement:
            case s.FunctionDef(function=function):
                if function.name in _OWN_WAYS or any(map(_is_validator, function.decorators)):
                    return False
            case s.ClassDef(cls=s.Class(name="Config", body=body)):
                if not all(starmap(_is_of_case, _assigned(body))):
                    return False
            case s.Assign(targets=[s.Name(id="model_config")], value=value):
                if not all(starmap(_is_of_case, _settings(value))):
                    return False
            case s.ClassDef() | s.If() | s.Try() | s.For():
                return False
    return True


def _settings(value: s.Expr | None) -> Iterator[tuple[str | None, s.Expr]]:
    """What ``ConfigDict(…)`` or a dict says; without a name where that is not told."""
    match value:
        case s.Call(args=args):
            for item in args:
                yield item.keyword, item.value
        case s.Mapping(entries=entries):
            for entry in entries:
                key = entry.key.value if isinstance(entry.key, s.Literal) else None
                yield None if key is None else str(key), entry.value
        case _ if value is not None:
            yield None, value


def _assigned(body: Sequence[s.Stmt]) -> Iterator[tuple[str | None, s.Expr]]:
    for statement in body:
        match statement:
            case s.Assign(targets=[s.Name(id=name)], value=value) if value is not None:
                yield name, value


def _is_of_case(setting: str | None, value: s.Expr) -> bool:
    """Does a setting leave the names of fields alone, but for their case?"""
    if setting == "alias_generator":
        name = s.last_name(value)
        return name is not None and bool(_OF_CASE.match(name))
    return setting not in (None, "fields")


def _is_validator(decorator: s.Expr) -> bool:
    called = decorator.func if isinstance(decorator, s.Call) else decorator
    return s.last_name(called) in _VALIDATORS


def _keys(name: str, statement: s.Assign) -> frozenset[str] | None:
    """The keywords that give the field; None where it need not be given."""
    if (
        name.startswith("_")
        or statement.annotation is None
        or _may_be_nothing(statement.annotation)
    ):
        return None
    match statement.value:
        case None:
            return frozenset({_key(name)})
        case s.Call(func=s.Name(id="Field") | s.Attribute(name="Field"), args=args):
            keys = {_key(name)}
            for item in args:
                match item:
                    case s.Argument(keyword=None, star="", value=s.Literal(kind="ellipsis")):
                        continue
                    case s.Argument(keyword="alias" | "validation_alias", value=value):
                        if not isinstance(value, s.Literal):
                            return None
                        keys.add(_key(str(value.value)))
                    case (
                        s.Argument(keyword=None) | s.Argument(keyword="default" | "default_factory")
                    ):
                        return None
            return frozenset(keys)
    return None


def _key(name: str) -> str:
    return name.replace("_", "").lower()


def _may_be_nothing(annotation: s.Expr) -> bool:
    for part in s.walk(annotation):
        match part:
            case s.Literal(value=None):
                return True
            case s.Literal(value=str(text)) if "None" in text or "Optional" in text:
                return True
            case s.Name(id=word) | s.Attribute(name=word):
                if word in _NO_FIELDS or word in _MAYBE_NOTHING:
                    return True
    return False
