from dataclasses import dataclass

from pydantic import BaseModel


class Schema(BaseModel):
    class Config:
        from_attributes = True


class UserCreate(Schema):
    email: str


class UserRead(UserCreate):
    id: int


class OrderRead(Schema):
    id: int


@dataclass
class Total:
    amount: int
