from datetime import datetime, timezone

from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Order(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    created = db.Column(db.DateTime, default=lambda: datetime.now(timezone.utc))
    paid = db.Column(db.DateTime(timezone=True))


def is_old(order_id):
    order = db.session.get(Order, order_id)
    created = order.created
    if created.tzinfo is None:
        created = created.replace(tzinfo=timezone.utc)
    return created < datetime.now(timezone.utc)


def age(order_id):
    order = db.session.get(Order, order_id)
    return datetime.utcnow() - order.created


def pay(order_id):
    order = db.session.get(Order, order_id)
    order.paid = datetime.now(timezone.utc)
    return order.paid > datetime.now(timezone.utc)
