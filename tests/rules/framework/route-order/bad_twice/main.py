from fastapi import APIRouter, FastAPI

users = APIRouter(prefix="/api")
profiles = APIRouter(prefix="/api")


@users.get("/profiles/{username}")
def profile(username: str):
    return username


@profiles.get("/profiles/{name}")  # expect: framework/route-order
def profile_of(name: str):
    return name


app = FastAPI()
app.include_router(users)
app.include_router(profiles)
