from fastapi import FastAPI

from tickets.numbers import number

app = FastAPI()


@app.post("/tickets")
async def ticket():
    return {"number": number()}
