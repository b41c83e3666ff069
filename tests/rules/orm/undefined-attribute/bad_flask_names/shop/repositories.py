from sqlalchemy import select, update

from shop.extensions import db
from shop.models import User, follows


class UserRepository:
    def find(self, user_id):
        return db.session.get(User, user_id)

    def by_email(self, email):
        return User.query.filter_by(mail=email).first()  # expect: orm/undefined-attribute error

    def newest(self):
        return db.session.scalars(
            select(User).order_by(User.created).limit(5)  # expect: orm/undefined-attribute
        ).all()

    def links(self):
        return db.session.execute(
            select(follows.c.follower_id).where(
                follows.c.followee_id == 1  # expect: orm/undefined-attribute
            )
        ).all()

    def register(self, email, username):
        user = User(
            email=email,
            username=username,
            token="none",  # expect: orm/undefined-attribute error
        )
        db.session.add(user)
        return user

    def mark(self, user_id):
        db.session.execute(
            update(User)
            .where(User.id == user_id)
            .values(is_active=False)  # expect: orm/undefined-attribute
        )
