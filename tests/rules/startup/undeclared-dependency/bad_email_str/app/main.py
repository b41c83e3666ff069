from fastapi import FastAPI

from app.schemas import Customer

app = FastAPI()


@app.post("/customers")
def create(customer: Customer) -> Customer:
    return customer
