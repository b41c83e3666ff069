from pydantic import BaseModel


class BookIn(BaseModel):
    id: int
    title: str
