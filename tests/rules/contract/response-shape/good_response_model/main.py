from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


class Account(BaseModel):
    id: int
    owner: str = Field("", serialization_alias="ownerName")


class Accounts(BaseModel):
    accounts: list[Account]
    count: int = Field(0, serialization_alias="accountCount")


@app.get("/accounts", response_model=Accounts)
def accounts():
    return {"accounts": []}


@app.get("/accounts/{number}")
def account(number: int) -> Account:
    return {"id": number}
