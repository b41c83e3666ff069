"""YAML and JSON files as data that remembers its lines, and ``$ref`` between them.

Nothing is read over the network or from outside the tree. What a reference leads to is looked up
when asked for, so that cycles cost nothing; size, depth and the length of a chain are bounded.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import field
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

import yaml

from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import Tree

_MAX_SIZE: Final = 2_000_000
_MAX_NODES: Final = 400_000
_MAX_DEPTH: Final = 200
_MAX_CHAIN: Final = 16
_MAX_DOCUMENTS: Final = 500
#: What stands under these is any value, not a part of the description.
_NO_SCHEMA: Final = frozenset({"example", "examples", "default", "enum", "const"})
_REMOTE: Final = regex(r"^[A-Za-z][\w+.-]*:|^//")
_LITERALS: Final[dict[str, bool | None]] = {
    "true": True, "false": False, "null": None, "~": None, "": None,
}  # fmt: skip
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Object(dict[str, "Data"]):
    """A mapping: where it stands, and where each of its keys does."""

    __slots__ = ("column", "lines", "path")

    def __init__(self, path: str, line: int, column: int) -> None:
        super().__init__()
        self.path = path
        self.column = column
        #: key -> line and column; the mapping's own under ""
        self.lines: dict[str, tuple[int, int]] = {"": (line, column)}

    def place(self, key: str = "") -> tuple[int, int]:
        """Line and column of a key, of the mapping itself where the key is not in it."""
        return self.lines.get(key) or self.lines[""]


#: Plain scalars other than booleans and null stay as they are written.
Data: TypeAlias = "Object | list[Data] | str | bool | None"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something is wrong with the description; ``text`` says what, and what mends it."""

    path: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.text}"


