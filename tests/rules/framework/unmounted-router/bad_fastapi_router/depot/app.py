from fastapi import FastAPI

from depot.routers import crates, shelves

app = FastAPI()
app.include_router(crates.router)
app.include_router(shelves.router)
