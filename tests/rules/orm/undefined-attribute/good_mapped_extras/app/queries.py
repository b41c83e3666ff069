from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Admin, Article, Tag, User, article_tag


def articles(session: Session):
    for article in session.scalars(select(Article).order_by(Article.shout)):
        yield article.title, article.tag_names, article.owner.full, article.draft, article.metadata


def people(session: Session):
    found = session.scalars(select(User).where(User.full == "A B", User.label == "A"))
    return [(user.level, user.owned) for user in found]


def admin(session: Session):
    user = session.get(User, 1)
    if isinstance(user, Admin):
        return user.level
    return getattr(user, "nickname", None) or user.nickname


def tagged(session: Session):
    session.execute(select(article_tag.c.article, article_tag.c.tag_id)).all()
    return [tag.articles for tag in session.scalars(select(Tag))]


async def lazily(session):
    user = await session.get(User, 1)
    return await user.awaitable_attrs.owned


def publish(session: Session):
    session.add(Article("A", shout=True))
    session.add(User(full="A B", first="A"))


def fails_softly(session: Session):
    user = session.get(User, 1)
    try:
        return user.retired
    except AttributeError:
        return False
