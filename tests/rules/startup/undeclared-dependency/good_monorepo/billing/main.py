import redis
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def index():
    return {"hits": redis.Redis().incr("hits")}
