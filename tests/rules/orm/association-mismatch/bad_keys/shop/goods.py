from shop.db import db


class Product(db.Model):
    __tablename__ = "products"

    id = db.Column(db.Integer, primary_key=True)


class Basket(db.Model):
    __tablename__ = "baskets"

    id = db.Column(db.Integer, primary_key=True)
    product_id = db.Column(db.ForeignKey("products.uid"))  # expect: orm/association-mismatch


class Order(db.Model):
    __tablename__ = "orders"

    id = db.Column(db.Integer, primary_key=True)
    buyer_id = db.Column(db.Integer, db.ForeignKey("users.id"))
    packer_id = db.Column(db.Integer, db.ForeignKey("users.id"))
    product_id = db.Column(db.Integer, db.ForeignKey("products.id"))
    buyer = db.relationship("User", back_populates="orders", foreign_keys=[buyer_id])
    packer = db.relationship("User", backref="orders", foreign_keys=[packer_id])  # expect: orm/association-mismatch
    product = db.relationship("Product", backref="sales")


class Return(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    product_id = db.Column(db.Integer, db.ForeignKey("products.id"))
    product = db.relationship("Product", backref="sales")  # expect: orm/association-mismatch
