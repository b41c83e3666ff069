import logging

from sqlalchemy.orm import Session

from shop.models import Line, Order

log = logging.getLogger(__name__)


class OrderRepository:
    def __init__(self, session: Session):
        self.session = session

    def add(self, number: str) -> Order:
        order = Order(number=number)
        self.session.add(order)
        log.info("a new order: %s", order.id)
        self.session.flush()
        return order

    def add_line(self, order_id: int, title: str) -> None:
        self.session.add(Line(order_id=order_id, title=title))
