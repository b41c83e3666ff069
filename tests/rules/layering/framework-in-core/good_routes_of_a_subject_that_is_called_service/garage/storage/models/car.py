from garage.storage.base import Base
from sqlalchemy.orm import Mapped, mapped_column


class Car(Base):
    __tablename__ = "car"
    number: Mapped[str] = mapped_column(primary_key=True)
