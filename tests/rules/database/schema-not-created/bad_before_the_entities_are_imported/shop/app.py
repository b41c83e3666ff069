from flask import Flask

from shop.db import Session
from shop.models import Item

app = Flask(__name__)


@app.get("/items")
def items():
    with Session() as session:
        return [item.id for item in session.query(Item)]
