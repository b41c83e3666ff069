import sqlite3


def pivot(rows):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE rows (name, total)")
    connection.executemany("INSERT INTO rows VALUES (?, ?)", rows)
    return connection.execute("SELECT name, SUM(total) FROM rows GROUP BY name").fetchall()


def of_file(path):
    return sqlite3.connect(path).execute("SELECT name FROM sqlite_master").fetchall()