class Unreadable(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(slots=True, eq=False)
class Documents:
    """The files that a description consists of; ``problems`` grow as references are followed."""

    tree: Tree
    problems: list[Problem] = field(default_factory=list)
    _loaded: dict[str, Data] = field(default_factory=dict)

    def load(self, path: str) -> Data:
        """The file's data.

        Raises:
            Unreadable: there is no such file, or it is neither YAML nor JSON.
        """
        if path not in self._loaded:
            self._loaded[path] = None
            self._loaded[path] = parse(self._text(path), path)
        return self._loaded[path]

    def _text(self, path: str) -> str:
        if not self.tree.exists(path):
            raise Unreadable(
                Problem(path, 1, 1, "there is no such file among the scanned ones; mend the path")
            )
        try:
            text = self.tree.text(path)
        except OSError as error:
            raise Unreadable(Problem(path, 1, 1, f"cannot be read: {error}")) from None
        if len(text) > _MAX_SIZE:
            raise Unreadable(
                Problem(path, 1, 1, f"larger than {_MAX_SIZE // 1_000_000} MB; split it with $ref")
            )
        return text

    def resolved(self, item: Data) -> Data:
        """``item`` behind its ``$ref``; None where that leads nowhere or out of the tree."""
        depth = 0
        while isinstance(item, Object) and isinstance(item.get("$ref"), str):
            depth += 1
            item = self._follow(item, str(item["$ref"]), depth)
        return item

    def check(self) -> None:
        """Look up every reference of the files that have been read, and of those they lead to."""
        seen: set[int] = set()
        waiting: list[Data] = list(self._loaded.values())
        while waiting:
            item = waiting.pop()
            if id(item) in seen or not isinstance(item, Object | list):
                continue
            seen.add(id(item))
            if isinstance(item, list):
                waiting += item
            else:
                if isinstance(item.get("$ref"), str):
                    waiting.append(self.resolved(item))
                waiting += [
                    value
                    for key, value in item.items()
                    if key not in _NO_SCHEMA and not key.startswith("x-")
                ]

    def _follow(self, holder: Object, reference: str, depth: int) -> Data:
        if _REMOTE.match(reference):
            return None
        if depth > _MAX_CHAIN:
            return self._broken(holder, f"{reference} leads back to itself")
        where, _, pointer = reference.partition("#")
        path = holder.path
        if pointer and not pointer.startswith("/"):  # an anchor of JSON Schema
            return None
        if where:
            path = posixpath.normpath(
                posixpath.join(posixpath.dirname(holder.path), unquote(where))
            )
            if path.startswith(("../", "/")) or path == "..":
                return self._broken(holder, f"{reference} leads out of the repository")
        try:
            if path not in self._loaded and len(self._loaded) >= _MAX_DOCUMENTS:
                return None
            found = self.load(path)
        except Unreadable as error:
            if where and error.problem.line == 1 and not self.tree.exists(path):
                return self._broken(holder, f"{reference} names a file that is not there")
            self._note(error.problem)
            return None
        for part in pointer.split("/")[1:] if pointer else ():
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(found, Object) and "$ref" in found and name not in found:
                found = self._follow(found, str(found["$ref"]), depth + 1)
            if isinstance(found, Object) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            else:
                return self._broken(holder, f"{reference} leads nowhere: there is no {name!r}")
        return found

    def _broken(self, holder: Object, text: str) -> Data:
        line, column = holder.place("$ref")
        self._note(Problem(holder.path, line, column, f"$ref: {text}; mend the reference"))
        return None

    def _note(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def parse(text: str, path: str) -> Data:
    """The document in ``text``.

    Raises:
        Unreadable: it is not YAML (JSON is YAML too), or larger than any description.
    """
    if path.endswith(".json"):
        text = text.replace("\t", " ")  # only white space: inside a string it would be escaped
    try:
        return _Builder(path).build(text.removeprefix("\ufeff"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
        raise Unreadable(
            Problem(path, line, column, f"{_syntax(path)}: {error.problem}; mend this line")
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        text = str(error).partition("\n")[0]
        raise Unreadable(Problem(path, 1, 1, f"{_syntax(path)}: {text}")) from None


def _syntax(path: str) -> str:
    return f"not valid {'JSON' if path.endswith('.json') else 'YAML'}"


class _Builder:
    """Data from YAML's events, without recursion."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._anchors: dict[str, Data] = {}

    def build(self, text: str) -> Data:
        root: list[Data] = []
        #: what is open: the collection, and the key that waits for its value
        stack: list[tuple[Object | list[Data], list[tuple[str, int, int]]]] = [(root, [])]
        for count, event in enumerate(self._events(text)):
            if count > _MAX_NODES or len(stack) > _MAX_DEPTH:
                raise ValueError("too large or nested too deeply for a description")
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
                continue
            made = self._made(event)
            self._put(stack[-1], made, event)
            if isinstance(event, yaml.CollectionStartEvent):
                assert isinstance(made, Object | list)
                stack.append((made, []))
        return root[0] if root else None

    def _events(self, text: str) -> Iterator[Any]:
        kinds = (yaml.NodeEvent, yaml.CollectionEndEvent)
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentEndEvent):
                return
            if isinstance(event, kinds):
                yield event

    def _made(self, event: Any) -> Data:
        made: Data
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(str(event.anchor))
        if isinstance(event, yaml.MappingStartEvent):
            made = Object(self._path, *_place(event))
        elif isinstance(event, yaml.SequenceStartEvent):
            made = []
        else:
            written: str = event.value
            made = written
            if event.implicit[0]:
                made = _LITERALS.get(written.lower(), written)
        if event.anchor is not None:
            self._anchors[event.anchor] = made
        return made

    def _put(
        self,
        top: tuple[Object | list[Data], list[tuple[str, int, int]]],
        made: Data,
        event: Any,
    ) -> None:
        holder, waiting = top
        if isinstance(holder, list):
            holder.append(made)
        elif not waiting:
            written = getattr(event, "value", None)
            key = written if isinstance(written, str) else ""
            waiting.append((key, *_place(event)))
        else:
            key, line, column = waiting.pop()
            if key == "<<" and isinstance(made, Object):
                for name, value in made.items():
                    holder.setdefault(name, value)
                return
            holder[key] = made
            holder.lines[key] = (line, column)


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
