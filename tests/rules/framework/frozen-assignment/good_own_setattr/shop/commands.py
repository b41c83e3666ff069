from dataclasses import dataclass


@dataclass(frozen=True)
class Cached:
    key: str

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)
