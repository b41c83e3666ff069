from fastapi import FastAPI
from sqlalchemy import select

from crew.models import Person, Session
from crew.names import asked_name, studio_name

app = FastAPI()


@app.get("/people")
def people():
    with Session() as session:
        found = session.scalars(select(Person)).all()
        return [
            studio_name(session, person.studio_id)  # expect: query/n-plus-one warning
            for person in found
        ]


@app.get("/crew")
def crew():
    with Session() as session:
        found = session.scalars(select(Person)).all()
        return [
            asked_name(session, person.studio_id)  # expect: query/n-plus-one error
            for person in found
        ]
