"""What the contract rules ask of a description before they trust it against the code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ci_gate.codemodel.openapi import Operation
from ci_gate.codemodel.openapi.served import Served
from ci_gate.codemodel.syntax import Node
from ci_gate.findings import Severity
from ci_gate.rules.base import Facts

#: Packages that write a description from the code.
_GENERATORS: Final = frozenset({
    "drf_spectacular", "drf_yasg", "flasgger", "apispec", "flask_smorest", "flask_restx",
    "apiflask", "flask_openapi3", "aiohttp_apispec", "aiohttp_swagger", "ninja", "@fastify/swagger",
    "fastify-swagger", "swagger-jsdoc", "swagger-autogen", "@hono/zod-openapi", "hono-openapi",
    "tsoa", "koa-swagger-decorator", "zod-openapi", "@asteasolutions/zod-to-openapi",
})  # fmt: skip
#: What FastAPI writes into each description of its own.
_FASTAPI_SCHEMA: Final = "HTTPValidationError"


def derived(facts: Facts, served: Served) -> bool:
    """Is the description written from the code? Where the two differ, it is the one that is old."""
    if served.description.named:
        return False
    if _FASTAPI_SCHEMA in served.description.schema_names:
        return True
    return any(edge.package in _GENERATORS for edge in facts.model.import_edges)


def severity(facts: Facts, served: Served, usual: Severity) -> Severity:
    """The usual one where the description is the contract, a note where it comes from the code."""
    return Severity.NOTE if derived(facts, served) else usual


def node(operation: Operation) -> Node:
    """The operation's place in its file."""
    end = operation.column + len(operation.method)
    return Node((operation.line, operation.column, operation.line, end))


def listed(names: Sequence[str], most: int = 3) -> str:
    """``a, b and c``; ``a, b, c and 4 more``."""
    shown = list(names[:most])
    if len(names) > most:
        return f"{', '.join(shown)} and {len(names) - most} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
