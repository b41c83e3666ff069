"""What set-up code decides for all sessions."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ConstantValue, ExternalValue
from ci_gate.regex import regex

_FACTORIES: Final = regex(
    r"^sqlalchemy\.(?:orm\.(?:sessionmaker|Session|create_session)|ext\.asyncio\."
    r"(?:async_sessionmaker|AsyncSession))$|^sqlmodel\.(?:Session|ext\.asyncio\.session\.AsyncSession)$"
)


def expires_on_commit(model: CodeModel) -> bool | None:
    """Whether sessions expire their objects on commit; None where that is not the same for all."""
    found: set[bool | None] = set()
    if not any(
        _is_sqlalchemy(item) for module in model.modules.values() for item in module.imports
    ):
        return True
    for path, module in model.modules.items():
        if module.language != "python" or is_outside(path):
            continue
        if "expire_on_commit" in _keywords(module):
            found |= _of_module(model, module)
    if not found:
        return True
    if found == {True}:
        return True
    return False if found == {False} else None


def makers(model: CodeModel) -> list[tuple[str, s.Call]]:
    """The calls that make the service's session factories, with their files."""
    found: list[tuple[str, s.Call]] = []
    for name in ("async_sessionmaker", "sessionmaker"):
        for call, scope in model.calls_named(name):
            path = scope.module.path
            if not is_outside(path) and any(
                isinstance(value, ExternalValue) and _FACTORIES.match(value.path)
                for value in model.evaluate(call.func, scope)
            ):
                found.append((path, call))
    return found


def _is_sqlalchemy(item: s.Import) -> bool:
    package = item.specifier.partition(".")[0]
    return "sqlalchemy" in package or package == "sqlmodel"


def _keywords(module: s.Module) -> set[str]:
    return {
        node.keyword
        for node in s.walk(module)
        if isinstance(node, s.Argument) and node.keyword is not None
    } | {
        node.value
        for node in s.walk(module)
        if isinstance(node, s.Literal) and isinstance(node.value, str) and len(node.value) < 40
    }


def _of_module(model: CodeModel, module: s.Module) -> set[bool | None]:
    found: set[bool | None] = set()
    for node in s.walk(module):
        if not isinstance(node, s.Call):
            continue
        given = node.argument(keyword="expire_on_commit")
        if given is None:
            continue
        values = model.evaluate(given)
        constants = {v.value for v in values if isinstance(v, ConstantValue)}
        if len(values) == 1 and constants <= {True, False} and constants:
            found.add(bool(constants.pop()))
        else:
            found.add(None)
    for node in s.walk(module):
        if isinstance(node, s.Mapping) and node.get("expire_on_commit") is not None:
            value = node.get("expire_on_commit")
            found.add(value.value if isinstance(value, s.Literal) and isinstance(value.value, bool)
                      else None)  # fmt: skip
    if not found:
        for node in s.walk(module):
            if isinstance(node, s.Call):
                for called in model.evaluate(node.func):
                    if isinstance(called, ExternalValue) and _FACTORIES.match(called.path):
                        found.add(True)
    return found
