from sqlalchemy.orm import Session

from shop.repositories import carts


def codes(db: Session) -> list[str]:
    return [row.code for row in carts.find(db)]
