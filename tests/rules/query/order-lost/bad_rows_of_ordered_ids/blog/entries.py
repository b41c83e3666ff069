from sqlalchemy import select

from blog.tables import Entry, Mark


class Entries:
    def __init__(self, session):
        self._session = session

    async def newest(self, limit: int) -> list[Entry]:
        ids = await self._session.scalars(
            select(Entry.id).order_by(Entry.written_at.desc()).limit(limit)
        )
        return await self._load(ids.all())

    async def _load(self, ids) -> list[Entry]:
        rows = await self._session.scalars(
            select(Entry).where(Entry.id.in_(ids))  # expect: query/order-lost
        )
        return rows.all()

    async def marked(self, limit: int) -> list[Entry]:
        marks = await self._session.execute(
            select(Mark.entry_id).order_by(Mark.made_at.desc()).limit(limit)
        )
        keys = [row[0] for row in marks]
        if not keys:
            return []
        found = await self._session.execute(
            select(Entry).filter(Entry.id.in_(keys))  # expect: query/order-lost
        )
        return list(found.scalars().all())

    async def last(self, limit: int) -> list[Entry]:
        last = select(Entry.id).order_by(Entry.written_at.desc()).limit(limit)
        rows = await self._session.scalars(
            select(Entry).where(Entry.id.in_(last))  # expect: query/order-lost
        )
        return rows.all()
