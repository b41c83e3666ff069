from sqlalchemy.orm import DeclarativeBase, Mapped, aliased, mapped_column

from vendor.audit import Audited


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)


class Report(Audited):
    title: str


Other = aliased(User)
