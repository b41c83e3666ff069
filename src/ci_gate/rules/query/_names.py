"""Names that every database, or one, resolves without any table of the project."""

from __future__ import annotations

import re
from typing import Final

from ci_gate.regex import regex

#: Columns that a table has without being told.
SYSTEM_COLUMNS: Final = frozenset({
    "rowid", "oid", "_rowid_", "ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "rank",
})  # fmt: skip
#: Words that may stand where a column does.
WORDS: Final = frozenset({
    "current_timestamp", "current_date", "current_time", "current_user", "session_user", "user",
    "localtime", "localtimestamp", "current_role", "current_catalog", "current_schema", "default",
    "true", "false", "null", "unknown", "year", "years", "month", "months", "day", "days", "hour",
    "hours", "minute", "minutes", "second", "seconds", "week", "weeks", "quarter", "epoch", "dow",
    "doy", "isodow", "isoyear", "century", "decade", "millisecond", "milliseconds", "microsecond",
    "microseconds", "timezone", "value", "values", "key", "all", "nothing", "system_user",
    "sysdate",
    "rownum", "level", "utc_timestamp", "utc_date", "binary", "nocase", "interval", "array", "row",
})  # fmt: skip
_COPY: Final = regex(
    r"_?(?:history|histories|version|versions|archive|archives|archived|audit|audits|log|logs|copy|"
    r"backup|old|new|current|deleted|draft|drafts|staging|tmp|temp|revision|revisions|snapshot|"
    r"snapshots|all|base|v\d+)$"
)


def share_keys(one: str, other: str) -> bool:
    """May the rows of two tables go by the same keys: is one the history or the like of the other
    (``templates`` and ``templates_history``)?"""
    first, second = (_stem(name) for name in (one, other))
    return first == second


def _stem(table: str) -> str:
    name = table.lower().rpartition(".")[2]
    return _COPY.sub("", name).rstrip("s_")


#: Tables that a database, an extension or a tool has of its own.
SYSTEM_TABLES: Final = regex(
    r"^(?:pg_\w+|information_schema\b.*|sqlite_\w+|sqlean\w*|pragma_\w+|json_each|json_tree|dual|"
    r"dbstat|generate_series|spatial_ref_sys|geometry_columns|geography_columns|raster_columns|"
    r"alembic_version\w*|knex_migrations\w*|kysely_migration\w*|schema_migrations|schema_version|flyway_schema_history|_\w*migrations\w*|"
    r"yoyo_\w+|_yoyo_\w+|aerich|django_\w+|auth_\w+|authtoken_\w+|account_\w+|socialaccount_\w+|"
    r"celery_\w+|excluded|inserted|deleted|new|old|mysql\..*|performance_schema\..*|sys\..*|"
    r"pg_catalog\..*|cron\..*|timescaledb_\w+.*|hdb_catalog\..*|fts\w*_\w+)$",
    re.IGNORECASE,
)


def singular(name: str) -> str:
    """A name in lower case and in the singular, without what joins its words."""
    word = re.sub(r"[\W_]", "", name).lower()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(?:s|x|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
