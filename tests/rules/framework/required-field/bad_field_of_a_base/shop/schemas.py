from pydantic import BaseModel, Field


class Named(BaseModel):
    id: int
    name: str = Field(min_length=1)
    label: str


class ItemOut(Named):
    price: float
    stock: int = 0
    tags: list[str] = []


class ItemAnswer(BaseModel):
    item: ItemOut
