from garage.storage.base import Base
from sqlalchemy.orm import Mapped, mapped_column


class Bill(Base):
    __tablename__ = "bill"
    number: Mapped[str] = mapped_column(primary_key=True)
