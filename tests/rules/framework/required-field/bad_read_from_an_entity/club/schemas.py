from pydantic import BaseModel, ConfigDict


class MemberOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    following: bool


class BoatOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    label: str
    owner: MemberOut
