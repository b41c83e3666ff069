from shop.db import db


class StoredFile:
    path = None

    def remove(self) -> None:
        db.session.delete(self)
        db.session.flush()
