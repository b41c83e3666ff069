from flask import Flask, abort, current_app
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from models import Album, Band, Genre, Label, Photo, db

app = Flask(__name__)
db.init_app(app)


@app.delete("/albums/<int:album_id>")
def delete_album(album_id):
    album = db.get_or_404(Album, album_id)
    Photo.query.filter_by(album_id=album.id).delete()
    db.session.delete(album)
    db.session.commit()
    return "", 204


@app.delete("/empty-albums/<int:album_id>")
def delete_empty_album(album_id):
    album = db.get_or_404(Album, album_id)
    if album.photos.count():
        abort(409)
    db.session.delete(album)
    db.session.commit()
    return "", 204


@app.delete("/albums/<int:album_id>/all")
def delete_album_and_photos(album_id):
    album = db.get_or_404(Album, album_id)
    for photo in album.photos:
        db.session.delete(photo)
    db.session.delete(album)
    db.session.commit()
    return "", 204


@app.delete("/genres/<int:genre_id>")
def delete_genre(genre_id):
    genre = db.get_or_404(Genre, genre_id)
    try:
        db.session.delete(genre)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        abort(409)
    return "", 204


@app.delete("/genres")
def delete_genres():
    db.session.execute(delete(Genre))
    db.session.commit()
    return "", 204


@app.delete("/genres/<int:genre_id>/bands")
def delete_genre_without_bands(genre_id):
    genre = db.get_or_404(Genre, genre_id)
    if db.session.scalar(db.select(Band).filter_by(genre_id=genre.id)) is not None:
        abort(409)
    db.session.delete(genre)
    db.session.commit()
    return "", 204


@app.post("/genres")
def create_genre():
    genre = Genre()
    db.session.add(genre)
    db.session.commit()
    db.session.delete(genre)
    db.session.commit()
    return "", 204


@app.delete("/labels/<int:label_id>")
def delete_label(label_id):
    label = db.get_or_404(Label, label_id)
    current_app.extensions["shop"].records.delete_for(label)
    db.session.delete(label)
    db.session.commit()
    return "", 204
