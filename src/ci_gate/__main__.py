"""``python -m ci_gate``."""

from ci_gate.cli import program

program()
