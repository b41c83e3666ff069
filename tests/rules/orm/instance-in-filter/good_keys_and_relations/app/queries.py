from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Article, User


def user_of(session: Session, name: str):
    return session.scalar(select(User).where(User.name == name))


def ids(session: Session):
    return session.scalars(select(User.id)).all()


def articles(session: Session, name: str, extra: dict):
    user = user_of(session, name)
    mine = session.scalars(select(Article).where(Article.author == user)).all()
    same = session.scalars(select(Article).where(Article.author_id == user.id)).all()
    also = session.query(Article).filter_by(author=user).all()
    more = session.scalars(select(Article).where(Article.author_id.in_(ids(session)))).all()
    tagged = session.scalars(select(Article).where(Article.extra == extra)).all()
    either = user if name else 3
    some = session.scalars(select(Article).where(Article.author_id == either)).all()
    inner = select(User.id).where(User.name == name)
    rest = session.scalars(select(Article).where(Article.author_id.in_(inner))).all()
    return mine, same, also, more, tagged, some, rest, session.get(User, user.id)


def owns(article: Article, user: User) -> bool:
    return article.author_id == user.id and article.author == user


def check(session: Session):
    return owns(session.query(Article).one(), user_of(session, "a"))
