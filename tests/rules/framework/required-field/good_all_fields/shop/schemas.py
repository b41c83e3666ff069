from typing import ClassVar, Generic, TypeVar

from pydantic import BaseModel

T = TypeVar("T")


class ItemOut(BaseModel):
    kind: ClassVar[str] = "item"
    id: int
    name: str
    price: float


class Discounted(ItemOut):
    price: float = 0.0


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
