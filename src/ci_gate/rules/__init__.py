"""Facts to findings: one module per rule, found by looking through the folders of the groups."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Sequence
from functools import cache

from ci_gate.findings import GROUP_LEVEL
from ci_gate.rules.base import Rule
from ci_gate.rules.names import UnknownRule, matches


@cache
def all_rules() -> Sequence[type[Rule]]:
    """Every AST rule, sorted by id. A module whose name begins with ``_`` holds no rule."""
    found: dict[str, type[Rule]] = {}
    for item in pkgutil.walk_packages(__path__, f"{__name__}."):
        if item.ispkg or item.name.rpartition(".")[2].startswith("_"):
            continue
        module = importlib.import_module(item.name)
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, Rule)
                and value.__module__ == item.name
                and not inspect.isabstract(value)
            ):
                found[value.id] = value
    return tuple(found[name] for name in sorted(found))


def known_names() -> set[str]:
    """All that ``select``, ``ignore`` and ``severity`` may name."""
    from ci_gate.rulesets import semgrep_rules  # noqa: PLC0415  reads the YAML files

    return {
        *(rule.id for rule in all_rules()),
        *(rule.rule for rule in semgrep_rules()),
        *GROUP_LEVEL,
    }


def check_names(names: Iterable[str]) -> None:
    """Raise for the first name that is neither a rule nor a group.

    Raises:
        UnknownRule: with the nearest name that exists. Rules of the user's own Semgrep files
            (``custom/…``) are not known here and pass.
    """
    wanted = [name for name in names if not name.startswith("custom/")]
    if not wanted:
        return
    known = known_names()
    for name in wanted:
        if name not in known:
            raise UnknownRule(name, sorted(known))


def select(select: Sequence[str], ignore: Sequence[str]) -> Sequence[type[Rule]]:
    """The AST rules to run.

    Raises:
        UnknownRule: a name is neither a rule nor a group.
    """
    check_names((*select, *ignore))
    return [
        rule
        for rule in all_rules()
        if (not select or matches(rule.id, rule.group, select))
        and not matches(rule.id, rule.group, ignore)
    ]
