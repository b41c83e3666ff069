from fastapi import APIRouter, FastAPI

profiles = APIRouter()
users = APIRouter()


@profiles.put("/users/{username}")
def update_profile(username: str):
    return username


@users.put("/users/me")  # expect: framework/route-order
def update_me():
    return "me"


app = FastAPI()
app.include_router(profiles)
app.include_router(users)
