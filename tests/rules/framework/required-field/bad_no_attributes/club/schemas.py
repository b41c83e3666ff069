from pydantic import BaseModel


class MemberOut(BaseModel):
    id: int
    name: str


class BoatOut(BaseModel):
    label: str
