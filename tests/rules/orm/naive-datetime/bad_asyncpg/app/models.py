from datetime import datetime, timezone

from sqlalchemy import DateTime, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.clock import utcnow


class Base(DeclarativeBase):
    pass


class Stamped:
    created_at: Mapped[datetime] = mapped_column(
        DateTime,
        default=utcnow,  # expect: orm/naive-datetime error
    )
    updated_at: Mapped[datetime] = mapped_column(
        default=func.now(),
        onupdate=lambda: datetime.now(timezone.utc),  # expect: orm/naive-datetime
    )


class Token(Stamped, Base):
    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utcnow)
