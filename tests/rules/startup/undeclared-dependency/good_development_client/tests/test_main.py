from fastapi.testclient import TestClient

from main import app


def test_token():
    assert TestClient(app).get("/token").status_code == 200
