from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Album(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), nullable=False)
    photos = db.relationship("Photo", back_populates="album", lazy="dynamic")


class Photo(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    album_id = db.Column(db.Integer, db.ForeignKey("album.id"), nullable=False)
    album = db.relationship("Album", back_populates="photos")


class Genre(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class Band(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    genre_id = db.Column(db.Integer, db.ForeignKey("genre.id"), nullable=False)
    genre = db.relationship("Genre", backref="bands")


class Label(db.Model):
    id = db.Column(db.Integer, primary_key=True)


class Record(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    label_id = db.Column(db.Integer, db.ForeignKey("label.id"), nullable=False)
    label = db.relationship("Label", backref="records")
