from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

app = Flask(__name__)
# ok: orm-engine-per-request
engine = create_engine("sqlite:///shop.db")


@app.route("/items")
def items():
    # ruleid: orm-engine-per-request
    with Session(create_engine("sqlite:///shop.db")) as session:
        return {"items": session.info}


@app.get("/orders")
async def orders():
    # ruleid: orm-engine-per-request
    own = create_engine("sqlite:///shop.db")
    return {"orders": str(own.url)}


@app.cli.command("create")
def create():
    # ok: orm-engine-per-request
    return create_engine("sqlite:///shop.db")
