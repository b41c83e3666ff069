import psycopg2


def of_growers(url, grower_ids):
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM orchards WHERE grower_id IN %s", (tuple(grower_ids),)
        )
        return cursor.fetchall()
