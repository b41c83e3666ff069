"""What the rules say of themselves, known before any of them is loaded.

A rule's module brings the code that the rule needs with it, which takes far longer than a small
service takes to judge. Which rules a run needs is told by five class attributes, and these are read
from the text of the module. Where they are not written out there, the class itself tells.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from ci_gate.data import dataclass
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.rules.base import Rule
    from ci_gate.stack.model import Stack

_PACKAGE: Final = "ci_gate.rules"
_CLASS: Final = regex(r"\nclass (\w+)\(Rule\):(?=\n)")
_TEXT: Final = regex(r'"([^"\\]*)"')
_TEXTS: Final = regex(r'\((?:"[^"\\]*", ?)+(?:"[^"\\]*")?\)')
_ATTRIBUTE: Final = regex(
    r"\n    (id|group|languages|needs|follows|asks_callers)(?:: ClassVar[^=\n]*)? = (.+)"
)
_LANGUAGES: Final = ("python", "javascript", "typescript")


class Chosen(Protocol):
    """A rule to run, loaded or not."""

    @property
    def id(self) -> str: ...
    @property
    def group(self) -> str: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def needs(self) -> tuple[str, ...]: ...
    @property
    def follows(self) -> bool: ...
    @property
    def asks_callers(self) -> bool: ...
    def load(self) -> type[Rule]: ...


AnyRule = TypeVar("AnyRule", bound=Chosen)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One rule; ``name`` is that of its class. What the others mean is told by
    :class:`~ci_gate.rules.base.Rule`."""

    id: str
    group: str
    languages: tuple[str, ...]
    needs: tuple[str, ...]
    follows: bool
    asks_callers: bool
    module: str
    name: str

    def load(self) -> type[Rule]:
        found: type[Rule] = getattr(importlib.import_module(self.module), self.name)
        return found


@cache
def declared() -> Sequence[Declaration]:
    """Every AST rule, sorted by id. A module whose name begins with ``_`` holds no rule."""
    found = (rule for module, file in _modules() for rule in _read(module, file))
    return tuple(sorted(found, key=lambda rule: rule.id))


def applies(rule: Chosen, languages: Iterable[str], stack: Stack) -> bool:
    """Does the rule run on a tree with these languages and this stack?"""
    return not set(rule.languages).isdisjoint(languages) and (
        not rule.needs or stack.has(*rule.needs)
    )


def _modules() -> Iterator[tuple[str, str]]:
    """The modules that rules are in, and their files."""
    here = os.path.dirname(__file__)  # noqa: PTH120  every scan looks through these folders
    for group in sorted(os.listdir(here)):  # noqa: PTH208
        folder = f"{here}{os.sep}{group}"
        if "." in group or group.startswith("_"):
            continue
        for name in sorted(os.listdir(folder)):  # noqa: PTH208
            if name.endswith(".py") and not name.startswith("_"):
                yield f"{_PACKAGE}.{group}.{name[:-3]}", f"{folder}{os.sep}{name}"


def _read(module: str, file: str) -> Iterator[Declaration]:
    with open(file, "rb", buffering=0) as stream:  # noqa: PTH123
        text = stream.read().decode()
    before, *classes = _CLASS.split("\n" + text)
    for name, body in zip(classes[::2], classes[1::2], strict=True):
        said: dict[str, Any] = {
            "languages": _LANGUAGES, "needs": (), "follows": False, "asks_callers": False,
        }  # fmt: skip
        try:
            said.update((key, _literal(value, before)) for key, value in _ATTRIBUTE.findall(body))
            yield Declaration(**said, module=module, name=name)
        except (ValueError, TypeError):
            rule: type[Rule] = getattr(importlib.import_module(module), name)
            yield Declaration(
                rule.id,
                rule.group,
                rule.languages,
                rule.needs,
                rule.follows,
                rule.asks_callers,
                module,
                name,
            )


def _literal(text: str, before: str) -> str | bool | tuple[str, ...]:
    """The text, tuple of texts or truth that is written out, here or in the lines ``before`` under
    the name that stands here.

    Raises:
        ValueError: it is written otherwise.
    """
    if text == "True":
        return True
    if text.isidentifier():
        named = re.search(rf"^{text}(?:: Final)? = (.+)$", before, re.MULTILINE)
        text = named[1] if named else text
    if _TEXT.fullmatch(text):
        return text[1:-1]
    if _TEXTS.fullmatch(text):
        return tuple(_TEXT.findall(text))
    raise ValueError(text)
