"""YAML that strangers wrote, read without growing beyond what is written."""

from __future__ import annotations

from typing import Any, Final

import yaml

_DEPTH: Final = 200
#: Values that a document may have when each alias is replaced by what it stands for.
_VALUES: Final = 2_000_000


class Overgrown(yaml.YAMLError):
    """Aliases of aliases: a few lines that stand for millions of values."""

    problem = "its aliases stand for too many values"


def load(text: str) -> Any:
    """The first document as plain values.

    Raises:
        yaml.YAMLError: it is not valid, or a bomb.
        RecursionError: it is nested too deeply.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    _weigh(text, loader)
    return yaml.load(text, Loader=loader)


def _weigh(text: str, loader: Any) -> None:
    """What builds the document recurses, in C too; the events come one by one."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.AliasEvent) and event.anchor:
            total += sizes.get(event.anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, total))
            total += 1
            if len(open_nodes) > _DEPTH:
                raise RecursionError
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor:
                sizes[anchor] = total - before
        if total > _VALUES:
            raise Overgrown
