from shop.models import Book, Writer, db


def publish(name: str, titles: list[str]) -> dict:
    writer = db.session.scalars(db.select(Writer).where(Writer.name == name)).one()
    with db.session.no_autoflush:
        for title in titles:
            db.session.add(Book(title=title, writer_id=writer.id))
        writer.total += len(titles)
        db.session.commit()
    return {"name": writer.name, "total": writer.total}
