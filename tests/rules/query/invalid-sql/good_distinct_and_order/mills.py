import psycopg


def kinds(url):
    with psycopg.connect(url) as connection:
        connection.execute("SELECT DISTINCT g.kind AS sort FROM grains g ORDER BY sort, g.kind")
        connection.execute("SELECT DISTINCT ON (g.kind) g.id FROM grains g ORDER BY g.kind, g.id")
        connection.execute("SELECT DISTINCT g.* FROM grains g ORDER BY g.kind")
        connection.execute("SELECT DISTINCT kind FROM grains g ORDER BY g.kind LIMIT 5")
        connection.execute("SELECT DISTINCT kind FROM grains ORDER BY 1")
        return connection.execute("SELECT kind FROM grains ORDER BY weight").fetchall()
