import contextlib

from sqlalchemy import create_engine

from store.settings import DATABASE_URL


def first_that_answers():
    for url in (
        DATABASE_URL,
        "sqlite:///fallback.db",  # expect: database/wrong-engine error
    ):
        try:
            engine = create_engine(url)
            engine.connect().close()
            break
        except Exception:
            continue
    return engine


def or_memory():
    with contextlib.suppress(Exception):
        engine = create_engine(DATABASE_URL)
        engine.connect().close()
        return engine
    return create_engine("sqlite://")  # expect: database/wrong-engine error


def connected():
    try:
        engine = create_engine(DATABASE_URL)
        engine.connect().close()
    except Exception:
        return None
    return engine


def one_or_the_other():
    return connected() or create_engine("sqlite:///:memory:")  # expect: database/wrong-engine error
