"""The role of each file: what its names suggest, and whether its content bears it out."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ci_gate.architecture import names
from ci_gate.architecture.content import Content
from ci_gate.architecture.model import Role
from ci_gate.architecture.names import Hint
from ci_gate.data import dataclass

#: Files with routes that make a directory one of routes.
_ROUTES_AT_LEAST: Final = 2
_DOING: Final = {
    Role.PRESENTATION: "declares routes or handles them",
    Role.SERVICE: "stands between routes and data",
    Role.DATA_ACCESS: "runs queries",
    Role.MODEL: "defines entities",
}


@dataclass(frozen=True, slots=True)
class Played:
    """The role that a name gives a file; ``sure`` where the file's content shows it."""

    hint: Hint
    sure: bool

    @property
    def role(self) -> Role:
        return self.hint.role

    @property
    def reason(self) -> str:
        doing = f", and it {_DOING[self.role]}" if self.sure else ""
        return f"{self.hint.where} name {self.hint.word!r}{doing}"


class Roles:
    """The roles of the files of a repository's services."""

    def __init__(self, paths: Iterable[str], content: Mapping[str, Content]) -> None:
        self._content = content
        self._mapped = any(own.entities for own in content.values())
        self._hints = _without_subjects({path: names.hints(path) for path in paths})
        doubtful = self._doubtful()
        for path, found in self._hints.items():
            self._hints[path] = [
                replace(hint, strong=False) if hint.folder in doubtful else hint for hint in found
            ]

    def of(self, path: str) -> Played | None:
        """The role of a file."""
        own, found = self._content[path], self._hints[path]
        own_name = [h for h in found if h.where != "directory"]
        if names.in_neutral_directory(path) and not any(hint.where == "file" for hint in found):
            return None
        if names.is_neutral(path) and not own_name:
            parent = posixpath.dirname(path)
            named = any(hint.strong and hint.folder == parent for hint in found)
            if not named or own.data_only:
                return None
        if own.data_only and not own.entities and not self._plain_model(path):
            return None
        for hint in _order(found):
            if self._shows(hint, path):
                return Played(hint, True)
            if self._contradicts(hint, path):
                continue
            if hint.strong and hint.where != "stem":
                return Played(hint, False)
        return None

    def beside_routes(self, shared: Iterable[str], played: Mapping[str, Played]) -> Iterator[str]:
        """Files that stand in a directory of routes (``api/presenters.py``) and that these use more
        than other layers do."""
        sure = {path: one.role for path, one in played.items() if one.sure}
        around: defaultdict[str, list[Role]] = defaultdict(list)
        for path, role in sure.items():
            around[posixpath.dirname(path)].append(role)
        for path in shared:
            own, folder = self._content[path], posixpath.dirname(path)
            found = around[folder]
            if len(found) < _ROUTES_AT_LEAST or set(found) != {Role.PRESENTATION}:
                continue
            if own.data_only or own.abstract or own.entities or own.driver or own.accesses:
                continue
            if not any(
                hint.role is Role.PRESENTATION and hint.folder == folder
                for hint in self._hints[path]
            ):
                continue
            users = [sure[user] for user in own.imported_by if user in sure]
            routes = users.count(Role.PRESENTATION)
            if routes > len(users) - routes:
                yield path

    def named(self, path: str, role: Role) -> bool:
        """Does a word that leaves no doubt name the role?"""
        return any(hint.role is role and hint.strong for hint in self._hints[path])

    def _doubtful(self) -> set[str]:
        """Directories that are named like a layer and hold a bit of each: a feature that is called
        ``services``, or ``routes/`` with all that belongs to a route.

        One is known by a file whose whole name is another role (``services/views.py``), or by more
        than one in three of its files playing another role by a name of their own. Words that are
        as often a subject do not count (``models/query.py``), unless there are routes or entities.
        """
        mixed: set[str] = set()
        mine: Counter[str] = Counter()
        others: Counter[str] = Counter()
        for path, found in self._hints.items():
            for number, hint in enumerate(found):
                if hint.where != "directory" or not hint.strong:
                    continue
                closer = next((h for h in _order(found[:number]) if self._plays(h, path)), None)
                if closer is not None and closer.role is not hint.role:
                    others[hint.folder] += 1
                    if closer.where == "stem" and posixpath.dirname(path) == hint.folder:
                        mixed.add(hint.folder)
                elif closer is not None or self._shows(hint, path):
                    mine[hint.folder] += 1
        return mixed | {folder for folder, count in others.items() if count * 2 > mine[folder]}

    def _plays(self, hint: Hint, path: str) -> bool:
        certain = hint.strong or hint.role in (Role.PRESENTATION, Role.MODEL)
        return certain and self._shows(hint, path)

    def _shows(self, hint: Hint, path: str) -> bool:
        """Does the file do what the hint's role is for?"""
        own = self._content[path]
        handles = own.routes or own.handlers
        match hint.role:
            case Role.PRESENTATION:
                return handles or (own.handed and hint.strong and not own.entities)
            case Role.DATA_ACCESS:
                return (own.accesses > 0 or (own.driver and hint.strong)) and not handles
            case Role.MODEL:
                return own.entities or (own.data_only and self._plain_model(path))
            case Role.SERVICE:
                if self._contradicts(hint, path):
                    return False
                if hint.strong and own.imported_by:
                    return True
                users = [self._content[user] for user in own.imported_by]
                return any(user.routes or user.handlers for user in users)
        return False

    def _contradicts(self, hint: Hint, path: str) -> bool:
        """Does the file do what its name's role must not?"""
        own = self._content[path]
        handles = own.routes or own.handlers
        match hint.role:
            case Role.PRESENTATION:
                return own.entities
            case Role.SERVICE:
                return handles or own.entities or (own.web and self._below_routes(hint, path))
            case Role.DATA_ACCESS:
                return handles or own.abstract or own.web
            case Role.MODEL:
                return handles or (self._mapped and hint.where != "directory")
        return False

    def _below_routes(self, hint: Hint, path: str) -> bool:
        """``controllers/backend/service.py``: the file may be the routes of a subject of that
        name."""
        return hint.where == "stem" and any(
            above.role is Role.PRESENTATION and above.strong and above.where == "directory"
            for above in self._hints[path]
        )

    def _plain_model(self, path: str) -> bool:
        """Plain classes below ``models/`` are the model layer where no ORM has entities."""
        if self._mapped or names.in_neutral_directory(path) or names.is_neutral(path):
            return False
        return self.named(path, Role.MODEL)


