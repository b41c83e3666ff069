from sqlalchemy.orm import Session

from shop.repositories import orders


def codes(db: Session) -> list[str]:
    return [row.code for row in orders.find(db)]
