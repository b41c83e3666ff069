from flask import Flask

from shop.db import db
from shop.models import Cover

app = Flask(__name__)
db.init_app(app)


@app.delete("/covers/<int:cover_id>")
def remove(cover_id: int):
    db.session.get(Cover, cover_id).remove()
    db.session.commit()
    return "", 204
