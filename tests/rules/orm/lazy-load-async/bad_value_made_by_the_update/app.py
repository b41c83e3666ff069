from fastapi import FastAPI
from sqlalchemy import select

from tables import Draft, Page, sessions

app = FastAPI()


@app.put("/pages/{page_id}")
async def rename(page_id: int, title: str):
    async with sessions() as session:
        page = await session.get(Page, page_id)
        page.title = title
        await session.commit()
        return {"title": page.title, "changed": page.changed_at}  # expect: orm/lazy-load-async


@app.post("/pages/{page_id}/reads")
async def read(page_id: int):
    async with sessions() as session:
        page = await session.scalar(select(Page).where(Page.id == page_id))
        page.reads = Page.reads + 1
        await session.flush()
        reads = page.reads  # expect: orm/lazy-load-async
        await session.commit()
        return {"reads": reads}


@app.patch("/drafts/{draft_id}")
async def edit(draft_id: int, changes: dict):
    async with sessions.begin() as session:
        draft = await session.get(Draft, draft_id)
        for name, value in changes.items():
            setattr(draft, name, value)
        await session.flush()
        return {"revision": draft.revision}  # expect: orm/lazy-load-async


@app.post("/drafts")
async def write(text: str):
    async with sessions() as session:
        draft = Draft(text=text)
        session.add(draft)
        await session.flush()
        draft.text = text.strip()
        await session.commit()
        return {"revision": draft.revision}  # expect: orm/lazy-load-async
