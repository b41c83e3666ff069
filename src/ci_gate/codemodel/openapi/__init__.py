"""The contract's OpenAPI description, as far as rules compare it with the code."""

from ci_gate.codemodel.openapi.description import (
    Description,
    Operation,
    Response,
    Scheme,
    find_description,
    find_descriptions,
    read,
)
from ci_gate.codemodel.openapi.documents import Problem

__all__ = [
    "Description",
    "Operation",
    "Problem",
    "Response",
    "Scheme",
    "find_description",
    "find_descriptions",
    "read",
]
