from datetime import datetime
from typing import Annotated, Any, Optional

from pydantic import BaseModel, ConfigDict, Field, model_validator


class ItemOut(BaseModel):
    id: int
    name: str | None
    note: Optional[str]
    extra: Any
    made: Annotated[datetime, Field(default_factory=datetime.now)]
    price: float = Field(default=0.0)
    _seen: bool


def prefixed(name: str) -> str:
    return f"x_{name}"


class Aliased(BaseModel):
    model_config = ConfigDict(populate_by_name=True, alias_generator=prefixed)
    id: int
    name: str


class Named(BaseModel):
    id: int = Field(alias="number")
    name: str = Field("unknown")
    place: str = Field(default_factory=str)


class Filled(BaseModel):
    id: int
    slug: str

    @model_validator(mode="before")
    @classmethod
    def fill(cls, data):
        data.setdefault("slug", f"item-{data['id']}")
        return data


class Own(BaseModel):
    id: int
    name: str

    def __init__(self, id: int):
        super().__init__(id=id, name=f"item {id}")
