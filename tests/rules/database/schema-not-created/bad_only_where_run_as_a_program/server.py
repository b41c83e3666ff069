import uvicorn
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine("sqlite:///todo.db")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Todo(Base):
    __tablename__ = "todos"
    id: Mapped[int] = mapped_column(primary_key=True)


@app.get("/todos")
def todos():
    with Session(engine) as session:
        return [todo.id for todo in session.query(Todo)]


if __name__ == "__main__":
    Base.metadata.create_all(engine)  # expect: database/schema-not-created error
    uvicorn.run(app)
