"""The queries of Mongoose's models: filters, sort keys and populated paths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Chain, chain_of, outermost
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.mongoose.models import MongooseModel, MongooseModels
from ci_gate.codemodel.objectliterals import ObjectLiterals
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.sequelize.origins import Origins
from ci_gate.data import dataclass
from ci_gate.regex import regex

How = Literal["filter", "sort", "populate"]

READS: Final = frozenset({
    "find", "findOne", "findById", "countDocuments", "exists", "distinct", "count",
})  # fmt: skip
WRITES: Final = frozenset({
    "updateOne", "updateMany", "replaceOne", "deleteOne", "deleteMany", "findOneAndUpdate",
    "findOneAndDelete", "findOneAndReplace", "findOneAndRemove", "findByIdAndUpdate",
    "findByIdAndDelete", "findByIdAndRemove",
})  # fmt: skip
#: What a query has, before it is awaited.
METHODS: Final = READS | WRITES | {
    "sort", "limit", "skip", "select", "populate", "lean", "exec", "where", "equals", "gt", "gte",
    "lt", "lte", "ne", "in", "nin", "or", "and", "nor", "session", "cursor", "collation", "hint",
    "maxTimeMS", "read", "batchSize", "comment", "orFail", "transform", "setOptions", "getFilter",
    "getQuery", "getOptions", "getUpdate", "clone", "elemMatch", "regex", "size", "slice", "all",
    "set", "explain", "allowDiskUse", "model", "merge", "$where", "projection", "tailable",
    "mongooseOptions", "setQuery", "setUpdate", "estimatedDocumentCount", "readConcern",
    "writeConcern", "remove", "update", "schema", "op", "options", "stream", "execPopulate",
    "near", "within", "mod", "maxscan", "snapshot", "map", "paginate", "cache",
}  # fmt: skip
_BY_ID: Final = frozenset({
    "findById", "findByIdAndUpdate", "findByIdAndDelete", "findByIdAndRemove",
})  # fmt: skip
_CALLBACK: Final = regex(r"^(?:cb|callback|done|next|on[A-Z]\w*|handle\w*)$")
_LOGIC: Final = frozenset({"$and", "$or", "$nor"})


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """One call of a model; ``chain`` is all that is called on it in one expression."""

    method: str
    model: MongooseModel
    call: s.Call
    scope: Scope
    chain: Chain
    whole: s.Call

    @property
    def path(self) -> str:
        return self.scope.module.path

    @property
    def reads(self) -> bool:
        return self.method in READS

    @property
    def label(self) -> str:
        return f"{self.model.name}.{self.method}"

    @property
    def with_callback(self) -> bool:
        """Is it given a function to call back, and sent because of it?"""
        return any(
            isinstance(item.value, s.FunctionExpr)
            or (isinstance(item.value, s.Name) and _CALLBACK.match(item.value.id))
            for step in self.chain.steps
            for item in step.call.args
        )


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A path that a query names."""

    how: How
    name: str
    key: s.Expr
    scope: Scope
    query: Query


class MongooseQueries(ObjectLiterals):
    """Answers for one program."""

    def __init__(self, model: CodeModel, origins: Origins) -> None:
        super().__init__(model, origins)
        self.models = MongooseModels(model, origins)

    @cached_property
    def all(self) -> tuple[Query, ...]:
        if not self.models.all:
            return ()
        return tuple(sorted(self._found(), key=lambda item: (item.path, item.call.span)))

    @cached_property
    def of_call(self) -> dict[s.Node, Query]:
        """The queries by their own call and by the last one of their chain."""
        return {call: item for item in self.all for call in (item.whole, item.call)}

    def _found(self) -> Iterator[Query]:
        for method in sorted(READS | WRITES):
            for call, scope in self._model.calls_named(method):
                path = scope.module.path
                if scope.module.language == "python" or is_outside(path):
                    continue
                if not isinstance(call.func, s.Attribute):
                    continue
                model = self.models.of(call.func.value, scope)
                if model is None:
                    continue
                whole = outermost(self._origins.surroundings, path, call)
                chain = chain_of(whole)
                if chain is not None:
                    yield Query(method, model, call, scope, chain, whole)

    # --- what they name ---

    def uses(self, query: Query) -> Iterator[Use]:
        first = query.call.argument(0)
        if first is not None and query.method not in _BY_ID and query.method != "distinct":
            yield from self._filter(query, first, query.scope, 0)
        seen = False
        for step in query.chain.steps:
            seen = seen or step.call is query.call
            given = step.argument(0)
            if not seen or given is None:
                continue
            if step.name == "sort":
                yield from self._sort(query, given)
            elif step.name == "populate":
                yield from self._populate(query, given)

    def _filter(self, query: Query, expr: s.Expr, scope: Scope, depth: int) -> Iterator[Use]:
        if depth > 4:
            return
        for origin in self.each(expr, scope):
            for name, key, value, inner in self.entries(origin):
                if name in _LOGIC:
                    yield from self._filter(query, value, inner, depth + 1)
                elif not name.startswith("$"):
                    yield Use("filter", name, key, inner, query)

    def _sort(self, query: Query, expr: s.Expr) -> Iterator[Use]:
        if isinstance(expr, s.Literal) and isinstance(expr.value, str):
            for word in expr.value.split():
                yield Use("sort", word.lstrip("+-"), expr, query.scope, query)
        elif isinstance(expr, s.Mapping):
            for entry in expr.entries:
                if isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str):
                    yield Use("sort", entry.key.value, entry.key, query.scope, query)

    def _populate(self, query: Query, expr: s.Expr) -> Iterator[Use]:
        if isinstance(expr, s.Mapping):
            path = expr.get("path")
            expr = path if path is not None else expr
        for item in expr.items if isinstance(expr, s.Sequence) else [expr]:
            if isinstance(item, s.Literal) and isinstance(item.value, str):
                for word in item.value.split():
                    yield Use("populate", word, item, query.scope, query)
