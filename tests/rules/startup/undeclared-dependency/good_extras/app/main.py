import bcrypt
import email_validator
import h11
import httpx
import psycopg_pool
import starlette
from fastapi import FastAPI, Form
from pydantic import BaseModel, EmailStr
from typing_extensions import Annotated

app = FastAPI()


class Customer(BaseModel):
    email: EmailStr


@app.post("/customers")
def create(name: Annotated[str, Form()]):
    return {"name": name, "with": [m.__name__ for m in (bcrypt, email_validator, h11, httpx, psycopg_pool, starlette)]}
