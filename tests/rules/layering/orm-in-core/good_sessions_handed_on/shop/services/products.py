from sqlalchemy.orm import Session

from shop.repositories import products


def codes(db: Session) -> list[str]:
    return [row.code for row in products.find(db)]
