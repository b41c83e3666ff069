import os

from aiohttp import web
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from store.tables import Base, Item, Level, Movement

engine = create_engine(os.environ["DATABASE_URL"])


async def items(request):
    with Session(engine) as session:
        session.add(Movement())
        session.add(Level())
        return web.json_response([item.id for item in session.query(Item)])


def make_app():
    Base.metadata.create_all(bind=engine)
    app = web.Application()
    app.router.add_get("/items", items)
    return app
