from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, raiseload, selectinload

from shop.models import Line, Order


def listing(session: Session) -> list[Order]:
    stmt = select(Order).options(selectinload(Order.lines), raiseload("*"))
    return list(session.scalars(stmt.order_by(Order.total.desc()).where(text("total > 100"))))


def counted(session: Session) -> list[tuple]:
    stmt = select(Order.id, func.count(Line.id).label("lines")).join(Order.lines)
    return [tuple(row) for row in session.execute(stmt.group_by(Order.id).order_by("lines"))]


def shown(names: list[str]) -> str:
    return ", ".join(names).join("()")
