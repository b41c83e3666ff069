from sqlalchemy import func, select

from shop.db import Favorite, Session


def counts(ids):
    with Session() as session:
        rows = select(Favorite.article_id, func.count().label("total"))
        rows = rows.where(Favorite.article_id.in_(ids)).group_by(Favorite.article_id)
        return [list(row) for row in session.execute(rows)]
