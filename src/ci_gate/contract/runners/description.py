"""The contract's OpenAPI description, as far as the runner has to know it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from ci_gate import yamltext
from ci_gate.plainfile import open_file

_BYTES: Final = 8 * 1024 * 1024
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace"})


class Unreadable(Exception):
    """The file is no OpenAPI description. The message says why."""


def read(path: Path, label: str) -> dict[str, Any]:
    """The description, from JSON or YAML.

    Raises:
        Unreadable: it cannot be read, or is something else.
    """
    try:
        with open_file(path.resolve()) as stream:
            data = stream.read(_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"{label} cannot be read: {error.strerror or error}") from None
    if len(data) > _BYTES:
        raise Unreadable(f"{label} is larger than {_BYTES // 1024**2} MB")
    try:
        document = _parse(data.decode("utf-8-sig"), path.suffix == ".json")
    except UnicodeDecodeError:
        raise Unreadable(f"{label} is not text in UTF-8") from None
    except RecursionError:
        raise Unreadable(f"{label} is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"{label} is not valid JSON ({where}: {error.msg})") from None
    except yaml.YAMLError as error:
        raise Unreadable(f"{label} is not valid YAML ({_where(error)})") from None
    except ValueError as error:  # a date that is none
        raise Unreadable(f"{label} is not valid YAML ({error})") from None
    if not isinstance(document, dict) or not {"openapi", "swagger"} & document.keys():
        raise Unreadable(f"{label} is no OpenAPI description: it has no key 'openapi'")
    return document


def base_path(document: Mapping[str, Any]) -> str:
    """The path that all others are below, as the first server has it; no slash at its end."""
    if "swagger" in document:
        path = document.get("basePath")
        return _path(path) if isinstance(path, str) else ""
    servers = document.get("servers")
    server = servers[0] if isinstance(servers, list) and servers else None
    url = server.get("url") if isinstance(server, dict) else None
    if not isinstance(server, dict) or not isinstance(url, str):
        return ""
    variables = server.get("variables")
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        value = variable.get("default", "") if isinstance(variable, dict) else ""
        url = url.replace(f"{{{name}}}", str(value))
    return _path(url)


def labels(document: Mapping[str, Any]) -> list[str]:
    """``METHOD /path`` of each operation, in the order of the description."""
    paths = document.get("paths")
    return [
        f"{method.upper()} {path}"
        for path, item in (paths.items() if isinstance(paths, dict) else ())
        for method in (item if isinstance(item, dict) else ())
        if isinstance(method, str) and method.lower() in _METHODS
    ]


def documents(document: Mapping[str, Any], status: int) -> bool:
    """Does each operation say that it may be answered with that status?"""
    paths = document.get("paths")
    answers = [
        operation.get("responses")
        for item in (paths.values() if isinstance(paths, dict) else ())
        for method, operation in (item.items() if isinstance(item, dict) else ())
        if isinstance(method, str) and method.lower() in _METHODS and isinstance(operation, dict)
    ]
    names = {str(status), f"{status // 100}XX"}
    return bool(answers) and all(
        isinstance(known, dict) and not names.isdisjoint(str(name).upper() for name in known)
        for known in answers
    )


def _path(url: str) -> str:
    try:
        path = urlsplit(url).path.strip("/")
    except ValueError:
        return ""
    return f"/{path}" if path else ""


def _parse(text: str, is_json: bool) -> Any:
    if is_json or text.lstrip().startswith("{"):
        return json.loads(text)
    return yamltext.load(text)


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "cannot be parsed"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else str(problem)
