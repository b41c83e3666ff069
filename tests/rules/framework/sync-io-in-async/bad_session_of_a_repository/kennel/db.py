from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

engine = create_engine("postgresql+psycopg2:///kennel")
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class Dog(Base):
    __tablename__ = "dogs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


def get_db():
    with SessionLocal() as session:
        yield session


def dog_named(session: Session, name: str) -> Dog | None:
    return session.query(Dog).filter(Dog.name == name).first()


def count() -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM dogs")).scalar_one()
