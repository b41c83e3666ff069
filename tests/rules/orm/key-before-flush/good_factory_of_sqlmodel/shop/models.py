import uuid

from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    number: str = Field(unique=True)


class Line(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    order_id: uuid.UUID = Field(foreign_key="order.id")
    title: str
