from sqlalchemy.orm import Session

from shop.models import Line, Order


class Orders:
    def __init__(self, session: Session):
        self.session = session

    def create(self, number: str, titles: list[str]) -> dict:
        order = Order(number=number)
        lines = [Line(order_id=order.id, title=title) for title in titles]  # expect: orm/key-before-flush
        self.session.add(order)
        self.session.add_all(lines)
        self.session.commit()
        return {"id": order.id, "lines": len(lines)}
