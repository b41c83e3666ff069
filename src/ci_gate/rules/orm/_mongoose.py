"""Mongoose: paths that the schema does not have, references to no model, queries nobody sends."""

from __future__ import annotations

from collections.abc import Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.mongoose.models import MongooseModel
from ci_gate.codemodel.mongoose.queries import MongooseQueries, Query, Use
from ci_gate.findings import Related, Severity
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.orm._words import listed, nearest

#: Methods whose call, or whose callback, sends the query.
_SENDS = frozenset({"exec", "then", "catch", "finally", "cursor", "stream", "explain"})


def undefined_paths(mongoose: MongooseQueries) -> Iterator[Defect]:
    """Filters and sort keys that the schema does not have."""
    seen: set[tuple[s.Node, str]] = set()
    for query in mongoose.all:
        schema = query.model.schema
        for use in mongoose.uses(query):
            name = use.name
            if use.how == "populate" or (use.key, name) in seen:
                continue
            if not schema.known or not schema.paths or schema.has(name):
                continue
            if not name.replace(".", "").replace("_", "").isalnum():
                continue
            if use.how == "filter" and name in schema.virtuals:
                continue
            seen.add((use.key, name))
            yield _undefined(use)


def _undefined(use: Use) -> Defect:
    model, name = use.query.model, use.name
    near = nearest(name, model.schema.paths)
    says = (
        f"The filter on {model.name} names `{name}`"
        if use.how == "filter"
        else f"The query sorts {model.name} by `{name}`"
    )
    why = (
        "No document has it: the query finds none, or, where Mongoose drops unknown paths "
        "(`strictQuery`), all of them. There is no error."
        if use.how == "filter"
        else "All documents are equal by it: they come in no particular order, and no error tells."
    )
    return _of(
        use, f"{says}, and its schema has {listed(model.schema.top())}.", why,
        f"Write `{near}`." if near else f"Name a path of {model.name}, or add it to the schema.",
    )  # fmt: skip


def unpopulated(mongoose: MongooseQueries) -> Iterator[Defect]:
    """Populated paths that the schema does not have, and references to no model."""
    seen: set[tuple[s.Node, str]] = set()
    for query in mongoose.all:
        schema = query.model.schema
        for use in mongoose.uses(query):
            name = use.name
            if use.how != "populate" or (use.key, name) in seen or not schema.known:
                continue
            if not schema.paths or schema.has(name) or name in schema.virtuals:
                continue
            if any(name.startswith(f"{item}.") for item in (*schema.paths, *schema.virtuals)):
                continue  # a path of what is populated
            seen.add((use.key, name))
            refs = [path for path, ref in schema.paths.items() if ref is not None]
            near = nearest(name, refs)
            has = f"it refers by {listed(refs)}" if refs else "it has no references"
            yield _of(
                use,
                f"`populate` names `{name}`, which the schema of {query.model.name} lacks: {has}.",
                f"Mongoose throws StrictPopulateError (Cannot populate path `{name}` because it is "
                "not in your schema); before version 6 it leaves the path empty.",
                f"Write `{near}`." if near else "Populate a path that has a `ref`.",
            )
    yield from _no_model(mongoose)


def _no_model(mongoose: MongooseQueries) -> Iterator[Defect]:
    names = mongoose.models.names
    if names is None:
        return
    populated = {
        (query.model, use.name)
        for query in mongoose.all
        for use in mongoose.uses(query)
        if use.how == "populate"
    }
    for model in mongoose.models.all:
        for path, ref in model.schema.paths.items():
            if ref is None or ref == "?" or ref in names or "." in ref:
                continue
            near = nearest(ref, names)
            yield Defect(
                model.schema.path,
                model.schema.places[path],
                f"`{model.name}.{path}` refers to the model `{ref}`, which nothing registers.",
                f"Populating it throws MissingSchemaError: Schema hasn't been registered for model "
                f'"{ref}".',
                f"Write `{near}`." if near else f"Register the model: `model('{ref}', …)`.",
                f"{model.name}.{path}",
                (Related(model.path, model.call.line, f"{model.name} is registered here"),),
                None if (model, path) in populated else Severity.WARNING,
            )


def never_sent(mongoose: MongooseQueries) -> Iterator[Defect]:
    """``User.deleteOne({ … });``: a query that is made and not sent."""
    surroundings = mongoose.models.origins.surroundings
    for query in mongoose.all:
        steps = {step.name for step in query.chain.steps}
        if steps & _SENDS or query.with_callback or query.chain.awaited:
            continue
        around = next(surroundings.of(query.path, query.whole), None)
        if around is None or not isinstance(around.node, s.ExprStmt):
            continue
        yield _dropped(query)


def _dropped(query: Query) -> Defect:
    function = query.scope.function
    node = function.node
    fix = "Put `await` before the call."
    if isinstance(node, s.Function) and not node.is_async:
        fix = "Make the function around it `async` and put `await` before the call."
    return Defect(
        query.path,
        spot(query.call),
        f"{query.label}() is not awaited, so the query never runs.",
        "A query of Mongoose is sent when it is awaited, executed with `exec()`, or its `then` is "
        "called. There is no error, and nothing is stored or read.",
        fix,
        f"{query.label} in {function.name}",
    )


def _of(use: Use, message: str, why: str, fix: str) -> Defect:
    model: MongooseModel = use.query.model
    related = [Related(model.schema.path, model.schema.call.line, f"the schema of {model.name}")]
    if use.scope.module.path != use.query.path or abs(use.key.line - use.query.call.line) > 1:
        related.append(Related(use.query.path, use.query.call.line, f"{use.query.label}() gets it"))
    return Defect(
        use.scope.module.path, use.key, message, why, fix, f"{model.name}.{use.name}",
        tuple(related),
    )  # fmt: skip
