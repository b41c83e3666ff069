from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class AbTest(Base):
    __tablename__ = "ab_tests"

    id: Mapped[int] = mapped_column(primary_key=True)
    variants: Mapped[list["Variant"]] = relationship("Variant", back_populates="test")
