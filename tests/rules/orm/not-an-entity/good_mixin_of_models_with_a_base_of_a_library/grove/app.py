from flask import Flask

from grove.database import db
from grove.trees import Tree

app = Flask("grove")
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///grove.db"
db.init_app(app)


@app.delete("/trees/<int:key>")
def fell(key):
    db.get_or_404(Tree, key).erase()
    return "", 204
