from fastapi import FastAPI

from notes.queries import now

app = FastAPI()


@app.get("/now")
def read_now():
    return now()
