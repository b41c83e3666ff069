from app.extensions import db


class Pet(db.Model):
    __tablename__ = "pets"

    id = db.Column(db.Integer, primary_key=True)
    nick = db.Column(db.String(20))
    born = db.Column(db.Date)
    chip = db.Column("chip_number", db.String(15))  # expect: database/migration-drift error


class Dog(Pet):
    __tablename__ = "dogs"

    id = db.Column(db.ForeignKey("pets.id"), primary_key=True)
    breed = db.Column(db.String(30))
    weight = db.Column(db.Integer)  # expect: database/migration-drift error
