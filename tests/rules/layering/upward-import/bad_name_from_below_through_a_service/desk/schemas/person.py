from dataclasses import dataclass


@dataclass
class PersonView:
    id: int
    name: str
