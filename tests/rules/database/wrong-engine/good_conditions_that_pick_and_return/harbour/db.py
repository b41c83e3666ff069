import os

from sqlalchemy import create_engine


def picked():
    if os.getenv("USE_POSTGRES"):
        return os.environ["DATABASE_URL"]
    return "sqlite:///harbour.db"


def by_stage():
    if os.getenv("STAGE") == "production":
        return os.environ["DATABASE_URL"]
    return "sqlite:///harbour.db"


def for_tests():
    if os.getenv("TESTING"):
        return "sqlite://"
    return os.environ["DATABASE_URL"]


def required():
    url = os.getenv("DATABASE_URL")
    if not url:
        raise RuntimeError("DATABASE_URL is not set")
    return url


def same_engine():
    host = os.getenv("POSTGRES_HOST")
    if host:
        return f"postgresql+psycopg://harbour@{host}/harbour"
    return "postgresql+psycopg://harbour@localhost/harbour"


engines = [
    create_engine(picked()),
    create_engine(by_stage()),
    create_engine(for_tests()),
    create_engine(required()),
    create_engine(same_engine()),
]
