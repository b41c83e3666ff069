"""Copies the users of the old database; run once, by hand."""

from sqlalchemy import create_engine, text

OLD = create_engine("postgresql://old")
NEW = create_engine("postgresql://new")


def copy():
    with OLD.connect() as old, NEW.begin() as new:
        for row in old.execute(text("SELECT u.login, u.active FROM users u JOIN profiles p ON 1=1")):
            new.execute(text("INSERT INTO users (name) VALUES (:name)"), {"name": row.login})


if __name__ == "__main__":
    copy()
