from shop.db import db

follows = db.Table(
    "follows",
    db.Column("follower_id", db.Integer, db.ForeignKey("users.id")),
    db.Column("followed_id", db.Integer, db.ForeignKey("users.id")),
)
favourites = db.Table(
    "favourites",
    db.Column("user_id", db.Integer, db.ForeignKey("users.id")),
    db.Column("product_id", db.Integer),
)


class User(db.Model):
    __tablename__ = "users"

    id = db.Column(db.Integer, primary_key=True)
    orders = db.relationship("Order", back_populates="buyer")  # expect: orm/association-mismatch
    following = db.relationship("User", secondary=follows)  # expect: orm/association-mismatch
    favourites = db.relationship("Product", secondary=favourites)  # expect: orm/association-mismatch
    basket = db.relationship("Baskett")  # expect: orm/association-mismatch
    products = db.relationship("Product")  # expect: orm/association-mismatch error
