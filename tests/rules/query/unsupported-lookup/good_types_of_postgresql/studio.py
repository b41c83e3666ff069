from fastapi import Depends, FastAPI
from sqlalchemy import String, create_engine, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("postgresql+psycopg:///studio"))


class Base(DeclarativeBase):
    pass


class Track(Base):
    __tablename__ = "tracks"

    id: Mapped[int] = mapped_column(primary_key=True)
    moods: Mapped[list[str]] = mapped_column(ARRAY(String))
    labels: Mapped[list[str]] = mapped_column(MutableList.as_mutable(ARRAY(String)))
    extra: Mapped[dict] = mapped_column(JSONB)


def get_session():
    with factory() as session:
        yield session


@app.get("/tracks")
def tracks(mood: str, session: Session = Depends(get_session)):
    statement = select(Track).where(Track.moods.contains([mood])).limit(20)
    return [track.id for track in session.scalars(statement)]


@app.get("/labels")
def labels(label: str, session: Session = Depends(get_session)):
    statement = select(Track).limit(20)
    if label:
        statement = statement.where(
            Track.labels.overlap([label])
        )
    return [track.id for track in session.scalars(statement)]


@app.get("/extra")
def extra(key: str, session: Session = Depends(get_session)):
    statement = select(Track.id).where(
        Track.extra.has_key(key),
        Track.extra["length"].astext == "3",
        Track.extra["title"].as_string() == key,
    )
    return session.scalars(statement.limit(20)).all()
