"""``.ci-gate.yml`` as one typed object."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from ci_gate.cache import Cache, name_of
from ci_gate.config_agents import Agent
from ci_gate.config_agents import build as build_agents
from ci_gate.config_contract import CommandError, ContractConfig
from ci_gate.config_contract import build as build_contract
from ci_gate.config_fits import FORMATS, fits
from ci_gate.data import dataclass
from ci_gate.findings import Severity
from ci_gate.plainfile import NotPlain, open_file

FailOn = Literal["new", "all", "never"]

#: Where the configuration is looked for, in the root of the scanned tree.
FILE_NAMES: Final = (".ci-gate.yml", ".ci-gate.yaml")

_Path: TypeAlias = tuple[str | int, ...]
_MAX_BYTES: Final = 256 * 1024
_MAX_VALUES: Final = 20_000
_MAX_DEPTH: Final = 20
_MAX_NUMBER: Final = 1e30
_KEY: Final = "\0key"  # marks the place of a key rather than of its value
_TYPES: Final = {
    "string": "text",
    "array": "a list",
    "object": "a mapping",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
    "null": "null",
}


@dataclass(frozen=True, slots=True)
class LayerConfig:
    """One layer, outermost first in ``ArchitectureConfig.layers``.

    ``paths`` are gitignore-style patterns relative to the root. ``role``: presentation, service,
    data-access, model, other (guessed from the name when absent). ``may_import``: layers it may
    import; absent: every layer below it (only the next one under ``strict``).
    """

    name: str
    paths: tuple[str, ...]
    role: str | None = None
    may_import: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ArchitectureConfig:
    """``style: auto`` infers the layers. ``style: NAME`` takes rulesets/architectures/NAME.yml.
    ``layers`` writes them out (style is then only a label)."""

    style: str = "auto"
    strict: bool | None = None  # None: as the named architecture says, else False
    layers: tuple[LayerConfig, ...] = ()
    composition_roots: tuple[str, ...] = ()  # patterns of files that may import every layer
    shared: tuple[str, ...] = ()  # patterns of files that belong to no layer


@dataclass(frozen=True, slots=True)
class SemgrepConfig:
    enabled: bool = True
    rulesets: tuple[str, ...] = ()  # the user's own files or folders, relative to the root
    timeout: float = 300.0  # seconds for the whole run


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; the defaults are what an absent file means."""

    path: Path | None = None
    include: tuple[str, ...] = ()  # gitignore-style; empty: everything
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()  # rule ids or groups; empty: all
    ignore: tuple[str, ...] = ()
    severity: dict[str, Severity] = field(default_factory=dict)  # rule id or group -> severity
    fail_on: FailOn = "new"
    threshold: Severity = Severity.ERROR  # findings at or above it block
    allow_empty: bool = False  # no supported backend, no file: pass instead of incomplete
    database: str | None = None  # the one engine that the service may use
    orm: str | None = None  # the ORM that all data access goes through
    architecture: ArchitectureConfig = field(default_factory=ArchitectureConfig)
    semgrep: SemgrepConfig = field(default_factory=SemgrepConfig)
    contract: ContractConfig = field(default_factory=ContractConfig)
    openapi: str | None = None  # path of the description, relative to the root; None: looked for
    agents: dict[str, Agent | None] = field(default_factory=dict)  # None: switched off


