import psycopg


def create(connection: psycopg.Connection) -> None:
    connection.execute(
        "CREATE TABLE orders (id serial PRIMARY KEY, customer text NOT NULL, total numeric)"
    )
    connection.execute("ALTER TABLE orders ADD COLUMN paid_at timestamptz")


def add(connection: psycopg.Connection, customer: str, total: float) -> int:
    row = connection.execute(
        "INSERT INTO orders (client, total) VALUES (%s, %s) RETURNING id",  # expect: query/unknown-column
        (customer, total),
    ).fetchone()
    return row[0]


def pay(connection: psycopg.Connection, order: int) -> None:
    connection.execute(
        "UPDATE orders SET paid_on = now() WHERE id = %s",  # expect: query/unknown-column
        (order,),
    )


def open_orders(connection: psycopg.Connection, customer: str):
    return connection.execute(
        "WITH mine AS (SELECT id, total FROM orders WHERE customer = %s) "
        "SELECT mine.id, mine.amount FROM mine",  # expect: query/unknown-column
        (customer,),
    ).fetchall()


def paid_by(connection: psycopg.Connection):
    return connection.execute(
        'SELECT id FROM orders WHERE customer = "acme"'  # expect: query/unknown-column
    ).fetchall()


def add_article(connection: psycopg.Connection, title: str):
    connection.execute('CREATE TABLE posts (id serial PRIMARY KEY, "tagList" text, postTitle text)')
    connection.execute('INSERT INTO posts ("tagList", postTitle) VALUES (%s, %s)', ("", title))
    return connection.execute(
        "SELECT p.tagList FROM posts p "  # expect: query/unknown-column
        'WHERE p."postTitle" = %s',
        (title,),
    )
