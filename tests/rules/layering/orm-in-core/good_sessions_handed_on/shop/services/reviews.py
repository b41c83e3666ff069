from sqlalchemy.orm import Session

from shop.repositories import reviews


def codes(db: Session) -> list[str]:
    return [row.code for row in reviews.find(db)]
