from typing import Annotated

from fastapi import Depends, Header, HTTPException


def current_seller(authorization: Annotated[str | None, Header()] = None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return token


CurrentSeller = Annotated[str, Depends(current_seller)]
