from sqlmodel import Field, SQLModel


class Note(SQLModel, table=True):  # expect: database/schema-not-created error
    id: int | None = Field(default=None, primary_key=True)
    text: str
