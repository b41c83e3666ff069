from dataclasses import dataclass


@dataclass(frozen=True)
class Paged:
    page: int = 1
