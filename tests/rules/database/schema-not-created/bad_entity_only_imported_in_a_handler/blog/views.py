from flask import Blueprint

from blog.extensions import db

bp = Blueprint("blog", __name__)


@bp.get("/posts")
def posts():
    from blog.posts import Post

    return [post.id for post in db.session.scalars(db.select(Post))]


@bp.post("/posts/<int:post_id>/views")
def view(post_id):
    from blog.counters import ViewCount

    db.session.add(ViewCount(post_id=post_id))
    db.session.commit()
    return {}