def _without_subjects(found: Mapping[str, list[Hint]]) -> dict[str, list[Hint]]:
    """Names of files that say what the service is about, though the word names a layer elsewhere:
    ``routers/repos.py`` and ``services/repos.py`` of a service for repositories of source code, and
    with them ``tasks/repos.py``. A folder with several such files is a feature
    (``routes/views.py``, ``routes/models.py``)."""
    words: dict[str, set[str]] = {}
    above: dict[str, list[Hint]] = {}
    for path, hints in found.items():
        words.setdefault(posixpath.dirname(path), set()).update(_whole_names(hints))
    alone = {path: hints for path, hints in found.items()
             if len(words[posixpath.dirname(path)]) == 1}  # fmt: skip
    for path, hints in alone.items():
        for word, layer in _in_a_layer(path, hints):
            above.setdefault(word, []).append(layer)
    subjects = {
        word
        for word, layers in above.items()
        if len({layer.role for layer in layers}) > 1 and any(layer.strong for layer in layers)
    }
    kept = dict(found)
    for path, hints in alone.items():
        mine = subjects - _words_of_its_layer(path, hints)
        kept[path] = [hint for hint in hints if hint.where != "stem" or hint.word not in mine]
    return kept


def _whole_names(hints: Sequence[Hint]) -> set[str]:
    """The word that is the file's whole name, where it names a layer for certain."""
    return {hint.word for hint in hints if hint.where == "stem" and hint.strong}


def _layers_around(path: str, hints: Sequence[Hint]) -> list[Hint]:
    parent = posixpath.dirname(path)
    return [hint for hint in hints if hint.where == "directory" and hint.folder == parent]


def _in_a_layer(path: str, hints: Sequence[Hint]) -> list[tuple[str, Hint]]:
    """The word that is the file's whole name, and the layer that the directory around it is."""
    layers = _layers_around(path, hints)
    return [
        (hint.word, layer)
        for hint in hints
        if hint.where == "stem"
        for layer in layers
        if layer.role is not hint.role
    ]


def _words_of_its_layer(path: str, hints: Sequence[Hint]) -> set[str]:
    """``models/model.py``."""
    roles = {layer.role for layer in _layers_around(path, hints) if layer.strong}
    return {hint.word for hint in hints if hint.where == "stem" and hint.role in roles}


def confirm(played: dict[str, Played]) -> dict[str, Played]:
    """A file whose own content is silent is sure of its role where most files do show it that have
    it by the same name: those below the directory, or those of the same kind of file name."""
    shown: Counter[tuple[Role, str]] = Counter()
    total: Counter[tuple[Role, str]] = Counter()
    for path, one in played.items():
        kinds = _above(path) if one.hint.folder else [*_above(path), one.hint.word]
        for kind in kinds:
            total[one.role, kind] += 1
            shown[one.role, kind] += one.sure

    def most(hint: Hint) -> bool:
        kind = hint.role, f"{hint.folder}/" if hint.folder else hint.word
        return shown[kind] * 2 >= total[kind]

    return {path: replace(one, sure=one.sure or most(one.hint)) for path, one in played.items()}


def _above(path: str) -> list[str]:
    """The directories above a file, each with a slash at its end."""
    return [path[: place + 1] for place, character in enumerate(path) if character == "/"]


def _order(found: Sequence[Hint]) -> list[Hint]:
    """File names before directories, inner directories before outer ones; but a directory that
    names a layer for certain goes before a doubtful one inside it."""
    files = [hint for hint in found if hint.where != "directory"]
    folders = [hint for hint in found if hint.where == "directory"]
    doubtful_files = [hint for hint in files if not hint.strong]
    certain_files = [hint for hint in files if hint.strong]
    strong = [hint for hint in folders if hint.strong]
    weak = [hint for hint in folders if not hint.strong]
    return [*certain_files, *strong, *doubtful_files, *weak]
