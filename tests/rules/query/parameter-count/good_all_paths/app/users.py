import sqlite3


def fetch_all(connection: sqlite3.Connection, sql, values=None):
    return connection.execute(sql, values or ()).fetchall()


def find(connection: sqlite3.Connection, filters, page=1, size=20):
    clauses = ["active = 1"]
    values = []
    for column in ("name", "city"):
        wanted = filters.get(column)
        if wanted is None:
            continue
        if wanted == "":
            clauses.append(f"{column} IS NULL")
        else:
            clauses.append(f"{column} = ?")
            values.append(wanted)
    if size > 100:
        size = 100
    values += [size, (page - 1) * size]
    sql = "SELECT * FROM users WHERE " + " AND ".join(clauses) + " LIMIT ? OFFSET ?"
    return fetch_all(connection, sql, values)


def insert(connection: sqlite3.Connection, record):
    names = list(record.keys())
    marks = ", ".join("?" for _ in names)
    connection.execute(
        f"INSERT INTO users ({', '.join(names)}) VALUES ({marks})", [record[n] for n in names]
    )


def matching(connection: sqlite3.Connection, term, tags):
    placeholders = ",".join(["?"] * len(tags))
    return fetch_all(
        connection,
        f"SELECT * FROM users WHERE name LIKE ? AND tag IN ({placeholders}) AND note <> '?'",
        (f"%{term}%", *tags),
    )


def named(connection: sqlite3.Connection, name):
    values = {"name": name, "spare": 1}
    return fetch_all(connection, "SELECT * FROM users WHERE name = :name OR nick = :name", values)


def grouped(connection: sqlite3.Connection, user, group):
    sql = "SELECT * FROM users WHERE 1 = 1"
    values = []
    if user:
        sql += " AND owner = ?"
    if group:
        sql += " AND team = ?"
    if user and group:
        values = [user, group]
    elif user:
        values = [user]
    elif group:
        values = [group]
    return fetch_all(connection, sql, values)
