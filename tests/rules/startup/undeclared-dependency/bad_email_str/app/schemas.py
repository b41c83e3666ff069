from pydantic import BaseModel, EmailStr


class Customer(BaseModel):
    name: str
    email: EmailStr  # expect: startup/undeclared-dependency error
