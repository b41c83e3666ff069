from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Const, Field, Library, RelationRef, Text, Val
from ci_gate.codemodel.dataflow.events import Compared
from ci_gate.codemodel.entities import Entity, Relation
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules._texts import are_scalars, is_scalar
from ci_gate.rules.base import Facts, Rule

_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel"})
_ADDING: Final = frozenset({"append", "add", "remove", "insert"})
_REQUEST: Final = ("flask.request.", "quart.request.")


class ScalarForRelation(Rule):
    """A relation is compared with, or given, a text or key where objects of the entity are due.

    `Article.author == username`, `article.tags = names`, `article.tags.append(name)`, where the
    name comes from the request or is written as `str`.

    ## Why is this bad?
    `AttributeError: 'str' object has no attribute '_sa_instance_state'`, each time the line runs.

    ## Fix
    Compare a column of the other entity (`Article.author.has(User.username == name)`), or load or
    make the objects first (`Tag(name=name)`).

    ## Silent on
    Values that are not surely texts or numbers, relations behind an association proxy, entities
    whose attribute converts what it is given (a validator, a property).

    ## Source
    SQLAlchemy, "Relationship Configuration"; constraint decay, arXiv 2605.06445: ORM misuse at run
    time.
    """

    id = "orm/scalar-for-relation"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)
    needs: ClassVar = ("sqlalchemy", "sqlmodel")

    def check(self, facts: Facts) -> Iterable[Finding]:
        yield from self._compared(facts)
        names = {
            relation.name
            for entity in facts.entities
            if entity.kind in _KINDS
            for relation in entity.relations.values()
        }
        if names:
            yield from self._given(facts, names)

    def _compared(self, facts: Facts) -> Iterator[Finding]:
        seen: set[s.Node] = set()
        for _, event in facts.flows.events():
            if not isinstance(event, Compared) or event.operator not in ("==", "!="):
                continue
            for one, other in ((event.left, event.right), (event.right, event.left)):
                ref = one.only()
                if not isinstance(ref, RelationRef) or one.partial or event.place.node in seen:
                    continue
                entity = ref.table.entity
                relation = entity.relations.get(ref.relation)
                if relation is None or entity.kind not in _KINDS:
                    continue
                if not _is_scalar(other) and not _is_written(facts.model, event, one):
                    continue
                seen.add(event.place.node)
                yield self._finding(
                    event.place.path, event.place.node, entity, relation, "compared with"
                )

    def _given(self, facts: Facts, names: set[str]) -> Iterator[Finding]:
        model = facts.model
        for path, module in model.modules.items():
            if module.language != "python" or is_outside(path):
                continue
            if names.isdisjoint(s.gathered(module).words):
                continue
            for assign in model.nodes_of(module, s.Assign):
                for target in assign.targets:
                    if assign.op is None and assign.value is not None and _names(target, names):
                        yield from self._judged(facts, path, target, assign.value)
            for call in model.nodes_of(module, s.Call):
                func = call.func
                if not isinstance(func, s.Attribute) or func.name not in _ADDING or not call.args:
                    continue
                if _names(func.value, names):
                    yield from self._judged(facts, path, func.value, call.args[-1].value, call)

    def _judged(
        self, facts: Facts, path: str, target: s.Expr, value: s.Expr, call: s.Call | None = None
    ) -> Iterator[Finding]:
        assert isinstance(target, s.Attribute)
        classes = facts.certain.objects(target.value)
        found = [facts.entities.of_class(cls) for cls in classes or ()]
        entity = found[0] if len(found) == 1 else None
        relation = entity.relations.get(target.name) if entity is not None else None
        if entity is None or relation is None or entity.kind not in _KINDS:
            return
        if entity.cls is None or _converts(facts.model, entity):
            return
        many = call is None and relation.many
        if not (are_scalars if many else is_scalar)(facts.model, value):
            return
        yield self._finding(path, call or target, entity, relation, "given")

    def _finding(
        self, path: str, node: s.Node, entity: Entity, relation: Relation, verb: str
    ) -> Finding:
        target = relation.target or "the other entity"
        return self.finding(
            path,
            spot(node),
            message=f"{entity.name}.{relation.name} is {verb} a text or number, where objects of "
            f"{target} are due.",
            why="AttributeError: 'str' object has no attribute '_sa_instance_state', each time the "
            "line runs.",
            fix=f"Compare a column of {target}: `{entity.name}.{relation.name}."
            f"{'any' if relation.many else 'has'}(…)`."
            if verb == "compared with"
            else f"Load or make objects of {target} first.",
            subject=f"{entity.name}.{relation.name} {verb} a scalar",
            related=[Related(relation.path, relation.span[0], f"{relation.name} is mapped here")],
        )


def _names(expr: s.Expr, names: set[str]) -> bool:
    return isinstance(expr, s.Attribute) and expr.name in names


def _is_scalar(value: Val) -> bool:
    """Is it a text or number: one of the request, a column's, or written out?"""
    if value.partial:
        return False
    items = [item for item in value.items if not (isinstance(item, Const) and item.value is None)]
    for item in items:
        if isinstance(item, Library) and item.path.startswith(_REQUEST):
            continue
        if not isinstance(item, Const | Text | Field):
            return False
        if isinstance(item, Field) and item.column not in item.entity.columns:
            return False
    return bool(items) or any(source.part in ("query", "path") for source in value.sources)


def _is_written(model: CodeModel, event: Compared, one: Val) -> bool:
    """Is the other side of the comparison annotated as a text or number?"""
    node = event.place.node
    if not isinstance(node, s.Binary):
        return False
    return is_scalar(model, node.right if one is event.left else node.left)


def _converts(model: CodeModel, entity: Entity) -> bool:
    """Does the class see what is put into the attribute (``@validates``, listeners)?"""
    cls = entity.cls
    assert cls is not None
    return model.method(cls, "__setattr__") is not None or bool(
        {"validates", "association_proxy", "listens_for"} & s.gathered(cls.module).words
    )
