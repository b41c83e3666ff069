import jwt

KEY = "a-long-secret-for-development-only"


def issue(data: dict) -> str:
    claims = data.copy()
    claims.update({"role": "user"})
    return jwt.encode(claims, KEY, algorithm="HS256")


def user_id(token: str) -> int:
    return int(jwt.decode(token, KEY, algorithms=["HS256"])["user_id"])
