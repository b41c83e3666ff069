from sqlalchemy.orm import Session

from shop.repositories import coupons


def codes(db: Session) -> list[str]:
    return [row.code for row in coupons.find(db)]
