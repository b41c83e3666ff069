import sqlite3

from sqlalchemy import make_url

from app.settings import DATABASE_URL


def main():
    connection = sqlite3.connect(make_url(DATABASE_URL).database)
    with connection:
        connection.execute("UPDATE users SET email = lower(email)")


if __name__ == "__main__":
    main()
