from typing import Annotated

from fastapi import Depends
from sqlalchemy import MetaData, Table, case, create_engine, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, joinedload, selectinload, sessionmaker

from shop.database import db, get_session
from shop.jobs import engine as job_engine
from shop.models import Item, items

engine = create_engine("sqlite:///shop.db")
# ruleid: orm-legacy-form-sqlalchemy
bound = MetaData(bind=engine)
# ruleid: orm-legacy-form-sqlalchemy
reflected = Table("items", bound, autoload=True)
# ruleid: orm-legacy-form-sqlalchemy
old_sessions = sessionmaker(engine, autocommit=True)
# ok: orm-legacy-form-sqlalchemy
metadata = MetaData()
# ok: orm-legacy-form-sqlalchemy
right = Table("items", metadata, autoload_with=engine)
# ok: orm-legacy-form-sqlalchemy
sessions = sessionmaker(engine, autoflush=False)


def count():
    # ruleid: orm-legacy-engine-sqlalchemy
    return engine.execute(text("SELECT count(*) FROM items")).scalar()


def names():
    # ruleid: orm-legacy-engine-sqlalchemy
    if engine.has_table("items"):
        # ruleid: orm-legacy-engine-sqlalchemy
        return [row[0] for row in db.engine.execute("SELECT name FROM items")]
    # ruleid: orm-legacy-engine-sqlalchemy
    return engine.table_names()


def count_right():
    with engine.connect() as connection:
        # ok: orm-legacy-engine-sqlalchemy
        connection.execute(text("SELECT count(*) FROM items"))
    # ok: orm-legacy-engine-sqlalchemy
    engine.dispose()
    # ok: orm-legacy-engine-sqlalchemy
    return job_engine.execute("count")


def plain_text(session: Session, title: str):
    # ruleid: orm-plain-text-sqlalchemy
    session.execute("SELECT count(*) FROM items")
    # ruleid: orm-plain-text-sqlalchemy
    session.execute("SELECT id FROM items WHERE title = :title", {"title": title})
    # ruleid: orm-plain-text-sqlalchemy
    db.session.execute("SELECT 1")
    # ok: orm-plain-text-sqlalchemy
    session.execute(text("SELECT count(*) FROM items"))
    # ok: orm-plain-text-sqlalchemy
    session.execute(select(Item).where(text("title = 'a'")))
    # ok: orm-plain-text-sqlalchemy
    db.session.scalar(select(func.count()).select_from(Item))


async def healthy(session: Annotated[AsyncSession, Depends(get_session)]):
    # ruleid: orm-plain-text-sqlalchemy
    await session.execute("SELECT 1")
    with engine.begin() as connection:
        # ruleid: orm-plain-text-sqlalchemy
        connection.execute("DELETE FROM items")
        # ok: orm-plain-text-sqlalchemy
        connection.exec_driver_sql("DELETE FROM items")
    raw = engine.raw_connection()
    # ok: orm-plain-text-sqlalchemy
    raw.cursor().execute("SELECT 1")
    # ok: orm-plain-text-sqlalchemy
    raw.execute("SELECT 1")


def of_another(cursor, session):
    # ok: orm-plain-text-sqlalchemy
    cursor.execute("SELECT 1")
    # ok: orm-plain-text-sqlalchemy
    session.execute("SELECT 1")


def forms(session: Session):
    # ruleid: orm-legacy-form-sqlalchemy
    session.execute(select([items.c.id, items.c.title]))
    # ruleid: orm-legacy-form-sqlalchemy
    session.query(Item).options(joinedload("tags"), selectinload("owner"))
    # ruleid: orm-legacy-form-sqlalchemy
    session.execute(select(case([(items.c.id == 1, "one")], else_="other")))
    # ok: orm-legacy-form-sqlalchemy
    session.execute(select(items.c.id, items.c.title))
    # ok: orm-legacy-form-sqlalchemy
    session.execute(select(*[items.c.id, items.c.title]))
    # ok: orm-legacy-form-sqlalchemy
    session.query(Item).options(joinedload(Item.tags), selectinload(Item.owner))
    # ok: orm-legacy-form-sqlalchemy
    session.execute(select(case((items.c.id == 1, "one"), else_="other")))
    # ok: orm-legacy-form-sqlalchemy
    session.query(Item).options(joinedload("*"))
    # ok: orm-legacy-form-sqlalchemy
    return session.query(Item).get(1)
