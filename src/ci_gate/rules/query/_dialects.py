"""SQL that one database has and another does not, as data."""

from __future__ import annotations

import re
from typing import Final

from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.data import dataclass
from ci_gate.regex import regex

DATABASES: Final[dict[Dialect, str]] = {
    "postgres": "PostgreSQL", "sqlite": "SQLite", "mysql": "MySQL",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that a database does not know, to be looked for in masked text.

    ``function``: its name, when it is one, which the project may have defined itself. ``ddl``:
    looked for in CREATE and ALTER only.
    """

    pattern: re.Pattern[str]
    shown: str
    instead: str
    function: str | None = None
    ddl: bool = False


def _syntax(pattern: str, shown: str, instead: str, *, ddl: bool = False) -> Foreign:
    return Foreign(regex(pattern, re.IGNORECASE), shown, instead, None, ddl)


def _functions(instead: dict[str, str]) -> tuple[Foreign, ...]:
    return tuple(
        Foreign(regex(rf"(?<![\w.\"`]){name}\s*\(", re.IGNORECASE), f"{name}()", text, name)
        for name, text in instead.items()
    )


IN_PROGRAM: Final = "Do it in the program"

FOREIGN: Final[dict[Dialect, tuple[Foreign, ...]]] = {
    "sqlite": (
        _syntax(r"\bilike\b", "ILIKE", "LIKE (SQLite's ignores the case of ASCII letters)"),
        _syntax(r"[\w§)\]]\s*(::)\s*[a-z]\w*", "::", "CAST(… AS …)"),
        _syntax(r"@>|<@", "@>", "json_each() or a table of its own"),
        _syntax(r"[=<>]\s*any\s*\(", "ANY()", "IN (…) with one placeholder per value"),
        _syntax(r"\barray\s*\[", "ARRAY[…]", "a table of its own, or JSON"),
        _syntax(r"\bsimilar\s+to\b", "SIMILAR TO", "LIKE or GLOB"),
        _syntax(r"\bdistinct\s+on\s*\(", "DISTINCT ON", "GROUP BY"),
        _syntax(r"\bjoin\s+lateral\b", "LATERAL", "a sub-query in the select list"),
        _syntax(r"\bfor\s+(?:update|share)\b(?!\s+of\b.*\bon\b)", "FOR UPDATE",
                "BEGIN IMMEDIATE for the transaction"),
        _syntax(r"\binterval\s+§", "INTERVAL", "datetime(…, '+1 day')"),
        _syntax(r"\bextract\s*\(\s*\w+\s+from\b", "EXTRACT()", "strftime()"),
        _syntax(r"^\s*truncate\b", "TRUNCATE", "DELETE FROM"),
        _syntax(r"^\s*create\s+(?:extension|type|sequence)\b", "CREATE EXTENSION, TYPE, SEQUENCE",
                "nothing: SQLite has none of these"),
        _syntax(r"\b(?:big|small)?serial\b(?=\s*(?:primary|not|unique|,))", "SERIAL",
                "INTEGER PRIMARY KEY", ddl=True),
        _syntax(r"\bauto_increment\b", "AUTO_INCREMENT", "INTEGER PRIMARY KEY", ddl=True),
        _syntax(r"\balter\s+table\s+\S+\s+(?:alter\s+column|add\s+constraint|modify)\b",
                "ALTER COLUMN and ADD CONSTRAINT", "a new table and a copy", ddl=True),
        _syntax(r"\bon\s+duplicate\s+key\b", "ON DUPLICATE KEY", "ON CONFLICT … DO UPDATE"),
        *_functions({
            "now": "CURRENT_TIMESTAMP or datetime('now')",
            "uuid_generate_v4": "a UUID made in the program",
            "gen_random_uuid": "a UUID made in the program",
            "date_trunc": "strftime() or date(…, 'start of …')", "to_char": "strftime()",
            "to_timestamp": "datetime(…, 'unixepoch')", "array_agg": "json_group_array()",
            "unnest": "json_each()", "json_agg": "json_group_array()",
            "jsonb_agg": "json_group_array()", "json_build_object": "json_object()",
            "jsonb_build_object": "json_object()", "row_to_json": "json_object()",
            "to_jsonb": "json()", "to_tsvector": "an FTS5 table",
            "plainto_tsquery": "an FTS5 table", "to_tsquery": "an FTS5 table",
            "greatest": "max()", "least": "min()", "split_part": IN_PROGRAM,
            "array_length": "json_array_length()", "array_remove": IN_PROGRAM,
            "array_append": IN_PROGRAM, "array_position": IN_PROGRAM, "bool_or": "max()",
            "bool_and": "min()", "nextval": "INTEGER PRIMARY KEY", "setval": "INTEGER PRIMARY KEY",
            "date_add": "datetime(…, '+1 day')", "date_sub": "datetime(…, '-1 day')",
            "curdate": "date('now')", "date_format": "strftime()", "find_in_set": IN_PROGRAM,
            "last_insert_id": "last_insert_rowid()", "unix_timestamp": "strftime('%s', …)",
        }),
    ),
    "postgres": (
        _syntax(r"\binsert\s+or\s+(?:replace|ignore|abort|fail|rollback)\b", "INSERT OR …",
                "ON CONFLICT (…) DO UPDATE or DO NOTHING"),
        _syntax(r"^\s*replace\s+into\b", "REPLACE INTO", "INSERT … ON CONFLICT (…) DO UPDATE"),
        _syntax(r"^\s*insert\s+ignore\b", "INSERT IGNORE", "INSERT … ON CONFLICT DO NOTHING"),
        _syntax(r"^\s*pragma\b", "PRAGMA", "SET, or nothing"),
        _syntax(r"\bautoincrement\b", "AUTOINCREMENT", "GENERATED ALWAYS AS IDENTITY", ddl=True),
        _syntax(r"\bauto_increment\b", "AUTO_INCREMENT", "GENERATED ALWAYS AS IDENTITY", ddl=True),
        _syntax(r"[\w§]\s+(datetime)\b(?!\s*\()", "the type DATETIME", "timestamptz", ddl=True),
        _syntax(r"[\w§]\s+(blob)\b(?!\s*\()", "the type BLOB", "bytea", ddl=True),
        _syntax(r"[\w§]\s+(tinyint)\b", "the type TINYINT", "smallint or boolean", ddl=True),
        _syntax(r"\bon\s+duplicate\s+key\b", "ON DUPLICATE KEY", "ON CONFLICT (…) DO UPDATE"),
        *_functions({
            "strftime": "to_char() or date_trunc()", "julianday": "extract(epoch FROM …)",
            "datetime": "now() or a timestamp", "unixepoch": "extract(epoch FROM now())",
            "last_insert_rowid": "RETURNING id", "last_insert_id": "RETURNING id",
            "group_concat": "string_agg()", "ifnull": "COALESCE()",
            "json_extract": "-> and ->>", "json_group_array": "json_agg()",
            "json_group_object": "json_object_agg()", "randomblob": "gen_random_bytes()",
            "typeof": "pg_typeof()", "instr": "strpos()", "curdate": "CURRENT_DATE",
            "date_sub": "- INTERVAL '1 day'",
            "date_format": "to_char()", "find_in_set": "= ANY(string_to_array(…, ','))",
            "unix_timestamp": "extract(epoch FROM …)", "rand": "random()",
        }),
    ),
    "mysql": (
        _syntax(r"\bilike\b", "ILIKE", "LIKE"),
        _syntax(r"[\w§)\]]\s*(::)\s*[a-z]\w*", "::", "CAST(… AS …)"),
        _syntax(r"\bon\s+conflict\b", "ON CONFLICT", "ON DUPLICATE KEY UPDATE"),
        _syntax(r"\binsert\s+or\s+(?:replace|ignore)\b", "INSERT OR …", "REPLACE or INSERT IGNORE"),
        _syntax(r"\bautoincrement\b", "AUTOINCREMENT", "AUTO_INCREMENT", ddl=True),
        *_functions({
            "gen_random_uuid": "UUID()", "uuid_generate_v4": "UUID()", "strftime": "DATE_FORMAT()",
            "date_trunc": "DATE_FORMAT()", "julianday": "TO_DAYS()", "string_agg": "GROUP_CONCAT()",
            "array_agg": "JSON_ARRAYAGG()",
        }),
    ),
}  # fmt: skip

#: Text that no dialect accepts, wherever it stands.
BROKEN: Final = (
    (regex(r",\s*(?=\b(?:from|where|order\s+by|group\s+by|having|limit)\b)", re.IGNORECASE),
     "a comma stands before the end of a list"),
    (regex(r",\s*\)"), "a comma stands before `)`"),
    (regex(r"\bwhere\s+(?=(?:and|or|where|order\s+by|group\s+by|limit|returning)\b|\))",
                re.IGNORECASE), "WHERE is followed by no condition"),
    (regex(r"\b(?:and|or)\s+(?=(?:and|or|where|order\s+by|group\s+by|limit|returning)\b|\))",
                re.IGNORECASE), "AND or OR is followed by no condition"),
)  # fmt: skip
#: Text that may be right in places; looked for only where the parser fails too.
SUSPICIOUS: Final = (
    (regex(r"\b(?:where|and|or|set|from|join|on|by|select|in|values|having|=|<|>)\s*;?\s*$",
                re.IGNORECASE), "the statement breaks off"),
    (regex(r"[a-z_](?=(?:WHERE|FROM|ORDER BY|GROUP BY|LIMIT|VALUES|LEFT JOIN|SET)\s)"),
     "a space is missing between two parts"),
)  # fmt: skip
