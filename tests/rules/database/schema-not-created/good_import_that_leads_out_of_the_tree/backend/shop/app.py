from flask import Flask

from shop.db import create_tables

app = Flask(__name__)
create_tables()


@app.get("/items")
def items():
    from shop.generated.items_generated import Item

    return [Item.__tablename__]
