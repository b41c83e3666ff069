from flask import Blueprint, jsonify

from shop.models import Item, db

blueprint = Blueprint("items", __name__)


@blueprint.get("/items")
def items():
    return jsonify([item.id for item in Item.query.limit(20)])


@blueprint.post("/items")
def add():
    db.session.add(Item())
    db.session.commit()
    return "", 201
