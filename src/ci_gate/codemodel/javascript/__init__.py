"""JavaScript and TypeScript source to the common syntax."""

from ci_gate.codemodel.javascript.lower import lower

__all__ = ["lower"]
