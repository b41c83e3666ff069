from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class Sheet(Base):
    __tablename__ = "sheets"

    id: Mapped[int] = mapped_column(primary_key=True)
    variants: Mapped[list["Variant"]] = relationship("Variant", back_populates="sheet")
