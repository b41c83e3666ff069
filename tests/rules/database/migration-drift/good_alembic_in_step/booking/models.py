from sqlmodel import Field, SQLModel


class RoomBase(SQLModel):
    name: str
    seats: int = 4


class Room(RoomBase, table=True):
    __tablename__ = "rooms"

    id: int | None = Field(default=None, primary_key=True)
    colour: str | None = None
    owner: str | None = None
    added_by_hand: str | None = None


class RoomIn(RoomBase):
    note: str


class Report(SQLModel, table=True):
    """A view: made by raw SQL."""

    __tablename__ = "room_report"

    id: int | None = Field(default=None, primary_key=True)


class Key(SQLModel, table=True):
    __tablename__ = "keys"

    id: int | None = Field(default=None, primary_key=True)


class Door(SQLModel, table=True):
    __tablename__ = "doors"

    id: int | None = Field(default=None, primary_key=True)
