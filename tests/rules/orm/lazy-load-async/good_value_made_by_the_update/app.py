from fastapi import FastAPI
from sqlalchemy import select, update

from tables import Draft, Note, Page, sessions

app = FastAPI()


@app.put("/pages/{page_id}")
async def rename(page_id: int, title: str):
    async with sessions() as session:
        page = await session.get(Page, page_id)
        page.title = title
        await session.commit()
        return {"title": page.title, "made": page.made_at, "changed": page.changed_at}


@app.post("/pages/{page_id}/reads")
async def read(page_id: int):
    async with sessions() as session:
        page = await session.get(Page, page_id)
        page.reads = page.reads + 1
        await session.commit()
        return {"reads": page.reads}


@app.patch("/drafts/{draft_id}")
async def edit(draft_id: int, text: str):
    async with sessions.begin() as session:
        draft = await session.get(Draft, draft_id)
        draft.text = text
        await session.flush()
        return {"revision": draft.revision}


@app.post("/notes")
async def write(text: str):
    async with sessions() as session:
        note = Note(text=text)
        session.add(note)
        await session.commit()
        return {"id": note.id, "changed": note.changed_at}


@app.put("/notes/{note_id}")
async def correct(note_id: int, text: str | None = None):
    async with sessions() as session:
        note = await session.get(Note, note_id)
        before = note.changed_at
        if text is not None:
            note.text = text
            await session.flush()
            await session.refresh(note)
        return {"before": before, "changed": note.changed_at}


@app.put("/notes/{note_id}/again")
async def correct_and_load(note_id: int, text: str):
    async with sessions() as session:
        note = await session.get(Note, note_id)
        note.text = text
        await session.commit()
        fresh = await session.scalar(select(Note).where(Note.id == note_id))
        return {"changed": fresh.changed_at, "same": note.changed_at}


@app.put("/notes/{note_id}/awaited")
async def correct_and_await(note_id: int, text: str):
    async with sessions() as session:
        note = await session.get(Note, note_id)
        note.text = text
        await session.commit()
        return {"changed": await note.awaitable_attrs.changed_at}


@app.get("/notes/{note_id}/{other_id}")
async def swap(note_id: int, other_id: int):
    async with sessions() as session:
        note, other = await _note(session, note_id), await _note(session, other_id)
        note.text = other.text
        await session.commit()
        return {"text": note.text, "other": other.changed_at}


@app.put("/notes")
async def correct_all(text: str):
    async with sessions() as session:
        await session.execute(update(Note).values(text=text))
        await session.commit()
        return [note.changed_at for note in await session.scalars(select(Note).limit(20))]


async def _note(session, note_id: int) -> Note:
    return await session.get(Note, note_id)
