"""The classes that a written type allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, CodeModel, Scope
from ci_gate.codemodel.python.lower import parse_expression
from ci_gate.codemodel.values import InstanceValue

Classes: TypeAlias = frozenset[ClassInfo]

_NOTHING: Final[Classes] = frozenset()
_MANAGERS: Final = frozenset({
    "ContextManager", "AsyncContextManager", "AbstractContextManager",
    "AbstractAsyncContextManager",
})  # fmt: skip
_YIELDING: Final = frozenset({
    "Iterator", "AsyncIterator", "Generator", "AsyncGenerator", "Iterable", "AsyncIterable",
})  # fmt: skip


class WrittenTypes:
    """Reads annotations; ``classes`` gives the classes of the tree that an expression names."""

    def __init__(
        self, model: CodeModel, classes: Callable[[s.Expr, Scope], Classes | None]
    ) -> None:
        self._model = model
        self._classes = classes

    def instances(self, annotation: s.Expr, scope: Scope) -> Classes | None:
        """The classes that an annotation allows; None where it allows anything else."""
        if isinstance(annotation, s.Literal):
            if annotation.kind == "none":
                return _NOTHING
            if not isinstance(annotation.value, str):
                return None
            parsed = parse_expression(annotation.value, annotation.span)
            return self.instances(parsed, scope) if parsed is not None else None
        if isinstance(annotation, s.Binary) and annotation.op == "|":
            return union(
                (self.instances(annotation.left, scope), self.instances(annotation.right, scope))
            )
        if isinstance(annotation, s.Subscript):
            return self._generic(annotation, scope)
        if not isinstance(annotation, s.Name | s.Attribute):
            return None
        if isinstance(annotation, s.Name) and annotation.id == "None":
            return _NOTHING
        if s.last_name(annotation) == "Self":
            return self._own(scope.function.cls)
        named = self._classes(annotation, scope)
        if named is not None:
            return named
        values = self._model.annotated(annotation, scope)
        alias = self._model.definition(annotation, scope)
        if alias is not None and isinstance(alias[0], s.Subscript | s.Binary):
            return self.instances(*alias)
        if len(values) == 1 and alias is None and isinstance(annotation, s.Name):
            only = next(iter(values))
            if isinstance(only, InstanceValue) and only.cls.name == annotation.id:
                return frozenset({only.cls})
        return None

    def _own(self, cls: ClassInfo | None) -> Classes | None:
        """``Self``: the class, where nothing inherits from it."""
        if cls is None or self._model.subclasses(cls):
            return None
        return frozenset({cls})

    def _generic(self, annotation: s.Subscript, scope: Scope) -> Classes | None:
        form = annotation.value
        name = form.name if isinstance(form, s.Attribute) else getattr(form, "id", "")
        index = annotation.index
        items = index.items if isinstance(index, s.Sequence) else [index]
        if name == "Optional":
            return self.instances(index, scope)
        if name == "Union":
            return union(self.instances(item, scope) for item in items)
        if name in ("Annotated", "ClassVar", "Final"):
            return self.instances(items[0], scope)
        return self._classes(form, scope)

    def managed(self, annotation: s.Expr, scope: Scope, *, made: bool) -> Classes | None:
        """T of ``AsyncContextManager[T]``; of ``AsyncIterator[T]`` where the function is ``made``
        a context manager by its decorator."""
        if not isinstance(annotation, s.Subscript):
            return None
        form, index = annotation.value, annotation.index
        name = form.name if isinstance(form, s.Attribute) else getattr(form, "id", "")
        if name not in (_YIELDING if made else _MANAGERS):
            return None
        items = index.items if isinstance(index, s.Sequence) else [index]
        return self.instances(items[0], scope) if items else None

    def made(self, annotation: s.Expr, scope: Scope) -> Classes | None:
        """``Callable[[], T]`` and ``type[T]``: T."""
        if not isinstance(annotation, s.Subscript):
            return None
        form, index = annotation.value, annotation.index
        name = form.name if isinstance(form, s.Attribute) else getattr(form, "id", "")
        if name in ("type", "Type"):
            return self.instances(index, scope)
        if name == "Callable" and isinstance(index, s.Sequence) and len(index.items) == 2:
            return self.instances(index.items[1], scope)
        return None


def union(groups: Iterable[Classes | None]) -> Classes | None:
    found: set[ClassInfo] = set()
    for group in groups:
        if group is None:
            return None
        found |= group
    return frozenset(found)
