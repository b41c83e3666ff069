import redis
import requests
from acme_platform.logging import configure
from fastapi import FastAPI

configure()
app = FastAPI()


@app.get("/")
def index():
    return {"hits": redis.Redis().incr("hits"), "status": requests.get("https://acme.test").status_code}
