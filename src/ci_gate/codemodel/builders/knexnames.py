"""Names in the arguments of Knex and Kysely: tables with aliases, columns with qualifiers."""

from __future__ import annotations

import re
from typing import Final

from ci_gate.regex import regex

_AS: Final = regex(r"^\s*(?P<name>.+?)\s+as\s+(?P<alias>[\w$]+)\s*$", re.IGNORECASE)
_PLAIN: Final = regex(r"[A-Za-z_$][\w$]*")
_QUALIFIED: Final = regex(r"(?:(?P<qualifier>[A-Za-z_$][\w$]*)\.)?(?P<name>[A-Za-z_$][\w$]*)")


def table_name(text: str) -> tuple[str, str] | None:
    """``"users as u"`` as table and name in the statement; ``"auth.users"`` goes by ``users``."""
    found = _AS.match(text)
    name, alias = (found["name"], found["alias"]) if found else (text.strip(), "")
    parts = name.split(".")
    if len(parts) > 2 or not all(_PLAIN.fullmatch(part) for part in parts):
        return None
    return name, alias or parts[-1]


def column_name(text: str) -> tuple[str, str, str] | None:
    """``"u.id as user_id"`` as qualifier, column and result; None for anything else."""
    found = _AS.match(text)
    name = found["name"] if found else text.strip()
    match = _QUALIFIED.fullmatch(name)
    if match is None:
        return None
    return match["qualifier"] or "", match["name"], found["alias"] if found else match["name"]


def star_of(text: str) -> str | None:
    """The qualifier of ``"u.*"``, empty for ``"*"``; None for what is no star."""
    text = text.strip()
    if text == "*":
        return ""
    return text[:-2] if text.endswith(".*") and _PLAIN.fullmatch(text[:-2]) else None
