import jwt

KEY = "a-long-secret-for-development-only"


def issue(user_id: int) -> str:
    claims = {"sub": user_id, "iss": "shop"}  # expect: any/jwt-subject
    return jwt.encode(claims, KEY, algorithm="HS256")


def user_id(token: str) -> int:
    return jwt.decode(token, KEY, algorithms=["HS256"])["sub"]
