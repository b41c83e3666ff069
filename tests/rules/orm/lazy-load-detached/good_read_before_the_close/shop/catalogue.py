import logging

from shop.models import Writer, db


def rename(writer_id: int, name: str) -> str:
    writer = db.session.get(Writer, writer_id)
    writer.name = name
    db.session.commit()
    logging.getLogger("shop").info("renamed %s", writer.id)
    db.session.close()
    return f"{writer.name} has {writer.total} books"
