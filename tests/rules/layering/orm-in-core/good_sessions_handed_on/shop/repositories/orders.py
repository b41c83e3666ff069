from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.orders import Row


def find(db: Session) -> list[Row]:
    return list(db.scalars(select(Row).limit(20)))
