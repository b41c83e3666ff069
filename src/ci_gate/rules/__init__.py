"""Facts to findings: one module per rule, found by looking through the folders of the groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from ci_gate.findings import CUSTOM, GROUP_LEVEL
from ci_gate.rules.declarations import Declaration, declared
from ci_gate.rules.names import UnknownRule, matches

if TYPE_CHECKING:
    from ci_gate.rules.base import Rule


@cache
def all_rules() -> Sequence[type[Rule]]:
    """Every AST rule, sorted by id."""
    return tuple(rule.load() for rule in declared())


def known_names() -> set[str]:
    """All that ``select``, ``ignore`` and ``severity`` may name."""
    from ci_gate.rulesets import semgrep_rules  # noqa: PLC0415  reads the YAML files

    return {
        *(rule.id for rule in declared()),
        *(rule.rule for rule in semgrep_rules()),
        *GROUP_LEVEL,
    }


class KnownNames:
    """:func:`known_names`, worked out when somebody asks for one."""

    def __contains__(self, name: object) -> bool:
        return name in known_names()


def check_names(names: Iterable[str]) -> None:
    """Raise for the first name that is neither a rule nor a group.

    Raises:
        UnknownRule: with the nearest name that exists. Rules of the user's own Semgrep files
            (``custom/…``) are not known here and pass.
    """
    wanted = [name for name in names if not name.startswith(CUSTOM)]
    if not wanted:
        return
    known = known_names()
    for name in wanted:
        if name not in known:
            raise UnknownRule(name, sorted(known))


def select(select: Sequence[str], ignore: Sequence[str]) -> Sequence[Declaration]:
    """The AST rules to run.

    Raises:
        UnknownRule: a name is neither a rule nor a group.
    """
    check_names((*select, *ignore))
    return [
        rule
        for rule in declared()
        if (not select or matches(rule.id, rule.group, select))
        and not matches(rule.id, rule.group, ignore)
    ]
