import jwt

KEY = "a-long-secret-for-development-only"


def issue(user_id: int) -> str:
    claims = {"sub": str(user_id)}
    claims["role"] = "user"
    return jwt.encode(claims, KEY, algorithm="HS256")


def user_id(token: str) -> int:
    claims = jwt.decode(token, KEY, algorithms=["HS256"])
    print(claims["role"])
    return int(claims["user_id"])  # expect: any/unknown-claim
