from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from club.services.members import badge


class Base(DeclarativeBase):
    pass


class Member(Base):
    __tablename__ = "members"

    number: Mapped[int] = mapped_column(primary_key=True)

    @property
    def badge(self) -> str:
        return badge(self.number)
