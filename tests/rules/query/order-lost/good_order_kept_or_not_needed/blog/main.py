from fastapi import FastAPI
from sqlalchemy import case, func, select, update

from blog.tables import Author, Entry, Mark, sessions

app = FastAPI()


async def page_of_ids(session):
    ids = await session.scalars(select(Entry.id).order_by(Entry.written_at.desc()).limit(20))
    return ids.all()


@app.get("/by-position")
async def by_position():
    async with sessions() as session:
        ids = await page_of_ids(session)
        rows = await session.scalars(select(Entry).where(Entry.id.in_(ids)))
        position = {one: index for index, one in enumerate(ids)}
        return sorted(rows, key=lambda row: position[row.id])


@app.get("/sorted-list")
async def sorted_list():
    async with sessions() as session:
        ids = await page_of_ids(session)
        rows = list((await session.scalars(select(Entry).where(Entry.id.in_(ids)))).all())
        rows.sort(key=lambda row: ids.index(row.id))
        return rows


@app.get("/by-mapping")
async def by_mapping():
    async with sessions() as session:
        ids = await page_of_ids(session)
        rows = await session.scalars(select(Entry).where(Entry.id.in_(ids)))
        by_id = {row.id: row for row in rows}
        return [by_id[one] for one in ids if one in by_id]


@app.get("/by-loop")
async def by_loop():
    async with sessions() as session:
        ids = await page_of_ids(session)
        rows = (await session.scalars(select(Entry).where(Entry.id.in_(ids)))).all()
        return [row for one in ids for row in rows if row.id == one]


@app.get("/by-nested-loop")
async def by_nested_loop():
    async with sessions() as session:
        ids = await page_of_ids(session)
        rows = (await session.scalars(select(Entry).where(Entry.id.in_(ids)))).all()
        found = []
        for one in ids:
            for row in rows:
                if row.id == one:
                    found.append(row)
        return found


@app.get("/ordered-again")
async def ordered_again():
    async with sessions() as session:
        ids = await page_of_ids(session)
        whole = select(Entry).where(Entry.id.in_(ids)).order_by(Entry.written_at.desc())
        return (await session.scalars(whole)).all()


@app.get("/ordered-by-case")
async def ordered_by_case():
    async with sessions() as session:
        ids = await page_of_ids(session)
        order = case({one: index for index, one in enumerate(ids)}, value=Entry.id)
        return (await session.scalars(select(Entry).where(Entry.id.in_(ids)).order_by(order))).all()


@app.get("/authors")
async def authors():
    async with sessions() as session:
        entries = (await session.scalars(select(Entry).order_by(Entry.written_at).limit(20))).all()
        keys = {entry.author_id for entry in entries}
        people = (await session.scalars(select(Author).where(Author.id.in_(keys)))).all()
        return {"entries": entries, "authors": people}


@app.get("/random")
async def random_entries():
    async with sessions() as session:
        ids = (await session.scalars(select(Entry.id).order_by(func.random()).limit(3))).all()
        return (await session.scalars(select(Entry).where(Entry.id.in_(ids)))).all()


@app.get("/unordered")
async def unordered():
    async with sessions() as session:
        ids = (await session.scalars(select(Mark.entry_id).distinct())).all()
        return (await session.scalars(select(Entry).where(Entry.id.in_(ids)))).all()


@app.get("/prefetched")
async def prefetched():
    async with sessions() as session:
        entries = (await session.scalars(select(Entry).order_by(Entry.written_at).limit(20))).all()
        ids = [entry.id for entry in entries]
        marks = (await session.scalars(select(Mark).where(Mark.entry_id.in_(ids)))).all()
        again = (await session.scalars(select(Entry).where(Entry.id.in_(ids)))).all()
        loaded = {entry.id for entry in again}
        return [
            {"entry": entry, "marks": sum(mark.entry_id == entry.id for mark in marks)}
            for entry in entries
            if entry.id in loaded
        ]


@app.post("/stamped")
async def stamped():
    async with sessions() as session:
        ids = await page_of_ids(session)
        await session.execute(update(Entry).where(Entry.id.in_(ids)).values(title="seen"))
        for entry in await session.scalars(select(Entry).where(Entry.id.in_(ids))):
            entry.title = entry.title.upper()
        await session.commit()
        return {"stamped": len(ids)}
