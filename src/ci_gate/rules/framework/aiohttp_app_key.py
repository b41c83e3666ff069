from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_KEY: Final = regex(r"^aiohttp\.(?:\w+\.)*((?:App|Request|Response)Key)$")
_MORE: Final = 3


@dataclass(slots=True, eq=False)
class _Key:
    """``name = AppKey(text, …)`` in ``path``, with the places that read and that store under it.

    ``unclear``: it is also used in a way that may store something.
    """

    name: str
    kind: str
    text: str | None
    path: str
    node: s.Call
    reads: list[tuple[str, s.Node]] = field(default_factory=list)
    stores: list[tuple[str, s.Node]] = field(default_factory=list)
    unclear: bool = False


class AiohttpAppKey(Rule):
    """An `AppKey` is read under which nothing is stored: often the second one of the same name.

    ## Why is this bad?
    aiohttp compares such keys by identity. Two that are made with the same name are two keys: what
    one module stores under its own, another does not find under the other, and each request that
    reads it ends with KeyError, status 500.

    ## Fix
    Define the key once and import it where it is stored and where it is read.

    ## Silent on
    Trees with sources that could not be read; keys that are used in another way than to store or
    read under them (handed to a function, `app.get(KEY)`, `KEY in app`); names that cannot be
    followed to one definition; keys of tests; reads in a `try`.

    ## Source
    aiohttp, "Application's config": AppKey objects are compared by identity
    (docs.aiohttp.org/en/stable/web_reference.html#aiohttp.web.AppKey); constraint decay, arXiv
    2605.06445: handlers that crash with KeyError.
    """

    id = "framework/aiohttp-app-key"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("aiohttp",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        keys = {key.node: key for key in _defined(facts.model)}
        if not keys or facts.model.skipped:
            return
        _gather_uses(facts.model, keys)
        for key in keys.values():
            if key.reads and not key.stores and not key.unclear and not is_outside(key.path):
                yield self._finding(key, _twin(key, keys.values()))

    def _finding(self, key: _Key, twin: _Key | None) -> Finding:
        path, node = key.reads[0]
        related = [Related(key.path, key.node.line, "the key that is read")]
        if twin is not None:
            stored, place = twin.stores[0]
            how = f"the value is stored under the {twin.name} of {twin.path}"
            fix = f"Import {twin.name} from {twin.path} and remove the one of {key.path}."
            related += [
                Related(twin.path, twin.node.line, "the key that it is stored under"),
                Related(stored, place.line, "stored here"),
            ]
        else:
            how = "nothing is stored under it"
            fix = f"Store the value under {key.name} where the application is made."
        related += [
            Related(other, use.line, "and read here") for other, use in key.reads[1 : _MORE + 1]
        ]
        return self.finding(
            path,
            node,
            message=f"{path} reads under {key.name}, {_whose(key, path)}, and {how}.",
            why="Such keys are compared by identity, not by name: the read raises KeyError.",
            fix=fix,
            subject=f"{key.name} not stored",
            related=related,
        )


def _whose(key: _Key, path: str) -> str:
    return f"its own {key.kind}" if key.path == path else f"the {key.kind} of {key.path}"


def _defined(model: CodeModel) -> Iterator[_Key]:
    """The keys that modules and classes define."""
    for path, module in sorted(model.modules.items()):
        if module.language != "python":
            continue
        bodies = [module.body, *(st.cls.body for st in module.body if isinstance(st, s.ClassDef))]
        for statement in (statement for body in bodies for statement in body):
            match statement:
                case s.Assign(targets=[s.Name(id=name)], value=s.Call() as call):
                    kinds = _kinds(model, call.func)
                    if len(kinds) == 1:
                        first = call.argument(0, "name")
                        text = first.value if isinstance(first, s.Literal) else None
                        yield _Key(
                            name, kinds[0], text if isinstance(text, str) else None, path, call
                        )


def _kinds(model: CodeModel, func: s.Expr) -> list[str]:
    if not isinstance(func, s.Name | s.Attribute | s.Subscript):
        return []
    if isinstance(func, s.Subscript):
        func = func.value
    values = model.evaluate(func)
    found = [_KEY.match(value.path) for value in values if isinstance(value, ExternalValue)]
    return [match[1] for match in found if match is not None]


def _gather_uses(model: CodeModel, keys: dict[s.Call, _Key]) -> None:
    """What the whole program does with the keys, by every name that they go by."""
    imported = [
        (item.name, item.alias)
        for module in model.modules.values()
        for statement in module.imports
        for item in statement.names
        if item.name != item.alias
    ]
    names: set[str] = set()
    more = {key.name for key in keys.values()}
    while more:
        names |= more
        more = {alias for name, alias in imported if name in names} - names
    for path, module in sorted(model.modules.items()):
        if module.language == "python":
            _Uses(model, keys, names, path).read(module)


class _Uses:
    """The uses of keys in one module."""

    def __init__(
        self, model: CodeModel, keys: dict[s.Call, _Key], names: set[str], path: str
    ) -> None:
        self._model = model
        self._keys = keys
        self._names = names
        self._path = path
        self._skip: set[s.Node] = set()

    def read(self, module: s.Module) -> None:
        guarded: set[s.Node] = set()
        targets: set[s.Node] = set()
        indexes: dict[s.Node, s.Subscript] = {}
        for node in s.walk(module):
            match node:
                case s.Assign(targets=found):
                    targets.update(inner for target in found for inner in s.walk(target))
                    self._skip.update(target for target in found if isinstance(target, s.Name))
                case s.For(target=target) | s.WithItem(target=s.Node() as target):
                    targets.update(s.walk(target))
                case s.Try(body=body, handlers=[_, *_]):
                    guarded.update(inner for statement in body for inner in s.walk(statement))
                case s.Subscript(index=index):
                    indexes[index] = node
        for node in s.walk(module):
            match node:
                case s.Name(id=name) | s.Attribute(name=name) if name in self._names:
                    if node not in self._skip:
                        self._use(node, indexes.get(node), targets, guarded)

    def _use(
        self,
        node: s.Name | s.Attribute,
        subscript: s.Subscript | None,
        targets: set[s.Node],
        guarded: set[s.Node],
    ) -> None:
        found = self._definition(node)
        if found is None:
            last = node.id if isinstance(node, s.Name) else node.name
            for key in self._keys.values():
                key.unclear = key.unclear or key.name == last
            return
        own = self._keys.get(found) if isinstance(found, s.Call) else None
        if own is None:
            return
        if subscript is None or subscript in guarded:
            own.unclear = True
        elif subscript in targets:
            own.stores.append((self._path, subscript))
        else:
            own.reads.append((self._path, subscript))

    def _definition(self, node: s.Name | s.Attribute) -> s.Expr | None:
        try:
            found = self._model.definition(node, self._model.scope_of(node))
        except KeyError:
            return None
        return found[0] if found is not None else None


def _twin(key: _Key, keys: Iterable[_Key]) -> _Key | None:
    """Another key of the same name or text, under which something is stored."""
    for other in keys:
        same = other.name == key.name or (other.text is not None and other.text == key.text)
        if other is not key and same and other.kind == key.kind and other.stores:
            return other
    return None
