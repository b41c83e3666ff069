"""What passlib hashes with."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s


def default_scheme(call: s.Call) -> str | None:
    """What a `CryptContext` hashes with: `default`, or the first of `schemes`."""
    given = call.argument(None, "default")
    if given is None:
        given = call.argument(0, "schemes")
        if isinstance(given, s.Sequence) and given.items:
            given = given.items[0]
    if not isinstance(given, s.Literal) or not isinstance(given.value, str):
        return None
    return given.value.split(",")[0].strip()
