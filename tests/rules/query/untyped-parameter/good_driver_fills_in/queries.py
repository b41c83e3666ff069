import psycopg2


def people(dsn, city=None):
    connection = psycopg2.connect(dsn)
    cursor = connection.cursor()
    cursor.execute("SELECT id FROM people WHERE (%s IS NULL OR city = %s)", (city, city))
    return cursor.fetchall()
