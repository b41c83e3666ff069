"""Attributes of Python modules of the tree that these do not have: ``views.show_feed``."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ModuleValue
from ci_gate.data import dataclass
from ci_gate.rules._read_names import read_names
from ci_gate.rules.startup._provided import Provided

#: A module with these words looks before it asks, or fills in what is missing.
_ASKING: Final = frozenset({"AttributeError", "hasattr", "monkeypatch"})


@dataclass(frozen=True, slots=True)
class MissingAttribute:
    """``node`` reads what the module at ``place`` does not have, in the module at ``path``."""

    path: str
    node: s.Attribute
    place: str


def missing_attributes(
    model: CodeModel, provided: Provided, path: str, is_installed: Callable[[str], bool]
) -> Sequence[MissingAttribute]:
    """What the module at ``path`` takes out of modules of the tree that they lack.
    ``is_installed``: may a package of this name come from Python or a distribution?"""
    module = model.modules[path]
    places = dict(_modules(model, path, is_installed))
    if not places or s.gathered(module).words & _ASKING:
        return ()
    suspects = [
        node
        for node in model.nodes_of(module, s.Attribute)
        if isinstance(node.value, s.Name)
        and (place := places.get(node.value.id)) is not None
        and provided.has(place, node.name) is False
        and not _is_submodule(provided, place, node.name)
    ]
    read = set(read_names(module)) if suspects else set()
    return [
        MissingAttribute(path, node, places[node.value.id])
        for node in suspects
        if isinstance(node.value, s.Name)
        and node.value in read
        and all(
            binding.kind == "import"
            for binding in model.bindings(node.value.id, model.scope_of(node))
        )
    ]


def _is_own(item: s.Import, is_installed: Callable[[str], bool]) -> bool:
    """Does the import name a package of the project? A single word may be a library's."""
    first, _, rest = item.specifier.partition(".")
    return not first or ((item.kind == "from" or bool(rest)) and not is_installed(first))


def _modules(
    model: CodeModel, path: str, is_installed: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """The names under which the module has others of the tree, with their places."""
    module = model.modules[path]
    whole = model.function_of(module)
    if whole is None:
        return
    scope = model.function_scope(whole)
    stems = {_stem(edge.target) for edge in model.imports_of(path) if edge.target is not None}
    for item in module.imports:
        for name in item.names:
            if item.guarded or item.type_only or item.lazy or not _is_own(item, is_installed):
                continue
            last = name.name if item.kind == "from" else item.specifier.rpartition(".")[2]
            if last not in stems or len(model.bindings(name.alias, scope)) != 1:
                continue
            values = model.evaluate(s.Name(name.span, name.alias), scope)
            value = next(iter(values)) if len(values) == 1 else None
            if isinstance(value, ModuleValue) and _is_named(value.path, item, name):
                yield name.alias, value.path


def _stem(place: str) -> str:
    return posixpath.basename(place.removesuffix(".py").removesuffix("/__init__"))


def _is_named(place: str, item: s.Import, name: s.ImportedName) -> bool:
    """Is it the module itself that the import names, and not what that module imports?"""
    dotted = item.specifier.lstrip(".")
    if item.kind == "from":
        dotted = f"{dotted}.{name.name}".lstrip(".")
    stem = place.removesuffix(".py").removesuffix("/__init__")
    return f"/{stem}".endswith("/" + dotted.replace(".", "/"))


def _is_submodule(provided: Provided, place: str, name: str) -> bool:
    if not place.endswith("__init__.py"):
        return False
    inner = posixpath.join(posixpath.dirname(place), name)
    return bool(provided.module(inner)) or provided.is_folder(inner) or provided.may_exist(inner)
