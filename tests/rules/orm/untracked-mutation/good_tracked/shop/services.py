from sqlalchemy.orm.attributes import flag_modified

from shop.models import Post, User, db


def change(user_id, theme):
    user = db.session.get(User, user_id)
    user.settings["theme"] = theme
    user.tags.append(theme)
    user.posts.append(Post())
    db.session.commit()


def note(user_id, text):
    user = db.session.get(User, user_id)
    user.notes["text"] = text
    flag_modified(user, "notes")
    db.session.commit()


def renew(user_id, text):
    user = db.session.get(User, user_id)
    notes = dict(user.notes)
    notes["text"] = text
    user.notes = notes
    user.notes["more"] = text
    db.session.commit()


def create(text):
    user = User(notes={})
    user.notes["text"] = text
    db.session.add(user)
