"""GitHub's GraphQL API: queries are held against its published schema, and run on the state."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    build_client_schema,
    execute,
    parse,
    validate,
)
from graphql.language import FieldNode, OperationType

from . import graphql_views as views
from .description import PACKAGES
from .exchange import Answer, Request
from .graphql_views import Problem
from .permissions import MUTATIONS, granted
from .state import Data, Repository, State

_MOST_NODES: Final = 100


@lru_cache(maxsize=1)
def schema() -> GraphQLSchema:
    text = (PACKAGES / "graphql-schema" / "schema.json").read_text()
    known = json.loads(text)
    return build_client_schema(known.get("data", known), assume_valid=True)


def _operations(body: Any) -> list[OperationDefinitionNode]:
    try:
        document = parse(body["query"])
    except (GraphQLError, KeyError, TypeError):
        return []
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def fields(body: Any) -> list[str]:
    """Names of the query's or mutation's own fields."""
    return [
        selected.name.value
        for operation in _operations(body)
        for selected in operation.selection_set.selections
        if isinstance(selected, FieldNode)
    ]


def writes(body: Any) -> bool:
    return any(node.operation is OperationType.MUTATION for node in _operations(body))


def answer(state: State, request: Request, violated: Callable[[str], None]) -> Answer:
    if not request.token:
        words = "This endpoint requires you to be authenticated."
        documentation = "https://docs.github.com/graphql"
        return Answer(401, {"message": words, "documentation_url": documentation})
    asked = request.body if isinstance(request.body, dict) else {}
    unknown = set(asked) - {"query", "variables", "operationName"}
    if "query" not in asked or unknown:
        violated(f"graphql: not a query: {sorted(asked)}")
        return Answer(400, {"message": "Problems parsing JSON"})
    try:
        document = parse(asked["query"])
    except GraphQLError as broken:
        return _invalid([broken], violated)
    errors = validate(schema(), document)
    if errors:
        return _invalid(errors, violated)
    made = execute(
        schema(),
        document,
        root_value=_root(state, request),
        variable_values=asked.get("variables") or {},
        operation_name=asked.get("operationName"),
        field_resolver=_resolve,
        type_resolver=lambda value, *_: value["__typename"],
    )
    assert not hasattr(made, "__await__")
    body: Data = {"data": made.data}
    if made.errors:
        body["errors"] = [_error(error, violated) for error in made.errors]
    return Answer(200, body)


def _invalid(errors: Sequence[GraphQLError], violated: Callable[[str], None]) -> Answer:
    for error in errors:
        violated(f"graphql: {error.message}")
    return Answer(200, {"errors": [{"message": error.message} for error in errors]})


def _error(error: GraphQLError, violated: Callable[[str], None]) -> Data:
    origin = error.original_error
    shown: Data = {"message": error.message, "path": error.path}
    shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations or ()]
    if isinstance(origin, Problem):
        return {"type": origin.kind, **shown}
    violated(f"graphql: {error.message}")
    return shown


def _resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    if info.field_name not in source:
        kind = info.parent_type.name
        raise LookupError(f"the double does not play {kind}.{info.field_name}")
    value = source[info.field_name]
    if callable(value):
        return value(**arguments)
    if isinstance(value, views.Connection):
        return _connection(value.items, arguments)
    return value


def _connection(items: Sequence[Any], arguments: Mapping[str, Any]) -> Data:
    """Cursors are places in the list."""
    first, last = arguments.get("first"), arguments.get("last")
    size = first if first is not None else last
    if size is None:
        raise Problem("MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value")
    if size > _MOST_NODES:
        raise Problem(
            "EXCESSIVE_PAGINATION", f"Requesting {size} records exceeds the `first` limit of 100"
        )
    start = int(arguments["after"]) + 1 if arguments.get("after") else 0
    end = int(arguments["before"]) if arguments.get("before") else len(items)
    if first is not None:
        end = min(end, start + first)
    else:
        start = max(start, end - size)
    chosen = [item() for item in items[start:end]]
    return {
        "nodes": chosen,
        "edges": [
            {"cursor": str(start + index), "node": node} for index, node in enumerate(chosen)
        ],
        "totalCount": len(items),
        "pageInfo": {
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": str(start) if chosen else None,
            "endCursor": str(end - 1) if chosen else None,
        },
    }


def _root(state: State, request: Request) -> Data:
    def repository(owner: str, name: str, **_: Any) -> Data:
        found = state.find_repository(owner, name)
        if found is None:
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise Problem("NOT_FOUND", message)
        return views.repository(state, request, found)

    def node(id: str) -> Data:
        return _node(state, request, id)

    return {
        "viewer": views.viewer(state, request),
        "repository": repository,
        "node": node,
        "nodes": lambda ids: [node(id) for id in ids],
        "rateLimit": {"limit": 5000, "remaining": 4999, "cost": 1, "used": 1},
        **{name: _mutation(state, request, name) for name in _MUTATIONS},
    }


def _found(state: State, node_id: str) -> tuple[str, Repository, Data]:
    prefix, _, number = node_id.partition("_")
    key = views.LISTS.get(prefix)
    for data in state.data["repositories"].values() if key else ():
        for item in data[key]:
            if str(item["id"]) == number:
                return prefix, Repository(state, data), item
    raise Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'")


def _node(state: State, request: Request, node_id: str) -> Data:
    prefix, repository, item = _found(state, node_id)
    return views.VIEWS[prefix](state, request, repository, item)


def _mutation(state: State, request: Request, name: str) -> Callable[..., Data]:
    def run(input: Data) -> Data:
        if not granted(request.token["permissions"], MUTATIONS[name], write=True):
            raise Problem("FORBIDDEN", "Resource not accessible by integration")
        made = _MUTATIONS[name](state, request, input)
        return made | {"clientMutationId": input.get("clientMutationId")}

    return run


def _set_resolved(resolved: bool) -> Callable[[State, Request, Data], Data]:
    def run(state: State, request: Request, asked: Data) -> Data:
        prefix, repository, thread = _found(state, asked["threadId"])
        if prefix != "PRRT":
            raise Problem("NOT_FOUND", f"Could not resolve to a node '{asked['threadId']}'")
        thread["resolved_by"] = request.login if resolved else None
        return {"thread": views.thread(state, request, repository, thread)}

    return run


def _minimize(state: State, request: Request, asked: Data) -> Data:
    prefix, repository, item = _found(state, asked["subjectId"])
    item["minimized"] = asked["classifier"].lower()
    return {"minimizedComment": views.VIEWS[prefix](state, request, repository, item)}


def _unminimize(state: State, request: Request, asked: Data) -> Data:
    prefix, repository, item = _found(state, asked["subjectId"])
    item["minimized"] = None
    return {"unminimizedComment": views.VIEWS[prefix](state, request, repository, item)}


_MUTATIONS: Final[Mapping[str, Callable[[State, Request, Data], Data]]] = {
    "resolveReviewThread": _set_resolved(True),
    "unresolveReviewThread": _set_resolved(False),
    "minimizeComment": _minimize,
    "unminimizeComment": _unminimize,
}
