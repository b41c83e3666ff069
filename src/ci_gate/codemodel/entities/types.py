"""Names of column types, over libraries and dialects."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel.entities.facts import ColumnType

#: SQLAlchemy's type classes (generic, upper-case and dialect ones), in lower case
SQLALCHEMY: Final[dict[str, ColumnType]] = {
    "integer": "integer", "biginteger": "integer", "smallinteger": "integer", "bigint": "integer",
    "smallint": "integer", "int": "integer", "tinyint": "integer", "string": "text",
    "text": "text", "unicode": "text", "unicodetext": "text", "varchar": "text", "nvarchar": "text",
    "char": "text", "nchar": "text", "clob": "text", "citext": "text", "inet": "text",
    "longtext": "text", "mediumtext": "text", "autostring": "text",
    "boolean": "boolean", "bool": "boolean", "datetime": "datetime", "timestamp": "datetime",
    "date": "date", "time": "time", "interval": "interval", "float": "float", "real": "float",
    "double": "float", "double_precision": "float", "numeric": "decimal", "decimal": "decimal",
    "json": "json", "jsonb": "json", "array": "array", "uuid": "uuid", "largebinary": "binary",
    "bytea": "binary", "blob": "binary", "varbinary": "binary", "binary": "binary", "enum": "enum",
}  # fmt: skip

#: Python's types in annotations
PYTHON: Final[dict[str, ColumnType]] = {
    "int": "integer", "str": "text", "bool": "boolean", "float": "float", "bytes": "binary",
    "datetime": "datetime", "date": "date", "time": "time", "timedelta": "interval",
    "Decimal": "decimal", "UUID": "uuid", "UUID4": "uuid", "dict": "json", "Dict": "json",
    "EmailStr": "text", "AwareDatetime": "datetime-tz",
}  # fmt: skip
