from fastapi import FastAPI, HTTPException

from quay.models import Base, engine, open_session
from quay.ships import Ships

app = FastAPI()
Base.metadata.create_all(engine)


@app.get("/ships/{name}")
def ship(name: str):
    with open_session() as session:
        found = Ships(session).by_name(name)
        if found is None:
            raise HTTPException(404)
        return {"name": found.name}
