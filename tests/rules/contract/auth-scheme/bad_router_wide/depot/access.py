from typing import Annotated

from fastapi import Depends, Header, HTTPException


def visitor(authorization: Annotated[str | None, Header()] = None) -> str | None:
    return authorization


def keeper(name: Annotated[str | None, Depends(visitor)]) -> str:
    if name is None:
        raise HTTPException(401)
    return name


Keeper = Annotated[str, Depends(keeper)]
Visitor = Annotated[str | None, Depends(visitor)]
