from fastapi import Depends, FastAPI

from depot import boxes, rest, shelves
from depot.access import keeper

app = FastAPI()
app.include_router(shelves.router)
app.include_router(boxes.router)
app.include_router(boxes.single, dependencies=[Depends(keeper)])
app.include_router(rest.router)
