from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class Variant(Base):
    __tablename__ = "variants"

    id: Mapped[int] = mapped_column(primary_key=True)
    test_id: Mapped[int] = mapped_column(ForeignKey("ab_tests.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheets.id"))
    test: Mapped["AbTest"] = relationship("AbTest", back_populates="variants")
    sheet: Mapped["Sheet"] = relationship("Sheet", back_populates="variants")
