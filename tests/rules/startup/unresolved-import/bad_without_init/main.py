from fastapi import FastAPI

from routes.orders import router
from routes import users  # expect: startup/unresolved-import error

app = FastAPI()
app.include_router(router)
