from datetime import datetime, timedelta, timezone

from jose import jwt

KEY = "a-long-secret-for-development-only"


def create_access_token(data: dict) -> str:
    to_encode = data.copy()
    to_encode.update({"exp": datetime.now(timezone.utc) + timedelta(days=1)})
    return jwt.encode(to_encode, KEY, algorithm="HS256")


def read(token: str) -> dict:
    return jwt.decode(token, KEY, algorithms=["HS256"])
