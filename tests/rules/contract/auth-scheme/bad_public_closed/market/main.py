from fastapi import FastAPI

from market import fruits, stalls

app = FastAPI()
app.include_router(stalls.router)
app.include_router(fruits.router)
