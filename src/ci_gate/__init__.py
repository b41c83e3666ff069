"""constraint-gate: blocks pull requests that pass their tests and still break the structure."""

__version__ = "0.1.0"
