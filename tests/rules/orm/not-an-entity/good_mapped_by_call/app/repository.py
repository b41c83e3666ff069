from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import Batch, Product


class Repository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, product: Product) -> None:
        self.session.add(product)

    def get(self, sku: str):
        return self.session.query(Product).filter_by(sku=sku).first()

    def batches(self):
        return self.session.scalars(select(Batch)).all()
