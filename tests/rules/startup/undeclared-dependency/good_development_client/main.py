import jwt
from fastapi import FastAPI

app = FastAPI()


@app.get("/token")
def token():
    return {"token": jwt.encode({"sub": "1"}, "secret", algorithm="HS256")}
