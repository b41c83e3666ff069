from fastapi import Depends, FastAPI
from sqlalchemy.orm import Session

from kennel.db import get_db
from kennel.service import DogService, all_dogs

app = FastAPI()


@app.get("/dogs")
async def dogs(session: Session = Depends(get_db)):
    found = all_dogs(session)  # expect: fastapi/sync-io-in-async error
    return [dog.name for dog in found]


@app.get("/dogs/total")
async def total(session: Session = Depends(get_db)):
    return DogService(session).total()  # expect: fastapi/sync-io-in-async error


@app.put("/dogs/{name}")
async def rename(name: str, other: str, session: Session = Depends(get_db)):
    await DogService(session).rename(name, other)


@app.get("/plain")
def plain(session: Session = Depends(get_db)):
    return [dog.name for dog in all_dogs(session)]
