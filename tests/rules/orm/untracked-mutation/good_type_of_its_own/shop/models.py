from sqlalchemy import JSON, Integer, TypeDecorator
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Settings(TypeDecorator):
    impl = JSON


MutableDict.associate_with(Settings)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    settings: Mapped[dict] = mapped_column(Settings)


def set_theme(session: Session, theme: str) -> None:
    user = session.get(User, 1)
    user.settings["theme"] = theme
    session.commit()
