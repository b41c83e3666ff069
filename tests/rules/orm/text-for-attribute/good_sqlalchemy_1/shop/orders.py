from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from shop.models import Order


def listing(session: Session) -> list[Order]:
    return list(session.scalars(select(Order).options(selectinload("lines"))))
