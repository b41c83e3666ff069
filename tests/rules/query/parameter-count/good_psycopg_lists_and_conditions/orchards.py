import psycopg


def of_growers(url, grower_ids):
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT id, name FROM orchards WHERE grower_id = ANY(%s) AND kind IN (%s, %s)",
            (list(grower_ids), "apple", "pear"),
        ).fetchall()


def rename(url, orchard_id, name):
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE orchards SET name = %(name)s WHERE id = %(id)s",
            {"name": name, "id": orchard_id, "by": "hand"},
        )


def close_all(url, now):
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE orchards SET closed_at = %(now)s", {"now": now})
