"""A module's facts as bytes and back."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax
from ci_gate.serial import Codec

MODULES: Final = Codec(
    syntax.Module,
    [
        syntax.Contents,
        *(
            kind
            for kind in vars(syntax).values()
            if isinstance(kind, type) and issubclass(kind, syntax.Node)
        ),
    ],
)
