from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shop.models import Item


class ItemRepository:
    def __init__(self, session: Session):
        self.session = session

    def all(self):
        return self.session.scalars(select(Item).limit(20)).all()

    def by_id(self, item_id):
        return self.session.get(Item, item_id)

    def touch(self):
        self.session.execute(text("UPDATE items SET stock = stock WHERE stock > 0"))
