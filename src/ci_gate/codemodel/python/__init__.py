"""Python source to the common syntax."""

from ci_gate.codemodel.python.lower import lower

__all__ = ["lower"]
