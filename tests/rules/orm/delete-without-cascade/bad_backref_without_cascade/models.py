from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Album(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), nullable=False)


class Photo(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    album_id = db.Column(db.Integer, db.ForeignKey("album.id"), nullable=False)
    album = db.relationship("Album", backref=db.backref("photos", lazy="dynamic"))  # expect: orm/delete-without-cascade
