from flask import Flask, jsonify
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from grove import prunings
from grove.trees import Tree

app = Flask("grove")
engine = create_engine("sqlite:///grove.db")


@app.get("/urgent")
def urgent():
    with Session(engine) as session:
        trees = session.scalars(select(Tree).limit(50)).all()
        return jsonify([tree.id for tree in prunings.most_urgent(trees)])


@app.get("/high")
def high():
    with Session(engine) as session:
        return jsonify([tree.id for tree in prunings.prunings.high(session)])
