from sqlalchemy import Integer, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

engine = create_engine("postgresql:///kiln")
make_session = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


class Firing(Base):
    __tablename__ = "firings"

    id: Mapped[int] = mapped_column(primary_key=True)
    kiln_id: Mapped[int] = mapped_column(Integer)
    glaze_name: Mapped[str] = mapped_column(String)


Base.metadata.create_all(engine)


def get_db():
    with make_session() as db:
        yield db
