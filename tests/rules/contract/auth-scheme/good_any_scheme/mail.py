from fastapi import Depends, FastAPI, HTTPException, Request

app = FastAPI()


def caller(request: Request) -> str:
    header = request.headers.get("Authorization")
    if not header:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return header.split(" ")[1]


@app.get("/letters")
def letters(who: str = Depends(caller)):
    return []


@app.get("/letters/{number}")
def letter(number: int, who: str = Depends(caller)):
    return {"id": number, "token_type": "Bearer"}
