from typing import Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Other, Report, User

T = TypeVar("T", bound=BaseModel)


class Basket(BaseModel):
    items: list[int] = []

    def add(self, other: "Basket") -> None:
        self.items += other.items


class Repository(Generic[T]):
    model: type

    def __init__(self, session: Session) -> None:
        self.session = session

    def save(self, item: T) -> None:
        self.session.add(item)

    def all(self):
        return self.session.scalars(select(self.model)).all()

    def count(self):
        return self.session.scalar(select(func.count()).select_from(User))


def collect(session: Session, data: Basket, report: Report):
    seen = set()
    seen.add(data)
    Basket().add(data)
    session.add(report)
    session.query(User, Other).all()
    return session.get(User, data.items[0])
