from typing import Annotated

from fastapi import Depends, FastAPI

from people import Keeper

app = FastAPI()


class KeeperOf:
    def __init__(self, strict: bool = False) -> None:
        self.strict = strict

    async def __call__(self, lamp: str) -> Keeper:
        return Keeper(id=1, name=lamp)


@app.get("/lamps/{lamp}")
async def lamp(found: Annotated[Keeper, Depends(KeeperOf())]):
    return {"lamp": found.get("lamp")}  # expect: orm/undefined-attribute
