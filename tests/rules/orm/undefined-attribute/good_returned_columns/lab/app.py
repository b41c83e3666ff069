from fastapi import FastAPI
from sqlalchemy import update

from lab.models import Probe, sessions

app = FastAPI()


@app.post("/probes/{id}/version")
async def bump(id: int):
    async with sessions.begin() as session:
        data = await session.scalar(
            update(Probe)
            .where(Probe.id == id)
            .values(version=Probe.version + 1)
            .returning(Probe.data)
        )
    return {"made": data.get("made")}
