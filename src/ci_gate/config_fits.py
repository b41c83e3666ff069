"""Does the configuration fit its schema? Most do, and ``jsonschema``, which says of a mistake where
and what it is, takes longer to load than a small service to judge.

The keywords of the gate's own schema are known; a schema with any other is fitted by nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ci_gate.gitignore import is_pattern

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
_SILENT: Final = frozenset({"$schema", "$id", "$defs", "title", "description", "then", "else"})


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether ``value`` surely is as ``schema`` wants it."""
    try:
        return _Schema(schema).fits(value, schema)
    except _UnknownKeywordError:
        return False


class _UnknownKeywordError(Exception):
    pass


class _Schema:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root

    def fits(self, value: Any, schema: Mapping[str, Any] | bool) -> bool:
        if isinstance(schema, bool):
            return schema
        return all(
            keyword in _SILENT or self._holds(keyword, wanted, value, schema)
            for keyword, wanted in schema.items()
        )

    def _holds(self, keyword: str, wanted: Any, value: Any, schema: Mapping[str, Any]) -> bool:
        if keyword in _OF_VALUES:
            return _OF_VALUES[keyword](value, wanted)
        if keyword == "$ref":
            return self.fits(value, self._root["$defs"][wanted.removeprefix("#/$defs/")])
        if keyword == "allOf":
            return all(self.fits(value, part) for part in wanted)
        if keyword == "not":
            return not self.fits(value, wanted)
        if keyword == "if":
            branch = "then" if self.fits(value, wanted) else "else"
            return self.fits(value, schema.get(branch, True))
        if keyword == "items":
            return not isinstance(value, list) or all(self.fits(item, wanted) for item in value)
        if keyword == "properties":
            return not isinstance(value, dict) or all(
                self.fits(value[name], part) for name, part in wanted.items() if name in value
            )
        if keyword == "additionalProperties":
            known = schema.get("properties", {})
            return not isinstance(value, dict) or all(
                self.fits(item, wanted) for name, item in value.items() if name not in known
            )
        raise _UnknownKeywordError(keyword)


def _type(value: Any, wanted: str | Sequence[str]) -> bool:
    return any(_is(value, name) for name in ([wanted] if isinstance(wanted, str) else wanted))


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[name])


def _one_of(value: Any, wanted: Sequence[Any]) -> bool:
    """Truth is no number."""
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in wanted)


def _number(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """``compare``: does the value miss the bound?"""
    return lambda value, bound: (
        isinstance(value, bool) or not isinstance(value, int | float) or not compare(value, bound)
    )


#: What a text has to be beyond its type, by the names of the schema.
FORMATS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "gitignore": lambda value: not isinstance(value, str) or is_pattern(value)
}
_OF_VALUES: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "type": _type,
    "enum": _one_of,
    "const": lambda value, wanted: _one_of(value, [wanted]),
    "required": lambda value, names: not isinstance(value, dict) or all(n in value for n in names),
    "minLength": lambda value, least: not isinstance(value, str) or len(value) >= least,
    "minItems": lambda value, least: not isinstance(value, list) or len(value) >= least,
    "format": lambda value, name: FORMATS[name](value),
    "pattern": lambda value, form: not isinstance(value, str) or bool(re.search(form, value)),
    "minimum": _number(lambda value, bound: value < bound),
    "maximum": _number(lambda value, bound: value > bound),
    "exclusiveMinimum": _number(lambda value, bound: value <= bound),
}
