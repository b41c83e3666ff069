"""What a schema demands of an object, behind references and ``allOf``."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from ci_gate.codemodel.openapi.documents import Data, Documents, Object
from ci_gate.data import dataclass

_MAX_PARTS: Final = 20


@dataclass(slots=True)
class Demand:
    """``kind``: ``object``, ``array``, or empty where the schema does not say. ``required`` are the
    keys that an answer must have, each with its line; ``items`` is the schema of a list's items."""

    kind: str
    path: str = ""
    required: dict[str, int] = field(default_factory=dict)
    properties: dict[str, Data] = field(default_factory=dict)
    items: Data = None


def demand(schema: Data, documents: Documents) -> Demand | None:
    """What ``schema`` demands; None where it leaves a choice or is not known."""
    made: Demand | None = None
    waiting: list[Data] = [schema]
    for count, given in enumerate(waiting):
        item = documents.resolved(given)
        if not isinstance(item, Object) or count >= _MAX_PARTS:
            return None
        if any(word in item for word in ("oneOf", "anyOf", "not", "if", "$dynamicRef")):
            return None
        parts = item.get("allOf")
        if isinstance(parts, list):
            waiting += parts
        kind = item.get("type")
        if isinstance(kind, list):
            kinds = [name for name in kind if name not in ("null", None)]
            kind = kinds[0] if len(kinds) == 1 else ""
        if not isinstance(kind, str):
            kind = "object" if "properties" in item else ""
        made = made or Demand(kind, item.path)
        made.kind = made.kind or kind
        _add(made, item)
    for name in list(made.required if made is not None else ()):
        assert made is not None
        value = documents.resolved(made.properties.get(name))
        if isinstance(value, Object) and value.get("writeOnly") is True:
            del made.required[name]  # a password that is taken and never given
    return made


def _add(made: Demand, item: Object) -> None:
    properties = item.get("properties")
    for name, value in properties.items() if isinstance(properties, Object) else ():
        made.properties[name] = value
    required = item.get("required")
    for word in required if isinstance(required, list) else ():
        if isinstance(word, str):
            made.required[word] = item.place("required")[0]
    made.items = item.get("items", made.items)
