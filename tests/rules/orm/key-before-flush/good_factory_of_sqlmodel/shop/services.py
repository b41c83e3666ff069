from sqlmodel import Session

from shop.models import Line, Order


class Orders:
    def __init__(self, session: Session):
        self.session = session

    def create(self, number: str, titles: list[str]) -> dict:
        order = Order(number=number)
        self.session.add(order)
        self.session.add_all([Line(order_id=order.id, title=title) for title in titles])
        self.session.commit()
        return {"id": str(order.id), "number": order.number}
