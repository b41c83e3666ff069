from contextlib import contextmanager

from club.db import db


@contextmanager
def stored():
    try:
        yield db.session
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
