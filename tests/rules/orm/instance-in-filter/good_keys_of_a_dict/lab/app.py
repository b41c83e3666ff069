from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from lab.models import Probe

app = FastAPI()
engine = create_engine("postgresql+psycopg://localhost/lab")


@app.get("/samples")
def samples(first: int, last: int):
    grouped: dict[int, list[str]] = {number: [] for number in range(first, last)}
    with Session(engine) as session:
        rows = session.execute(select(Probe.sample, Probe.name).where(Probe.sample.in_(grouped)))
        for sample, name in rows.all():
            grouped[sample].append(name)
    return grouped


def rule(key: dict[str, int] | list[int] | int):
    if isinstance(key, list):
        return Probe.id.in_(key)
    if isinstance(key, dict):
        return Probe.sample == key["sample"]
    return Probe.id == key


@app.get("/probes/{id}")
def probe(id: int):
    with Session(engine) as session:
        one = session.scalar(select(Probe).where(rule({"sample": id})))
        return {"name": one.name if one else None}
