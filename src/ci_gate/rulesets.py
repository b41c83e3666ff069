"""The rules that are data: where they lie, what each says, and which a stack calls for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any, Final

from ci_gate.data import dataclass
from ci_gate.findings import CUSTOM, GROUP_LEVEL, Severity
from ci_gate.stack.model import Stack

#: Ruleset folder -> the frameworks, ORMs and drivers that call for it.
CALLED_FOR_BY: Final[dict[str, tuple[str, ...]]] = {
    "python/flask": ("flask",),
    "python/fastapi": ("fastapi", "starlette"),
    "python/django": ("django", "drf"),
    "python/aiohttp": ("aiohttp",),
    "python/sqlalchemy": ("sqlalchemy", "flask-sqlalchemy", "sqlmodel"),
    "python/django-orm": ("django-orm",),
    "python/sql": (
        "sqlite3", "aiosqlite", "psycopg", "psycopg2", "asyncpg", "pymysql", "mysqlclient",
        "aiomysql", "sqlalchemy", "flask-sqlalchemy", "sqlmodel", "django-orm",
    ),
    "node/express": ("express",),
    "node/fastify": ("fastify",),
    "node/hono": ("hono",),
    "node/koa": ("koa",),
    "node/sequelize": ("sequelize", "sequelize-typescript"),
    "node/sql": (
        "pg", "postgres", "better-sqlite3", "sqlite3", "sqlite", "mysql", "mysql2", "knex",
        "typeorm", "drizzle",
    ),
}  # fmt: skip

_SEVERITIES: Final = {
    "CRITICAL": Severity.ERROR,
    "ERROR": Severity.ERROR,
    "HIGH": Severity.ERROR,
    "WARNING": Severity.WARNING,
    "MEDIUM": Severity.WARNING,
    "INFO": Severity.NOTE,
    "LOW": Severity.NOTE,
}
_MAX_RULESET_BYTES: Final = 1024 * 1024


class RulesetError(Exception):
    """A ruleset that cannot be used; the message names the file and what to do."""


@dataclass(frozen=True, slots=True)
class SemgrepRuleInfo:
    """One Semgrep rule. Several may share a ``rule`` id: one defect in two languages.

    ``summary`` is the rule in one sentence, ``message`` what it says of a finding, with Semgrep's
    metavariables. ``path`` is relative to the rulesets folder (for the user's own rules: to the
    scanned root). ``service_only``: what tests, migrations and scripts do is not judged
    (``scope: service`` in the metadata). ``needs``: the package and the major version from which on
    the rule holds (``needs: sqlalchemy>=2``). ``rewrites``: patterns for the whole of the code
    found, and what mends it, where that is mechanical. ``definition`` is the rule as Semgrep reads
    it.
    """

    rule: str
    group: str
    severity: Severity
    languages: tuple[str, ...]
    path: str
    summary: str
    message: str
    why: str
    fix: str
    source: str
    service_only: bool
    needs: tuple[str, int] | None
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    definition: Mapping[str, Any] = field(repr=False, compare=False, hash=False)


def folder() -> Path:
    """The rulesets that came with this installation, or those of the source tree it runs from.

    Raises:
        RulesetError: neither is there.
    """
    here = Path(__file__).resolve()
    for candidate in (here.with_name("rulesets"), here.parents[2] / "rulesets"):
        if (candidate / "python").is_dir():
            return candidate
    raise RulesetError("the rulesets are missing from the installation; install ci-gate again")


@cache
def semgrep_rules() -> tuple[SemgrepRuleInfo, ...]:
    """All Semgrep rules that come with the gate.

    Raises:
        RulesetError: a file of the installation is missing or broken.
    """
    return tuple(info for name in CALLED_FOR_BY for info in _in_folder(name))


@cache
def _in_folder(name: str) -> Sequence[SemgrepRuleInfo]:
    root = folder()
    return [
        info
        for path in sorted((root / name).glob("*.yaml"))
        for info in load(path, path.relative_to(root).as_posix())
    ]


def for_stack(stack: Stack) -> list[SemgrepRuleInfo]:
    """The rules of the gate that the frameworks, ORMs and drivers of ``stack`` call for.

    Raises:
        RulesetError: a file of the installation is missing or broken.
    """
    return [
        info
        for name, causes in CALLED_FOR_BY.items()
        if stack.has(*causes)
        for info in _in_folder(name)
        if info.needs is None or stack.surely(info.needs[0]) >= info.needs[1]
    ]


def conditions(stack: Stack) -> object:
    """All of ``stack`` that :func:`for_stack` looks at: stacks of which it is the same call for the
    same rules."""
    orms = {name for service in stack.services for name in service.orms}
    return (
        [name for name, causes in CALLED_FOR_BY.items() if stack.has(*causes)],
        {name: version for name in orms if (version := stack.surely(name))},
    )


def load(path: Path, shown: str) -> list[SemgrepRuleInfo]:
    """The rules in one file of the gate's own.

    Raises:
        RulesetError: it cannot be read or is no list of Semgrep rules.
    """
    try:
        return parse(path.read_bytes(), shown)
    except OSError as error:
        reason = error.strerror or error
        raise RulesetError(f"ruleset {shown} cannot be read: {reason}") from None


def parse(raw: bytes, shown: str, *, custom: bool = False) -> list[SemgrepRuleInfo]:
    """The rules in a file's bytes. ``custom`` ones are the user's: their ids begin with ``custom/``
    and their metadata may be absent.

    Raises:
        RulesetError: it is too large or no list of Semgrep rules.
    """
    import yaml  # noqa: PLC0415  loaded only where rules are read

    if len(raw) > _MAX_RULESET_BYTES:
        raise RulesetError(f"ruleset {shown} is larger than 1 MiB; split it")
    try:
        data = yaml.load(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0] if str(error) else "broken"
        raise RulesetError(f"ruleset {shown} is not valid YAML ({first}); correct it") from None
    rules = data.get("rules") if isinstance(data, dict) else None
    if not isinstance(rules, list) or not rules:
        raise RulesetError(f"ruleset {shown} has no list `rules`; write Semgrep rules under it")
    return [_info(rule, shown, custom=custom) for rule in rules]


def _info(rule: Any, shown: str, *, custom: bool) -> SemgrepRuleInfo:
    if not isinstance(rule, dict):
        raise RulesetError(f"ruleset {shown}: a rule is not a mapping; correct it")
    for key in ("id", "message", "severity", "languages"):
        if not rule.get(key):
            name = rule.get("id", "a rule")
            raise RulesetError(f"ruleset {shown}: {name} has no `{key}`; add it")
    metadata = rule.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = f"{CUSTOM}{rule['id']}" if custom else str(metadata.get("rule", rule["id"]))
    group = str(metadata.get("group", "framework"))
    if group not in GROUP_LEVEL:
        raise RulesetError(
            f"ruleset {shown}: {rule['id']} has the unknown group {group!r}; "
            f"known: {', '.join(GROUP_LEVEL)}"
        )
    severity = _SEVERITIES.get(str(rule["severity"]).upper())
    if severity is None:
        raise RulesetError(
            f"ruleset {shown}: {rule['id']} has the unknown severity {rule['severity']!r}; "
            "use ERROR, WARNING or INFO"
        )
    return SemgrepRuleInfo(
        rule=name,
        group=group,
        severity=severity,
        languages=_texts(rule["languages"]),
        path=shown,
        summary=_text(metadata.get("summary", rule["message"])),
        message=_text(rule["message"]),
        why=_text(metadata.get("why", "")),
        fix=_text(metadata.get("fix", "")),
        source=_text(metadata.get("source", "")),
        service_only=metadata.get("scope") == "service",
        needs=_needs(metadata.get("needs")),
        rewrites=() if custom else _rewrites(metadata.get("rewrites", [])),
        definition=rule,
    )


def _needs(value: object) -> tuple[str, int] | None:
    package, sign, version = str(value or "").partition(">=")
    return (package, int(version)) if sign and version.isdecimal() else None


def _rewrites(items: Sequence[Mapping[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(item["find"]), item["put"]) for item in items)


def _text(value: object) -> str:
    return " ".join(str(value).split())


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(str(item) for item in value)
    return (str(value),)
