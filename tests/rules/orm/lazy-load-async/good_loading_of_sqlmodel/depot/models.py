from sqlmodel import Field, Relationship, SQLModel

HOW = {"lazy": "joined"}


class Shelf(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    crates: list["Crate"] = Relationship(
        back_populates="shelf", sa_relationship_kwargs={"lazy": "selectin"}
    )


class Crate(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    label: str
    shelf_id: int = Field(foreign_key="shelf.id")
    shelf: Shelf = Relationship(back_populates="crates", sa_relationship_kwargs=HOW)
