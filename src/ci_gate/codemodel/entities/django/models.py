"""Django's models with all that they inherit: their own fields, parents, options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.entities.django import openness
from ci_gate.codemodel.entities.django.contrib import (
    ContribModel,
    adds_nothing_unknown,
    contrib_model,
)
from ci_gate.codemodel.entities.django.declared import (
    Body,
    Declared,
    constant,
    meta_of,
    read_body,
    text,
)
from ci_gate.codemodel.entities.django.project import Project
from ci_gate.codemodel.entities.facts import Entity
from ci_gate.codemodel.model import ClassInfo, CodeModel
from ci_gate.data import dataclass


@dataclass(slots=True, eq=False)
class Model:
    """One model.

    ``fields`` are those of its own table: declared here or in abstract bases. ``parents`` are the
    concrete models that it derives from, ``contrib`` Django's own ones. ``options`` is ``Meta``.
    ``hidden`` are the names that its classes give another meaning than Django's own models do.
    ``known``: no attribute of it can have been missed.
    """

    entity: Entity
    cls: ClassInfo
    body: Body
    options: Mapping[str, s.Expr]
    label: str | None
    abstract: bool
    proxy: bool
    known: bool
    fields: dict[str, Declared] = field(default_factory=dict)
    parents: list[Model] = field(default_factory=list)
    contrib: list[ContribModel] = field(default_factory=list)
    managers: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    table: str | None = None

    @property
    def name(self) -> str:
        return self.cls.name

    @property
    def concrete(self) -> Model:
        """The model whose table this one's rows are in, a proxy's parent."""
        model: Model = self
        for _ in range(20):
            if not model.proxy or not model.parents:
                break
            model = model.parents[0]
        return model

    def ancestry(self) -> Iterator[Model]:
        """This model and the concrete ones above it."""
        seen: dict[Model, None] = {}
        stack = [self]
        while stack:
            model = stack.pop()
            if model not in seen:
                seen[model] = None
                stack.extend(reversed(model.parents))
                yield model


class Models:
    """All of Django's models of a tree, by class and by label and name."""

    def __init__(self, model: CodeModel, found: Sequence[Entity]) -> None:
        self.model = model
        self.project = Project(model)
        self._entities = {item.cls: item for item in found if item.cls is not None}
        self._bodies: dict[ClassInfo, Body] = {}
        self._of: dict[ClassInfo, Model] = {}
        self._building: set[ClassInfo] = set()
        self._bases: dict[ClassInfo, openness.Bases] = {}
        self._closed: dict[ClassInfo, bool] = {}
        lineage = {cls: None for item in self._entities for cls in self._lineage(item)}
        self._patches = openness.find_patches(model, lineage)
        for cls in self._entities:
            self._build(cls)
        self._by_name: dict[str, list[Model]] = {}
        for item in self._of.values():
            self._by_name.setdefault(item.name.lower(), []).append(item)

    def __iter__(self) -> Iterator[Model]:
        return iter(self._of.values())

    def of_class(self, cls: ClassInfo) -> Model | None:
        return self._of.get(cls)

    def body(self, cls: ClassInfo) -> Body:
        found = self._bodies.get(cls)
        if found is None:
            found = self._bodies[cls] = read_body(self.model, cls)
        return found

    def bases(self, cls: ClassInfo) -> openness.Bases:
        found = self._bases.get(cls)
        if found is None:
            found = self._bases[cls] = openness.direct_bases(self.model, cls)
        return found

    def labelled(self, label: str, name: str) -> Sequence[Model]:
        """The models that ``label.name`` may mean."""
        return [item for item in self._by_name.get(name.lower(), ()) if item.label == label]

    def named(self, name: str) -> Sequence[Model]:
        return self._by_name.get(name.lower(), ())

    def _lineage(self, cls: ClassInfo) -> Iterator[ClassInfo]:
        seen: set[ClassInfo] = set()
        stack = [cls]
        while stack:
            current = stack.pop()
            if current not in seen:
                seen.add(current)
                yield current
                bases = self.bases(current).of
                stack.extend(base for base in bases if isinstance(base, ClassInfo))

    # --- building ---

    def _build(self, cls: ClassInfo) -> Model | None:
        if cls in self._of:
            return self._of[cls]
        if cls in self._building or len(self._building) > 40:
            return None
        self._building.add(cls)
        try:
            built = self._of[cls] = self._assemble(cls)
        finally:
            self._building.discard(cls)
        return built

    def _assemble(self, cls: ClassInfo) -> Model:
        body, entity = self.body(cls), self._entities[cls]
        own_options = meta_of(self.model, cls)
        built = Model(
            entity, cls, body, own_options or {}, self.project.label(cls.module.path),
            self._flag(own_options, "abstract"), self._flag(own_options, "proxy"),
            self._is_known(cls),
        )  # fmt: skip
        built.fields.update(
            (name, item) for name, item in body.fields.items() if item.kind != "manager"
        )
        built.managers.update(n for n, item in body.fields.items() if item.kind == "manager")
        self._inherit(built, own_options is None)
        label = text(self.model, built.options.get("app_label"))
        if label is not None:
            built.label = label
        elif "app_label" in built.options:
            built.label = None
        built.table = self._table(built)
        return built

    def _inherit(self, built: Model, inherits_options: bool) -> None:
        shadowed = set(built.body.names)
        bases = self.bases(built.cls)
        for base in bases.of:
            if isinstance(base, str):
                contrib = contrib_model(base)
                if contrib is not None:
                    built.contrib.append(contrib)
                continue
            above = self._build(base) if base in self._entities else None
            if above is None:
                built.known = built.known and base not in self._entities
                shadowed |= self.body(base).names
                continue
            built.known = built.known and above.known
            built.managers |= above.managers
            built.hidden |= above.hidden
            if not above.abstract:
                built.parents.append(above)
                continue
            for name, item in above.fields.items():
                if name not in shadowed:
                    built.fields.setdefault(name, item)
            built.parents.extend(above.parents)
            built.contrib.extend(above.contrib)
            if inherits_options:
                inherits_options = False
                built.options = {
                    name: value for name, value in above.options.items() if name != "abstract"
                }
        built.hidden |= shadowed

    def _is_known(self, cls: ClassInfo) -> bool:
        return all(self._is_closed(item) for item in self._lineage(cls))

    def _is_closed(self, cls: ClassInfo) -> bool:
        """Can all attributes that the class itself brings be told?"""
        found = self._closed.get(cls)
        if found is None:
            bases = self.bases(cls)
            found = self._closed[cls] = (
                bases.complete
                and all(isinstance(b, ClassInfo) or adds_nothing_unknown(b) for b in bases.of)
                and not self.body(cls).open
                and not openness.catches_all(cls)
                and not openness.decorated(self.model, cls)
                and None not in self._patches.names(cls)
                and None not in openness.set_on_self(cls)
            )
        return found

    def patched(self, cls: ClassInfo) -> frozenset[str]:
        """The attributes that code elsewhere puts on the class."""
        return frozenset(name for name in self._patches.names(cls) if name is not None)

    def _flag(self, options: Mapping[str, s.Expr] | None, name: str) -> bool:
        value = options.get(name) if options else None
        known = constant(self.model, value) if value is not None else None
        return known is not None and known.value is True

    def _table(self, built: Model) -> str | None:
        if built.abstract:
            return None
        if built.proxy:
            return built.parents[0].table if built.parents else _contrib_table(built)
        given = built.options.get("db_table")
        if given is not None:
            return text(self.model, given)
        return f"{built.label}_{built.name.lower()}" if built.label is not None else None


def _contrib_table(built: Model) -> str | None:
    return next((item.table for item in built.contrib if item.table is not None), None)
