from sqlalchemy import ARRAY, JSON, String, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shelf import Box


class Base(DeclarativeBase):
    pass


class Track(Base):
    __tablename__ = "tracks"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    moods: Mapped[list[str]] = mapped_column(
        ARRAY(String).with_variant(postgresql.ARRAY(String), "postgresql")
    )
    notes: Mapped[list[str]] = mapped_column(ARRAY(String))
    extra: Mapped[dict] = mapped_column(JSON)


def found(mood, track: Track, box: Box):
    box.extra.has_key(mood)
    return select(Track).where(
        Track.moods.contains([mood]),
        Track.title.contains(mood),
        Track.notes.any(mood),
        Track.extra["mood"].as_string() == mood,
    )
