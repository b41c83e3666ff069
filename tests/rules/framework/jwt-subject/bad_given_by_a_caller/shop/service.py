from shop.models import User
from shop.tokens import create_access_token


def sign_in(user: User) -> str:
    return create_access_token({"sub": user.id})  # expect: any/jwt-subject


def sign_in_by_name(user: User) -> str:
    return create_access_token({"sub": user.name})
