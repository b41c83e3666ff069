from flask import Blueprint

from blog import db
from blog.models import Post

bp = Blueprint("blog", __name__)


@bp.get("/posts")
def posts():
    return [post.id for post in db.session.scalars(db.select(Post))]
