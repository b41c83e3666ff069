"""Images whose last stage has no development dependencies of a Node service."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.startup._images import instructions

_INSTALL: Final = regex(
    r"\b(?:npm\s+(?:ci|install|i)|yarn(?:\s+install)?|pnpm\s+(?:install|i))\b([^&|;]*)"
)
_OMITS: Final = regex(
    r"--omit[= ]dev\b|--production(?!=false)\b|--only[= ]prod(?:uction)?\b|--prod\b|(?<!\w)-P\b"
)
_INCLUDES: Final = regex(r"--include[= ]dev\b|--production=false\b|--dev\b|-D\b")
_PRUNE: Final = regex(r"\b(?:npm|pnpm)\s+prune\b[^&|;]*(?:--omit[= ]dev|--production|--prod)\b")
_PRODUCTION: Final = regex(r"\bNODE_ENV[= ][\"']?production\b")
_FROM_STAGE: Final = regex(r"--from=(\S+)")


@dataclass(slots=True)
class _Stage:
    """``line``: of the command that leaves the development dependencies out; 0 where none does.
    ``full``: some command installs them."""

    line: int = 0
    full: bool = False
    production: bool = False


@dataclass(slots=True)
class _Build:
    stages: dict[str, _Stage] = field(default_factory=dict)
    current: _Stage = field(default_factory=_Stage)


def omits_development(text: str) -> int:
    """The line of a build file that leaves out the development dependencies of what the image
    runs; 0 where the image may have them."""
    build = _Build()
    count = 0
    for line, keyword, rest in instructions(text):
        stage = build.current
        match keyword:
            case "FROM":
                words = [word for word in rest.split() if not word.startswith("--")]
                base = build.stages.get(words[0].lower(), _Stage()) if words else _Stage()
                build.current = _Stage(base.line, base.full, base.production)
                build.stages[str(count)] = build.current
                count += 1
                if len(words) > 2 and words[1].lower() == "as":
                    build.stages[words[2].lower()] = build.current
            case "ENV":
                stage.production = stage.production or _PRODUCTION.search(rest) is not None
            case "COPY":
                source = _FROM_STAGE.search(rest)
                if source is None:
                    continue
                other = build.stages.get(source[1].lower())
                places = [word for word in rest.split() if not word.startswith("--")][:-1]
                if other is None or any(_may_hold_packages(place) for place in places):
                    stage.full = stage.full or other is None or other.full
                    stage.line = stage.line or (other.line if other is not None else 0)
            case "RUN":
                _run(stage, line, rest)
    last = build.current
    return 0 if last.full else last.line


def script_omits_development(text: str) -> int:
    """The line of a shell script that installs without the development dependencies; 0 where it
    may install them too."""
    stage = _Stage()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.lstrip().startswith("#"):
            stage.production = stage.production or (
                "export" in line and _PRODUCTION.search(line) is not None
            )
            _run(stage, number, line)
    return 0 if stage.full else stage.line


def _run(stage: _Stage, line: int, rest: str) -> None:
    for given in _INSTALL.findall(rest):
        names = [word for word in given.split() if not word.startswith("-")]
        if names:
            continue  # single packages
        if _INCLUDES.search(given):
            stage.full = True
        elif _OMITS.search(given) or stage.production or _PRODUCTION.search(rest):
            stage.line = stage.line or line
        else:
            stage.full = True
    if _PRUNE.search(rest):
        stage.full, stage.line = False, line


def _may_hold_packages(place: str) -> bool:
    """May what is copied be the folder of the packages, or one around it?"""
    last = place.rstrip("/").rpartition("/")[2]
    return last in ("node_modules", ".", "") or last in ("app", "src", "workspace", "build", "deps")
