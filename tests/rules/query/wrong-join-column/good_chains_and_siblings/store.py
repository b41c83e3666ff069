import sqlite3


def read(connection: sqlite3.Connection):
    connection.execute(
        "SELECT p.code FROM people p JOIN people m ON p.manager_id = m.id "
        "JOIN employees e ON e.id = p.id JOIN teams t ON t.lead_id = p.id"
    )
    connection.execute(
        "SELECT a.day FROM absences a JOIN employees e ON e.id = a.person_id "
        "JOIN people p ON p.manager_id = a.person_id"
    )
    connection.execute("SELECT 1 FROM imports i JOIN people p ON p.code = i.code AND p.id = i.person")
    connection.execute("SELECT 1 FROM absences a JOIN imports i ON i.person = a.person_id")
    return connection.execute(
        "SELECT 1 FROM (SELECT person_id AS id FROM absences) x JOIN teams t ON t.lead_id = x.id"
    ).fetchall()
