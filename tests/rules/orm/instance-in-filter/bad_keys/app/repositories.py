from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Article, User


class Articles:
    def __init__(self, session: Session) -> None:
        self.session = session

    def user(self, name: str) -> User | None:
        return self.session.scalar(select(User).where(User.name == name))

    def by(self, author):
        return self.session.scalars(
            select(Article).where(Article.author_id == author)  # expect: orm/instance-in-filter error
        ).all()

    def first_by(self, author):
        return self.session.query(Article).filter_by(
            author_id=author  # expect: orm/instance-in-filter
        ).first()

    def by_any(self, authors):
        return self.session.scalars(
            select(Article).where(
                Article.author_id.in_(authors)  # expect: orm/instance-in-filter
            )
        ).all()

    def users(self):
        return self.session.scalars(select(User)).all()

    def again(self, user: User):
        return self.session.get(User, user)  # expect: orm/instance-in-filter
