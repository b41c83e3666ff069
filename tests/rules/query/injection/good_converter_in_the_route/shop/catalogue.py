from sqlalchemy import create_engine, text

engine = create_engine("postgresql://localhost/books")


def title(number):
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT title FROM books WHERE id = {number}"))
