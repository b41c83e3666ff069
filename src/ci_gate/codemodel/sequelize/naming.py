"""How Sequelize names what is not named: tables, columns, keys, accessors."""

from __future__ import annotations

import re
from typing import Final

_IRREGULAR: Final = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "mouse": "mice",
    "foot": "feet", "tooth": "teeth", "goose": "geese", "quiz": "quizzes", "ox": "oxen",
    "datum": "data", "medium": "media", "criterion": "criteria", "index": "indices",
    "matrix": "matrices", "life": "lives", "knife": "knives", "wife": "wives",
    "shelf": "shelves", "half": "halves", "tomato": "tomatoes",
    "potato": "potatoes", "canvas": "canvases", "alias": "aliases",
    "bus": "buses", "vertex": "vertices", "analysis": "analyses", "axis": "axes",
}  # fmt: skip
_UNCOUNTABLE: Final = frozenset({
    "equipment", "information", "rice", "money", "species", "series", "sheep", "news",
    "police", "metadata", "media", "data",
})  # fmt: skip


def plural(word: str) -> str:
    """The usual English plural; of a compound, that of its last part."""
    head, last = _parts(word)
    lower = last.lower()
    if lower in _UNCOUNTABLE or lower in _IRREGULAR.values():
        return word
    if lower in _IRREGULAR:
        return head + _cased(last, _IRREGULAR[lower])
    if re.search(r"[^aeiou]y$", lower):
        return head + last[:-1] + "ies"
    if re.search(r"(?:ss|sh|ch|x|z|us)$", lower):
        return head + last + "es"
    if lower.endswith("s"):
        return word
    return head + last + "s"


def singular(word: str) -> str:
    """The reverse of :func:`plural`, for the usual endings."""
    head, last = _parts(word)
    lower = last.lower()
    for one, many in _IRREGULAR.items():
        if lower == many:
            return head + _cased(last, one)
    if lower in _UNCOUNTABLE:
        return word
    if lower.endswith("ies") and len(lower) > 4:
        return head + last[:-3] + "y"
    if re.search(r"(?:sses|shes|ches|xes|zes|uses)$", lower):
        return head + last[:-2]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        return head + last[:-1]
    return word


def snake(name: str) -> str:
    """``authorId`` as Sequelize's ``underscored`` writes it."""
    return re.sub(r"(?:([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z]))",
                  lambda m: f"{m[1] or m[3]}_{m[2] or m[4]}", name).lower()  # fmt: skip


def camel(*parts: str) -> str:
    """``camelize("Article_id")``: ``ArticleId``."""
    return re.sub(r"[-_\s]+(.)?", lambda m: (m[1] or "").upper(), "_".join(parts).strip())


def _parts(word: str) -> tuple[str, str]:
    match = re.search(r"(?:[A-Z]?[a-z]+|[A-Z]+)$", word)
    return (word[: match.start()], match[0]) if match else ("", word)


def _cased(model: str, word: str) -> str:
    return word[0].upper() + word[1:] if model[:1].isupper() else word
