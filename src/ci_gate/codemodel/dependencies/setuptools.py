"""``setup.py``, ``setup.cfg`` and conda's ``environment.yml``."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from typing import Final

import yaml

from ci_gate import yamltext
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.manifest import Manifest, line_of
from ci_gate.codemodel.dependencies.requirement import Requirement, normal, parse
from ci_gate.codemodel.dependencies.requirements_txt import beside
from ci_gate.regex import regex

_LISTS: Final = ("install_requires", "extras_require", "tests_require", "setup_requires")
_CONDA: Final = regex(r"^(?:[\w.-]+::)?([A-Za-z][\w.-]*)\s*(.*)$")
_FILE: Final = regex(r"requirements[\w/.-]*\.(?:txt|in)$")


def read_setup_cfg(path: str, text: str) -> Manifest | None:
    """The manifest in a ``setup.cfg``; None where it declares no project."""
    config = configparser.RawConfigParser(strict=False)
    try:
        config.read_string(text)
    except configparser.Error:
        return None
    if not config.has_section("options"):
        return None
    found = Manifest(path)
    listed = [config.get("options", name, fallback="") for name in _LISTS[:1] + _LISTS[2:]]
    if config.has_section("options.extras_require"):
        listed += [value for _, value in config.items("options.extras_require")]
    for value in listed:
        if value.strip().startswith("file:"):
            names = value.strip().removeprefix("file:").split(",")
            found.includes += [beside(path, name.strip()) for name in names]
            continue
        for item in value.splitlines():
            if item.strip() and not item.strip().startswith("#"):
                _add(found, item.strip(), line_of(text, item.strip()))
    wanted = config.get("options", "python_requires", fallback=None)
    if wanted is not None:
        found.python = wanted, line_of(text, "python_requires")
    return found


def read_setup_py(module: s.Module) -> Manifest | None:
    """The manifest in the ``setup(…)`` call of a ``setup.py``; None where there is no such call."""
    call = next((node for node in s.walk(module) if _is_setup(node)), None)
    if not isinstance(call, s.Call):
        return None
    found = Manifest(module.path)
    names = {
        target.id: statement.value
        for statement in module.body
        if isinstance(statement, s.Assign) and statement.value is not None
        for target in statement.targets
        if isinstance(target, s.Name)
    }
    found.unread = any(argument.star for argument in call.args)
    for name in _LISTS:
        given = call.argument(None, name)
        if given is not None and not _literals(found, given, names):
            files = [text for text in _texts(module) if _FILE.search(text)]
            if files:
                found.includes += [beside(module.path, text) for text in files]
            else:
                found.unread = True
    name_ = call.argument(None, "name")
    if isinstance(name_, s.Literal) and isinstance(name_.value, str):
        found.name = normal(name_.value)
    wanted = call.argument(None, "python_requires")
    if isinstance(wanted, s.Literal) and isinstance(wanted.value, str):
        found.python = wanted.value, wanted.line
    return found


def _is_setup(node: s.Node) -> bool:
    match node:
        case s.Call(func=s.Name(id="setup") | s.Attribute(name="setup")):
            return True
    return False


def _literals(found: Manifest, expr: s.Expr, names: dict[str, s.Expr]) -> bool:
    """Takes in a list of constants, or lists of them by extra; false where it is neither."""
    waiting, budget = [expr], 400
    while waiting:
        item = waiting.pop(0)
        budget -= 1
        if isinstance(item, s.Name) and item.id in names and budget > 0:
            waiting.append(names[item.id])
        elif isinstance(item, s.Literal) and isinstance(item.value, str) and budget > 0:
            _add(found, item.value, item.line)
        elif isinstance(item, s.Sequence):
            waiting += item.items
        elif isinstance(item, s.Mapping) and all(entry.key is not None for entry in item.entries):
            waiting += [entry.value for entry in item.entries]
        elif isinstance(item, s.Binary) and item.op == "+":
            waiting += [item.left, item.right]
        else:
            return False
    return True


def _texts(module: s.Module) -> Iterator[str]:
    for node in s.walk(module):
        if isinstance(node, s.Literal) and isinstance(node.value, str):
            yield node.value


def read_conda(path: str, text: str) -> Manifest | None:
    """The manifest in a conda environment file; None where it is none."""
    try:
        data = yamltext.load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    listed = data.get("dependencies") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return None
    found = Manifest(path)
    for item in listed:
        if isinstance(item, dict):
            pip = item.get("pip")
            for inner in pip if isinstance(pip, list) else ():
                if str(inner).startswith("-r"):
                    found.includes.append(beside(path, str(inner)[2:].strip()))
                else:
                    _add(found, str(inner), line_of(text, str(inner)))
        elif isinstance(item, str) and (match := _CONDA.match(item)):
            line = line_of(text, item)
            found.requirements.append(
                Requirement(normal(match[1]), path, line, specifier=match[2], notation="tool")
            )
    return found


def _add(found: Manifest, text: str, line: int) -> None:
    requirement = parse(text, found.path, line)
    if requirement is not None:
        found.requirements.append(requirement)
    else:
        found.unread = True
