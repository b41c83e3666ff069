from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.connections import Address, Connection
from ci_gate.codemodel.databases import TITLES, Place
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._node_credentials import secrets
from ci_gate.rules.database._running import Running
from ci_gate.rules.database._service import ServiceView

_PRIVATE_HOST: Final = regex(
    r"^(?:localhost(?:\.\w+)*|127\.[\d.]+|0\.0\.0\.0|\[?::1?\]?|host\.docker\.internal|"
    r"[\w.-]*(?:example|invalid|test|local|localdomain|internal\.example)(?:\.(?:com|org|net))?|"
    r"[^.]*)$",
    re.IGNORECASE,
)
_PLACEHOLDER: Final = regex(
    r"^(?:|x+|\*+|\.+|-+|.*(?:change[_-]?me|your|replace|placeholder|example|dummy|todo|fixme).*|"
    r"<.*>|\$.*|\{.*\}|%.*%|pass(?:word|wd)?|pwd|secret|user(?:name)?|none|null)$",
    re.IGNORECASE,
)


class HardCodedCredentials(Rule):
    """The password of a database that others can reach stands in the source.

    ## Why is this bad?
    Whoever can read the repository, its history or an image built from it can open the database.
    The password cannot be changed without a release, and every environment shares it.

    ## Fix
    Read the password from the environment or a secret store, without a default, and change the one
    that was written down.

    ## Silent on
    Hosts that only the machine or its containers can reach (localhost, the services of a compose
    file, names without a dot), placeholders, tests, examples and settings for development. A
    password that the environment can replace is a warning.

    ## Source
    CWE-798, use of hard-coded credentials; The Twelve-Factor App, "Config".
    """

    id = "database/hard-coded-credentials"
    group = "database"
    languages: ClassVar = ("python", "javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        view = facts.once(ServiceView)
        running = facts.once(Running)
        seen: set[tuple[str, int]] = set()
        for connection in facts.connections:
            if not running.holds(connection.path):
                continue
            for address in connection.addresses:
                if not _is_open(address.place) or view.way_for_development(
                    connection, address.trail
                ):
                    continue
                node, path = _written(connection, address)
                if (path, node.line) not in seen:
                    seen.add((path, node.line))
                    opened = connection.path, connection.node.line
                    yield self._finding(
                        address.place, node, path, opened, _is_overridden(connection, address)
                    )
                break
        for secret in secrets(facts, view):
            if _is_open(secret.place) and (secret.path, secret.node.line) not in seen:
                seen.add((secret.path, secret.node.line))
                yield self._finding(
                    secret.place, secret.node, secret.path, secret.opened, secret.overridden
                )

    def _finding(
        self, place: Place, node: s.Node, path: str, opened: tuple[str, int], overridden: bool
    ) -> Finding:
        title = TITLES[place.engine] if place.engine is not None else "database"
        who = f"{place.user}@{place.host}" if place.user else place.host
        how = ", unless the environment names another" if overridden else ""
        related = []
        if opened != (path, node.line):
            related.append(Related(*opened, "opened with it here"))
        return self.finding(
            path,
            node,
            message=f"The password of the {title} database {who} stands in the source{how}.",
            why=(
                "Whoever reads the repository, its history or an image of it can open that "
                "database, and the password cannot be changed without a release."
            ),
            fix="Read it from the environment without a default, and change the one written here.",
            subject=f"password of {who}",
            severity=Severity.WARNING if overridden else Severity.ERROR,
            related=related,
        )


def _is_overridden(connection: Connection, address: Address) -> bool:
    """May the environment put another password in its place?"""
    secret = address.secret
    return (secret is not None and secret.fallback is not None) or any(
        other.place.password is None and other is not address for other in connection.addresses
    )


def _is_open(place: Place) -> bool:
    """Can others reach the database, and does the password look like one?"""
    if place.password is None or place.host is None or place.engine == "sqlite":
        return False
    if _PRIVATE_HOST.match(place.host) or _PLACEHOLDER.match(place.password):
        return False
    return place.password != place.user


def _written(connection: Connection, address: Address) -> tuple[s.Node, str]:
    """The expression that holds the password."""
    at = address.secret.at if address.secret is not None else None
    if at is None:
        return connection.node, connection.path
    return at.expr, at.scope.module.path
