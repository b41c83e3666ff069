from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shop.database import db, engine
from shop.models import Item, Tag, items


def title_of(session: Session, key: int):
    # ruleid: orm-row-as-entity
    row = session.execute(select(Item).where(Item.id == key)).first()
    return row.title


async def first_title(session: AsyncSession):
    statement = select(Item).order_by(Item.id).limit(1)
    result = await session.execute(statement)
    # ruleid: orm-row-as-entity
    item = result.first()
    if item is None:
        return None
    return item.title


def titles():
    # ruleid: orm-row-as-entity
    return [item.title for item in db.session.execute(select(Item)).all()]


async def tags(session: AsyncSession):
    names = []
    rows = (await session.execute(select(Tag))).all()
    # ruleid: orm-row-as-entity
    for tag in rows:
        names.append(tag.name)
    return names


class Items:
    def __init__(self, session: Session):
        self.session = session

    def listed(self):
        result = self.session.execute(select(Item).order_by(Item.id))
        found = []
        # ruleid: orm-row-as-entity
        for item in result:
            found.append({"title": item.title, "id": item.id})
        return found

    def listed_right(self):
        rows = self.session.execute(select(Item)).all()
        # ok: orm-row-as-entity
        return [{"title": row.Item.title} for row in rows]


def right(session: Session, key: int):
    item = session.execute(select(Item).where(Item.id == key)).scalar_one()
    # ok: orm-row-as-entity
    print(item.title)
    item = session.scalars(select(Item)).first()
    # ok: orm-row-as-entity
    print(item.title)
    row = session.execute(select(Item, Tag).join(Tag)).first()
    # ok: orm-row-as-entity
    print(row.Item.title, row.Tag.name)
    other = session.execute(select(Item.title, Item.id)).first()
    # ok: orm-row-as-entity
    print(other.title, other.id)
    count = session.execute(select(func.count(Item.id).label("n"))).one()
    # ok: orm-row-as-entity
    return count.n


def unpacked(session: Session):
    for (item,) in session.execute(select(Item)):
        # ok: orm-row-as-entity
        print(item.title)
    (item,) = session.execute(select(Item)).first()
    # ok: orm-row-as-entity
    print(item.title)
    row = session.execute(select(Item)).first()
    item = row[0]
    # ok: orm-row-as-entity
    print(item.title, row._mapping, row.tuple())
    item = session.execute(select(Item)).first()
    item = item[0] if item else Item()
    # ok: orm-row-as-entity
    return item.title


def scalars(session: Session):
    result = session.execute(select(Item))
    items = result.scalars()
    for item in result.scalars().all():
        # ok: orm-row-as-entity
        print(item.title)
    for item in items:
        # ok: orm-row-as-entity
        print(item.title)
    # ok: orm-row-as-entity
    return [row.title for row in session.execute(select(Item)).scalars()]


# of subqueries, tables and connections: a row has the columns
def of_table(session: Session):
    LatestQuery = select(Item.title).order_by(Item.id.desc()).limit(1).subquery()
    row = session.execute(select(LatestQuery)).first()
    # ok: orm-row-as-entity
    print(row.title)
    row = session.execute(select(items)).first()
    # ok: orm-row-as-entity
    print(row.title)
    with engine.connect() as connection:
        row = connection.execute(select(Item)).first()
        # ok: orm-row-as-entity
        return row.title


def narrowed(session: Session):
    statement = select(Item).with_only_columns(Item.title)
    row = session.execute(statement).first()
    # ok: orm-row-as-entity
    print(row.title)
    statement = select(Item)
    statement = statement.add_columns(Tag.name)
    row = session.execute(statement).first()
    # ok: orm-row-as-entity
    return row.name


def counted(session: Session):
    row = session.execute(select(func.count()).select_from(select(Item).subquery())).one()
    # ok: orm-row-as-entity
    return row.count
