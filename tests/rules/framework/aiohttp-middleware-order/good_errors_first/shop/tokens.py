import jwt

from shop.errors import Unauthorized


def read(token: str) -> int:
    try:
        return int(jwt.decode(token, "secret", algorithms=["HS256"])["sub"])
    except jwt.InvalidTokenError as error:
        raise Unauthorized from error
