from pydantic import BaseModel, ConfigDict, Field


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class MemberOut(Out):
    id: int
    name: str
    initials: str
    following: bool = False
    rank: int | None = None


class BoatOut(Out):
    label: str
    title: str = Field(validation_alias="label")
    owner: MemberOut
