from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ItemOut(Camel):
    id: int
    unit_price: float = Field(..., ge=0)
    name: str = Field(min_length=1)


class Page(Camel):
    items: list[ItemOut]
    items_count: int
