from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    @property
    def initials(self) -> str:
        return self.name[:1]


class Boat(Base):
    __tablename__ = "boats"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    owner: Mapped[Member] = relationship()
