from fastapi import FastAPI

from forge.routers import keys, repos, runs, tasks, teams, users

app = FastAPI()
for module in (users, runs, repos, teams, keys, tasks):
    app.include_router(module.router)
