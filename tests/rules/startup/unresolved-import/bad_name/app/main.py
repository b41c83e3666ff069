from fastapi import FastAPI

from app.routes import setup_routes  # expect: startup/unresolved-import error
from app.routes.health import router, status  # expect: startup/unresolved-import error

app = FastAPI()
app.include_router(router)
setup_routes(app)
