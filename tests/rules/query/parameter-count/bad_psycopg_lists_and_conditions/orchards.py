import psycopg


def of_growers(url, grower_ids):
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT id, name FROM orchards WHERE grower_id IN %s",  # expect: query/parameter-count
            (tuple(grower_ids),),
        ).fetchall()


def rename(url, orchard_id, name):
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE orchards SET name = %(name)s",  # expect: query/parameter-count
            {"name": name, "id": orchard_id},
        )
