from dataclasses import dataclass


@dataclass(frozen=True)
class Query:
    limit: int
    tag: str | None = None

    def __post_init__(self):
        object.__setattr__(self, "limit", min(self.limit, 100))


@dataclass
class Draft:
    tag: str | None = None
