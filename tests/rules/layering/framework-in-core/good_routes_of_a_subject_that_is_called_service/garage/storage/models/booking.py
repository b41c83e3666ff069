from garage.storage.base import Base
from sqlalchemy.orm import Mapped, mapped_column


class Booking(Base):
    __tablename__ = "booking"
    number: Mapped[str] = mapped_column(primary_key=True)
