from shop.models import User, db


def set_theme(user_id, theme):
    user = db.session.get(User, user_id)
    user.settings["theme"] = theme  # expect: orm/untracked-mutation warning
    db.session.commit()


def tag(user_id, name):
    user = User.query.get(user_id)
    user.tags.append(name)  # expect: orm/untracked-mutation
    user.settings["seen"]["tags"] = True  # expect: orm/untracked-mutation
    db.session.commit()
