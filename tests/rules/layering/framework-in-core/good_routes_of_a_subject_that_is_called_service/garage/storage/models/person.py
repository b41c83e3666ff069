from garage.storage.base import Base
from sqlalchemy.orm import Mapped, mapped_column


class Person(Base):
    __tablename__ = "person"
    number: Mapped[str] = mapped_column(primary_key=True)
