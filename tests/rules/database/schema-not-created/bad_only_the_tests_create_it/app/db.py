from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///app.db")


class Base(DeclarativeBase):
    pass


class Order(Base):  # expect: database/schema-not-created error
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)


def session():
    with Session(engine) as session:
        yield session
