from garage.storage.base import Base
from sqlalchemy.orm import Mapped, mapped_column


class Part(Base):
    __tablename__ = "part"
    number: Mapped[str] = mapped_column(primary_key=True)
