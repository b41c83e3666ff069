from blog.extensions import db


class ViewCount(db.Model):  # expect: database/schema-not-created error
    __tablename__ = "view_counts"
    id = db.Column(db.Integer, primary_key=True)
    post_id = db.Column(db.Integer, index=True)
