from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelves"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column()

    async def all_labels(database, only=None):
        return await database.fetch_all("SELECT label FROM shelves")

    def as_row(row):
        return {"label": row.label, "count": row.book_count}
