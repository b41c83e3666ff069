from importlib import import_module

from fastapi import FastAPI

app = FastAPI()
for name in ("crates", "shelves", "loans"):
    app.include_router(import_module(f"depot.routers.{name}").router)
