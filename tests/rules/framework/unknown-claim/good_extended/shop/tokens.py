import jwt

from shop.settings import settings


def issue(email: str, extra: dict | None = None) -> str:
    claims = {"sub": email}
    if extra:
        claims.update(extra)
    return jwt.encode(claims, settings.KEY, algorithm="HS256")


def version(token: str) -> int | None:
    claims = jwt.decode(token, settings.KEY, algorithms=["HS256"])
    return claims.get("version")
