"""What an installer refuses: one requirement, or a set of them."""

from __future__ import annotations

from ci_gate.data import dataclass
from ci_gate.findings import Related


@dataclass(frozen=True, slots=True)
class Refused:
    """``subject`` names the defect whatever its line; ``related`` are the other places of it.
    ``warning``: something that is not seen may still let it pass."""

    path: str
    line: int
    message: str
    why: str
    fix: str
    subject: str
    related: tuple[Related, ...] = ()
    warning: bool = False
