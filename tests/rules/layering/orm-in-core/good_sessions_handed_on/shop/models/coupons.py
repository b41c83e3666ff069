from sqlalchemy.orm import Mapped, mapped_column

from shop.models.base import Base


class Row(Base):
    __tablename__ = "coupons"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
