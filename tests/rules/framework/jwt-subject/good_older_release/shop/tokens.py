import jwt

KEY = "a-long-secret-for-development-only"


def issue(user_id: int) -> str:
    return jwt.encode({"sub": user_id}, KEY, algorithm="HS256")


def user_id(token: str) -> int:
    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]
