from flask import Flask

from models import Album, db

app = Flask(__name__)
db.init_app(app)


@app.delete("/albums/<int:album_id>")
def delete_album(album_id):
    album = db.get_or_404(Album, album_id)
    db.session.delete(album)
    db.session.commit()
    return "", 204
