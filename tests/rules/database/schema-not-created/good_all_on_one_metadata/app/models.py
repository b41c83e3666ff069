from sqlalchemy.orm import Mapped, mapped_column

from app.base import AuditBase, Base, Plain


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)


class Login(AuditBase):
    __tablename__ = "logins"
    id: Mapped[int] = mapped_column(primary_key=True)


class Note(Plain):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
