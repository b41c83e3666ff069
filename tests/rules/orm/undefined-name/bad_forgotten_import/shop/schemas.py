from pydantic import BaseModel


class UserRead(BaseModel):
    name: str
