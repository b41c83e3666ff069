from shop.db import query


def with_lines():
    orders = [dict(row) for row in query("SELECT * FROM orders LIMIT 50")]
    for order in orders:
        order["lines"] = query(  # expect: query/n-plus-one
            "SELECT * FROM lines WHERE order_id = %s", (order["id"],)
        )
    return orders


def columns():
    found = []
    for table in ("orders", "lines"):
        found += query("SELECT column_name FROM columns WHERE table_name = %s", (table,))
    return found
