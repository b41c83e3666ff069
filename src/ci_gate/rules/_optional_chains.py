"""JavaScript: properties that are read of what may be missing (``row?.id``)."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Place
from ci_gate.codemodel.model import CodeModel
from ci_gate.rules.base import Facts


def optional_chains(facts: Facts) -> OptionalChains:
    return facts.once(_chains)


def _chains(facts: Facts) -> OptionalChains:
    return OptionalChains(facts.model)


class OptionalChains:
    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._texts: dict[str, list[str]] = {}

    def has(self, path: str, node: s.Attribute) -> bool:
        """Is the property read with ``?.``? True where the file cannot be read any more."""
        lines = self._texts.get(path)
        if lines is None:
            try:
                lines = self._model.tree.text(path).splitlines()
            except (OSError, UnicodeError):
                lines = []
            self._texts[path] = lines
        line, column = node.name_span[0] - 1, node.name_span[1] - 1
        return line >= len(lines) or lines[line][:column].rstrip().endswith("?.")

    def is_one(self, place: Place) -> bool:
        return isinstance(place.node, s.Attribute) and self.has(place.path, place.node)
