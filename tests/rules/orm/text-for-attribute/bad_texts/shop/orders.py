from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models import Line, Order

WITH_LINES = (selectinload("lines"),)  # expect: orm/text-for-attribute


def listing(session: Session) -> list[Order]:
    stmt = select(Order).options(*WITH_LINES)
    stmt = stmt.order_by("total desc")  # expect: orm/text-for-attribute
    return list(session.scalars(stmt))


def large(session: Session) -> list[Order]:
    stmt = select(Order).where("total > 100")  # expect: orm/text-for-attribute
    return list(session.scalars(stmt))


def lines(session: Session) -> list[Line]:
    stmt = select(Line).join("order")  # expect: orm/text-for-attribute
    return list(session.scalars(stmt.options(joinedload("order"))))  # expect: orm/text-for-attribute
