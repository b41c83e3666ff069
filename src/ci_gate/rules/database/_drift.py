"""A place where entities and migrations disagree, whatever the ORM."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.data import dataclass
from ci_gate.findings import Related, Severity
from ci_gate.regex import regex

_SCRIPTS: Final = regex(
    r"(?:^|/)(?:Dockerfile[\w.-]*|[\w.-]*\.Dockerfile|Procfile|[\w.-]*\.sh|entrypoint|start|run|"
    r"(?:docker-)?compose[\w.-]*\.ya?ml|railway\.(?:json|toml)|render\.ya?ml|app\.ya?ml|fly\.toml|"
    r"supervisord\.conf|SERVICE\.json)$"
)


@dataclass(frozen=True, slots=True)
class Drift:
    """One disagreement; ``subject`` names it without lines."""

    path: str
    node: s.Node
    subject: str
    message: str
    why: str
    fix: str
    related: tuple[Related, ...] = ()
    severity: Severity = Severity.ERROR


def started_with(model: CodeModel, command: re.Pattern[str]) -> bool:
    """Does a start script, image or deployment of the tree run ``command``?"""
    return any(
        command.search(_text(model, path)) for path in model.tree.files if _SCRIPTS.search(path)
    )


def ignores(model: CodeModel, name: str) -> bool:
    """Does Git ignore files whose path has ``name``, so that the tree does not hold them all?"""
    return any(
        name in line and not line.startswith(("#", "!"))
        for path in model.tree.files
        if path.rpartition("/")[2] == ".gitignore"
        for line in _text(model, path).splitlines()
    )


def mentioned(name: str, texts: Iterable[str]) -> bool:
    """Does raw SQL speak of ``name``?"""
    return any(name.lower() in _words(text) for text in texts)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _text(model: CodeModel, path: str) -> str:
    try:
        return model.tree.text(path)
    except OSError:
        return ""
