from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)


class Login(Base):  # expect: database/schema-not-created error
    __tablename__ = "logins"
    id: Mapped[int] = mapped_column(primary_key=True)


follows = Table("follows", MetaData(), Column("follower_id", Integer))  # expect: database/schema-not-created error
