from sqlalchemy.orm import Session

from shop.repositories import OrderRepository


class Orders:
    def __init__(self, session: Session):
        self.session = session
        self.orders = OrderRepository(session)

    def create(self, number: str, titles: list[str]) -> dict:
        order = self.orders.add(number)
        for title in titles:
            self.orders.add_line(order.id, title)
        self.session.commit()
        return {"id": order.id, "number": order.number}
