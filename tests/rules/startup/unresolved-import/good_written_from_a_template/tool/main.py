from fastapi import FastAPI

from tool.plugin.views import router

app = FastAPI()
app.include_router(router)