class ConfigError(Exception):
    """Mistakes in the configuration: one line each, ``FILE:LINE:COLUMN: what; remedy``."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(root: Path, path: Path | None = None, cache: Cache | None = None) -> Config:
    """The configuration of the tree at ``root``: ``path``, else the file of a known name, else the
    defaults. What ``cache`` knows to be without mistakes is not checked again. A link is followed
    only where the user named it: in the tree it may lead to what the change's author cannot read.

    Raises:
        ConfigError: the file cannot be read, is not YAML, or says something it may not.
    """
    named = path is not None
    if path is None:
        there = name_in(root)
        if there is None:
            return Config()
        path = root / there
    shown = path.name if path.parent == root else str(path)
    try:
        with open_file(path, follow=named) as stream:
            raw = stream.read(_MAX_BYTES + 1)
    except NotPlain as error:
        raise ConfigError(f"{shown} is {error.kind}; make it a plain file") from None
    except OSError as error:
        raise ConfigError(f"{shown}: cannot be read: {error.strerror or error}") from None
    if len(raw) > _MAX_BYTES:
        raise ConfigError(f"{shown}: larger than {_MAX_BYTES // 1024} KiB; shorten it")
    return parse(raw, shown, path, cache)


def name_in(folder: Path, names: Sequence[str] = FILE_NAMES) -> str | None:
    """Under which of ``names`` there is something in ``folder``, though it may be no file."""
    return next((name for name in names if os.path.lexists(folder / name)), None)


def parse(raw: bytes, shown: str, path: Path | None = None, cache: Cache | None = None) -> Config:
    """The configuration written in ``raw``; ``shown`` names the file in messages.

    Raises:
        ConfigError: as for :func:`load`.
    """
    name = name_of("configuration", raw)
    kept = cache.get(name) if cache is not None else None
    if kept is not None:
        return _build(json.loads(kept), path)
    data, marks = _read_yaml(raw, shown)
    if data is None:
        return Config(path=path)
    problems = _problems(data, marks, shown)
    if problems:
        raise ConfigError(*problems)
    if cache is not None:
        cache.put(name, json.dumps(data).encode())
    return _build(data, path)


def _read_yaml(raw: bytes, shown: str) -> tuple[Any, dict[_Path, tuple[int, int]]]:
    """The document as plain data, and where each value (and each key) stands."""
    import yaml  # noqa: PLC0415  loaded only where a file is read

    try:
        text = raw.decode("utf-8-sig")
        root = _composed(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown}:{line}:1: not UTF-8; save the file as UTF-8") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise ConfigError(f"{shown}:{where}: not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{shown}:1:1: not valid YAML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{shown}:1:1: nested too deeply; no setting needs that") from None
    marks: dict[_Path, tuple[int, int]] = {}
    if root is None:
        return None, marks
    constructor = yaml.SafeLoader("")
    return _plain(root, (), marks, shown, constructor), marks


def _composed(text: str) -> Any:
    """The nodes of a document, by the quick loader where there is one; the other one's words on a
    mistake are the better ones."""
    import yaml  # noqa: PLC0415

    try:
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _plain(node: Any, where: _Path, marks: dict[_Path, tuple[int, int]], shown: str,
           constructor: Any) -> Any:  # fmt: skip
    import yaml  # noqa: PLC0415

    place = (node.start_mark.line + 1, node.start_mark.column + 1)
    at = f"{shown}:{place[0]}:{place[1]}"
    if len(marks) > _MAX_VALUES or len(where) > _MAX_DEPTH:
        raise ConfigError(f"{at}: too large (aliases count in full); no setting needs that")
    marks[where] = place
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            key_at = f"{shown}:{key_node.start_mark.line + 1}:{key_node.start_mark.column + 1}"
            if not isinstance(key, str):
                raise ConfigError(f"{key_at}: a key must be plain text")
            if key in result:
                raise ConfigError(f"{key_at}: {key!r} is set twice; keep one of them")
            marks[(*where, key, _KEY)] = (
                key_node.start_mark.line + 1,
                key_node.start_mark.column + 1,
            )
            result[key] = _plain(value_node, (*where, key), marks, shown, constructor)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _plain(item, (*where, index), marks, shown, constructor)
            for index, item in enumerate(node.value)
        ]
    try:
        value = constructor.construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError):
        raise ConfigError(f"{at}: {node.tag} {node.value!r} is not a plain value") from None
    if isinstance(value, int | float) and not abs(value) < _MAX_NUMBER:
        raise ConfigError(f"{at}: {_short(node.value)} is not a number to count with; no setting "
                          "needs that")  # fmt: skip
    if isinstance(value, str | bool | int | float) or value is None:
        return value
    return str(node.value)


def _problems(data: Any, marks: Mapping[_Path, tuple[int, int]], shown: str) -> list[str]:
    if fits(data, schema()):
        return []
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415

    found: list[tuple[tuple[int, int], str]] = []
    formats = FormatChecker(formats=())
    for name, is_one in FORMATS.items():
        formats.checks(name)(is_one)
    errors = list(Draft202012Validator(schema(), format_checker=formats).iter_errors(data))
    unknown: dict[_Path, set[str]] = {}  # a key that is missing may be there, written wrongly
    for error in errors:
        if error.validator == "additionalProperties":
            keys = set(error.instance) - set(error.schema["properties"])
            unknown.setdefault(tuple(error.absolute_path), set()).update(keys)
    for error in errors:
        where = tuple(error.absolute_path)
        name = ".".join(str(part) for part in where)
        if error.validator == "additionalProperties":
            known = sorted(error.schema["properties"])
            for key in sorted(set(error.instance) - set(known)):
                found.append((marks.get((*where, key, _KEY), (1, 1)), _unknown_key(key, known)))
        elif error.validator != "required" or not all(
            any(_near(key, [wanted]) for key in unknown.get(where, ()))
            for wanted in set(error.validator_value) - set(error.instance)
        ):
            message = _message(error)
            found.append((marks.get(where, (1, 1)), f"{name}: {message}" if name else message))
    return [f"{shown}:{line}:{column}: {text}" for (line, column), text in sorted(found)]


def _near(key: str, known: Sequence[str]) -> list[str]:
    return difflib.get_close_matches(key.replace("-", "_").lower(), known, n=1, cutoff=0.6)


def _unknown_key(key: str, known: Sequence[str]) -> str:
    near = _near(key, known)
    hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
    return f"unknown key {_short(key)}; {hint}"


def _message(error: Any) -> str:
    """What a jsonschema ValidationError says, in the words of the file."""
    value, wanted = _short(error.instance), error.validator_value
    match error.validator:
        case "type":
            names = [wanted] if isinstance(wanted, str) else wanted
            return f"{value} is not {' or '.join(_TYPES[name] for name in names)}"
        case "enum":
            near = difflib.get_close_matches(str(error.instance), [str(w) for w in wanted], n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            return f"{value} is not one of {', '.join(str(w) for w in wanted)}{hint}"
        case "const":
            return f"{value} must be {wanted!r}"
        case "required":
            missing = [key for key in wanted if key not in error.instance]
            return f"needs {' and '.join(repr(key) for key in missing)}"
        case "minLength" | "minItems":
            return f"needs at least {wanted} {'item' if wanted == 1 else 'items'}"
        case "exclusiveMinimum":
            return f"{value} must be more than {wanted}"
        case "not":
            return str(wanted.get("description", error.message))
        case "format":
            return f"{value} cannot be read as a {wanted} pattern; correct it or take it out"
        case "pattern":
            return f"{value} does not have the form {wanted}"
        case _:
            return str(error.message)[:200]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, as editors use it."""
    text = Path(__file__).with_name("config.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _build(data: Mapping[str, Any], path: Path | None) -> Config:
    architecture = data.get("architecture", {})
    if isinstance(architecture, str):
        architecture = {"style": architecture}
    semgrep = data.get("semgrep", {})
    return Config(
        path=path,
        include=tuple(data.get("include", ())),
        exclude=tuple(data.get("exclude", ())),
        select=tuple(data.get("select", ())),
        ignore=tuple(data.get("ignore", ())),
        severity={key: Severity(value) for key, value in data.get("severity", {}).items()},
        fail_on=data.get("fail_on", "new"),
        threshold=Severity(data.get("threshold", "error")),
        allow_empty=data.get("allow_empty", False),
        database=data.get("database"),
        orm=data.get("orm"),
        architecture=ArchitectureConfig(
            style=architecture.get("style", "auto"),
            strict=architecture.get("strict"),
            layers=tuple(
                LayerConfig(
                    name=layer["name"],
                    paths=tuple(layer["paths"]),
                    role=layer.get("role"),
                    may_import=tuple(layer["may_import"]) if "may_import" in layer else None,
                )
                for layer in architecture.get("layers", ())
            ),
            composition_roots=tuple(architecture.get("composition_roots", ())),
            shared=tuple(architecture.get("shared", ())),
        ),
        semgrep=SemgrepConfig(
            enabled=semgrep.get("enabled", True),
            rulesets=tuple(semgrep.get("rulesets", ())),
            timeout=float(semgrep.get("timeout", 300)),
        ),
        contract=_contract(data.get("contract", {})),
        openapi=data.get("openapi"),
        agents=build_agents(data.get("agents", {})),
    )


def _contract(data: Mapping[str, Any]) -> ContractConfig:
    try:
        return build_contract(data)
    except CommandError as error:
        raise ConfigError(str(error)) from None
