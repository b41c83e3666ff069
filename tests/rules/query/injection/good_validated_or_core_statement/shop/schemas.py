from pydantic import BaseModel, field_validator, model_validator

ORDERS = {"title", "id"}


class Order(BaseModel):
    column: str = "title"
    direction: str = "asc"

    @field_validator("column")
    @classmethod
    def known(cls, value: str) -> str:
        if value not in ORDERS:
            raise ValueError("no such column")
        return value

    @model_validator(mode="after")
    def one_of_two(self):
        if self.direction not in ("asc", "desc"):
            raise ValueError("no such direction")
        return self

    def clause(self) -> str:
        return f"ORDER BY {self.column} {self.direction}"
