import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str
    page_size: int = 20

    @classmethod
    def from_env(cls):
        return cls(database_url=os.environ["DATABASE_URL"])
