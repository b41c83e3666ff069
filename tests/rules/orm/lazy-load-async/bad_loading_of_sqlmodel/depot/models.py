from sqlmodel import Field, Relationship, SQLModel


class Shelf(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    crates: list["Crate"] = Relationship(
        back_populates="shelf", sa_relationship_kwargs={"lazy": "select"}
    )


class Crate(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    label: str
    shelf_id: int = Field(foreign_key="shelf.id")
    shelf: Shelf = Relationship(back_populates="crates")
