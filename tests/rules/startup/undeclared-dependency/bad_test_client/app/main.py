from fastapi import FastAPI
from fastapi.testclient import TestClient

app = FastAPI()


@app.get("/warm-up")
def warm_up():
    return TestClient(app).get("/openapi.json").json()  # expect: startup/undeclared-dependency error
